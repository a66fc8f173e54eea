"""Who may do what: every kind of person on every procedure and every stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalkbell.contracts import PROCEDURES, Conflict, NotAllowed, NotFound, Refusal, Request, procedure_of
from chalkbell.contracts.notifier import (
    AddTask,
    ArchiveTask,
    ChangePreferences,
    ChangeTask,
    CompleteTask,
    ExplainMessages,
    ListDeliveries,
    ListTasks,
    MyTasks,
    NotATarget,
    ReadArchivedTasks,
    ReadDelivery,
    ReadMyTasks,
    ReadPreferences,
    ReadTask,
    Remind,
    SendAgain,
    TakeBackCompletion,
    Task,
    TaskList,
    UnarchiveTask,
)
from chalkbell.contracts.shared import EventsHeads, EventsSince, MayRead
from chalkbell.dispatch import ROUTER_ROLE
from tests.service.notifier.office import (
    ADMINISTRATOR,
    ANN,
    BOB,
    CAT,
    DISABLED,
    EXAMINER,
    LATER,
    MANAGER,
    SETTER,
    SOON,
    STRANGER,
    STUDENT,
    Office,
)

EVERYBODY = (ADMINISTRATOR, SETTER, MANAGER, ANN, BOB, STRANGER, EXAMINER, STUDENT)
OVERSEERS = {ADMINISTRATOR, SETTER, MANAGER}
ANYBODY = set(EVERYBODY)
TASK_ID = "task-0000000000000000"


class Case:
    """The setter's task for ann and bob, managed by mia; bob has done it; a message to ann that is dead."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.task = office.task("Confidential", people=[ANN, BOB], managers=[MANAGER])
        office.complete(self.task, BOB)
        self.other: Task = office.call(AddTask(name="Other", deadline=LATER, people=[CAT]), ADMINISTRATOR)
        office.call(Remind(), ADMINISTRATOR)
        self.delivery = office.call(ListDeliveries(person=ANN), ADMINISTRATOR).deliveries[0].id


Ask = Callable[[Case], Request[Any]]
# what is asked, who may, and what others are told; those whom the task is for know that it is there
TABLE: list[tuple[str, Ask, set[str], type[Refusal]]] = [
    ("set a task", lambda it: AddTask(name="x", deadline=SOON), {ADMINISTRATOR, SETTER}, NotAllowed),
    ("set a task in another's name", lambda it: AddTask(name="x", deadline=SOON, owner=CAT), {ADMINISTRATOR}, NotAllowed),
    ("change it", lambda it: ChangeTask(task=it.task.id, seen=1, name="y"), OVERSEERS, NotFound),
    ("hand it over", lambda it: ChangeTask(task=it.task.id, seen=1, owner=CAT), {ADMINISTRATOR, SETTER}, NotFound),
    ("archive it", lambda it: ArchiveTask(task=it.task.id), OVERSEERS, NotFound),
    ("unarchive it", lambda it: UnarchiveTask(task=it.task.id), OVERSEERS, NotFound),
    ("read it", lambda it: ReadTask(task=it.task.id), OVERSEERS, NotFound),
    ("read another's", lambda it: ReadTask(task=it.other.id), {ADMINISTRATOR}, NotFound),
    ("read what is not there", lambda it: ReadTask(task=TASK_ID), set(), NotFound),
    ("complete what is not there", lambda it: CompleteTask(task=TASK_ID), set(), NotFound),
    ("complete it oneself", lambda it: CompleteTask(task=it.task.id), {ANN, BOB}, NotFound),
    ("complete it for ann", lambda it: CompleteTask(task=it.task.id, person=ANN), OVERSEERS | {ANN}, NotFound),
    ("complete it for nobody", lambda it: CompleteTask(task=it.task.id, person="no-body"), set(), NotFound),
    ("complete another's", lambda it: CompleteTask(task=it.other.id, person=CAT), {ADMINISTRATOR}, NotFound),
    ("take it back for bob", lambda it: TakeBackCompletion(task=it.task.id, person=BOB), OVERSEERS | {BOB}, NotFound),
    ("list tasks", lambda it: ListTasks(), ANYBODY, NotAllowed),
    ("one's own", lambda it: ReadMyTasks(), ANYBODY, NotAllowed),
    ("one's archived", lambda it: ReadArchivedTasks(), ANYBODY, NotAllowed),
    ("preferences", lambda it: ReadPreferences(), ANYBODY, NotAllowed),
    ("change preferences", lambda it: ChangePreferences(notice_mail=False), ANYBODY, NotAllowed),
    ("explain oneself", lambda it: ExplainMessages(), ANYBODY, NotAllowed),
    ("explain ann", lambda it: ExplainMessages(person=ANN), {ADMINISTRATOR, ANN}, NotFound),
    ("explain nobody", lambda it: ExplainMessages(person="no-body"), set(), NotFound),
    ("remind", lambda it: Remind(), {ADMINISTRATOR}, NotAllowed),
    ("try a reminder", lambda it: Remind(dry_run=True), {ADMINISTRATOR}, NotAllowed),
    ("list deliveries", lambda it: ListDeliveries(), {ADMINISTRATOR}, NotAllowed),
    ("read a delivery", lambda it: ReadDelivery(delivery=it.delivery), {ADMINISTRATOR}, NotAllowed),
    ("send again", lambda it: SendAgain(delivery=it.delivery), {ADMINISTRATOR}, NotAllowed),
]
# what those hear instead whom the general answer does not suit
BESIDES: dict[str, dict[str, type[Refusal]]] = {
    "hand it over": {MANAGER: NotAllowed, ANN: NotAllowed, BOB: NotAllowed},
    "complete it oneself": dict.fromkeys(OVERSEERS, NotATarget),
    "complete it for ann": {BOB: NotAllowed},
    "complete it for nobody": {**dict.fromkeys(OVERSEERS, NotATarget), ANN: NotAllowed, BOB: NotAllowed},
    "take it back for bob": {ANN: NotAllowed},
    **{name: {ANN: NotAllowed, BOB: NotAllowed} for name in ("change it", "archive it", "unarchive it", "read it")},
}


def outcome(case: Case, ask: Ask, who: str) -> type[Refusal] | None:
    """The refusal that somebody gets; a state that is in the way comes after the right and is none."""
    try:
        case.office.call(ask(case), who)
    except Conflict:
        return None
    except Refusal as refused:
        return type(refused)
    return None


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_what(office: Office, who: str) -> None:
    """Every procedure as this person; what they may not see is not there for them."""
    case = Case(office)
    for name, ask, allowed, refusal in TABLE:
        found = outcome(case, ask, who)
        if who in allowed:
            assert found is None, name
        else:
            assert found is BESIDES.get(name, {}).get(who, refusal), name
            # what was refused has changed nothing
            assert office.call(ReadTask(task=case.task.id), ADMINISTRATOR).task.version == 1 or who in OVERSEERS, name


def test_every_procedure_is_in_the_table() -> None:
    """And the table names none that is not there."""
    asked = {procedure_of(type(ask(_Any()))).uri for _, ask, _, _ in TABLE}  # type: ignore[arg-type]
    shared = (".events.", ".meta.")
    own = {uri for uri, one in PROCEDURES.items() if one.service == "notifier" and not any(part in uri for part in shared)}
    assert asked == own


class _Any:
    def __getattr__(self, name: str) -> Any:
        return self

    @property
    def id(self) -> str:
        return TASK_ID


@pytest.mark.parametrize("who", EVERYBODY)
def test_people_read_their_own_stream_alone(office: Office, who: str) -> None:
    """Nobody else's: not by subscription, replay or heads; administrators have no business in people's post."""
    Case(office)
    role = "administrator" if who == ADMINISTRATOR else "person"
    for scope in (*EVERYBODY, DISABLED, "campus", "operator", "service.notifier", "no-body", "", "*", "ann.task_assigned"):
        ask = MayRead(scope=scope, person=who, role=role)
        may = office.campus.call(ask, by="router", role=ROUTER_ROLE, service="notifier").may
        assert may == (scope == who), scope
    heads = office.campus.call(EventsHeads(scopes=[ANN, BOB]), by=who, role=role, service="notifier").heads
    assert set(heads) <= {who}
    for other in {ANN, BOB} - {who}:
        with pytest.raises(NotFound):
            office.campus.call(EventsSince(scope=other), by=who, role=role, service="notifier")


def test_the_disabled_read_nothing(office: Office) -> None:
    """Not even their own stream."""
    ask = MayRead(scope=DISABLED, person=DISABLED)
    assert not office.campus.call(ask, by="router", role=ROUTER_ROLE, service="notifier").may
    with pytest.raises(NotAllowed):
        office.call(AddTask(name="x", deadline=SOON), DISABLED)


def test_nobody_sees_another_s_tasks_in_a_list(office: Office) -> None:
    """Each list holds what one oversees or what is for oneself, and nothing else."""
    Case(office)
    seen = {who: [task.name for task in office.call(ListTasks(), who).tasks] for who in EVERYBODY}
    assert {who: names for who, names in seen.items() if names} == {
        ADMINISTRATOR: ["Confidential", "Other"], SETTER: ["Confidential"], MANAGER: ["Confidential"]
    }  # fmt: skip
    mine: dict[str, MyTasks] = {who: office.mine(who) for who in EVERYBODY}
    assert [who for who, page in mine.items() if page.tasks] == [ANN, BOB]
    page: TaskList = office.call(ListTasks(archived=True), STRANGER)
    assert page.tasks == []
