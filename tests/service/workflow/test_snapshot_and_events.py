"""Old snapshot + the events since = new snapshot, for everything that changes something, as every kind of reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from chalkbell.contracts import PROCEDURES, NotFound, Request, Snapshot, procedure_of
from chalkbell.contracts.workflow import (
    DEFINITIONS,
    AddAssessments,
    AddDefinition,
    AssessmentKind,
    AssessmentRead,
    FillAssessments,
    ListDefinitions,
    NewAssessment,
    ReadExamined,
    RemoveAssessment,
    SignOff,
    examiner_scope,
)
from chalkbell.contracts.workload import FilledProgramme, FillPackage, RemoveModule, Status
from tests.service.people import OPERATOR
from tests.service.workflow import fold
from tests.service.workflow.scenario import (
    ACCEPTED,
    ADMINISTRATOR,
    ASSESSMENT_STAFF,
    COORDINATOR,
    EXAMINED,
    INITIAL,
    LEAD_EXAMINER,
    MANAGER,
    MODERATOR,
    OTHER_EXAMINER,
    PACKAGE,
    STRANGER,
    UNRELATED_EXAMINER,
    UNRELATED_STAFF,
    Scenario,
)

READERS = ("operator", ADMINISTRATOR, MANAGER, COORDINATOR, MODERATOR, ASSESSMENT_STAFF, UNRELATED_STAFF)
EXAMINERS = (LEAD_EXAMINER, OTHER_EXAMINER, UNRELATED_EXAMINER, STRANGER)
ONE_STATE = "name: short\ntitle: One state\nstates:\n  - {name: done, title: Done, start: true, actors: [coordinator, anyone]}\n"


class Watch:
    """All snapshots there are, as everybody sees them, and whether events lead from one look to the next."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.before = self._look()

    def _look(self) -> dict[tuple[str, str, str], Snapshot]:
        scenario = self.scenario
        looks: dict[tuple[str, str, str], tuple[str, Callable[[], Snapshot]]] = {}
        for reader in READERS:
            looks["package", PACKAGE, reader] = (reader, lambda reader=reader: scenario.list(reader))
            for scope in (None, PACKAGE):
                ask = ListDefinitions(package=scope)
                looks["definitions", scope or DEFINITIONS, reader] = (
                    reader,
                    lambda ask=ask, reader=reader: scenario.ask(ask, reader),
                )
        for reader in EXAMINERS:
            looks["examined", examiner_scope(reader), reader] = (reader, lambda reader=reader: scenario.ask(ReadExamined(), reader))
        for reader in (*READERS, LEAD_EXAMINER, OTHER_EXAMINER):
            looks["assessment", "", reader] = (reader, lambda reader=reader: scenario.read(reader))
        found: dict[tuple[str, str, str], Snapshot] = {}
        for key, (_, look) in looks.items():
            try:
                found[key] = look()
            except NotFound:
                assert key[0] != "examined"  # everybody has a stream of their own; the rest one may lose the right to
        return found

    def check(self, *but: str) -> None:
        """Bring every earlier snapshot forward, and compare with a fresh one, `but` for these fields."""
        after = self._look()
        for key, new in after.items():
            if key not in self.before:
                continue
            old: Any = self.before[key]
            scope = old.scope if isinstance(old, AssessmentRead) else key[1]
            events = self.scenario.campus.events("workflow", scope, old.position.seq)
            folded = getattr(fold, key[0])(old, events)
            assert plain(folded, *but) == plain(new, *but), key
            assert_names(folded, new)
        self.before = after


def plain(snapshot: Any, *but: str) -> Any:
    """A snapshot to be compared: without names, and without what is in no event on purpose."""
    fields = msgspec.to_builtins(snapshot)
    for name in ("names", *but):
        fields.pop(name, None)
    for entry in fields.get("history", []):
        entry["notes"] = entry["reason"] = None
    return fields


def assert_names(folded: Any, new: Any) -> None:
    """A page that was brought forward can name everybody whom it speaks of."""
    if not hasattr(new, "names"):
        return
    spoken_of: set[str] = set()
    assessments = getattr(new, "assessments", None) or [one.assessment for one in getattr(new, "examined", [])]
    if isinstance(new, AssessmentRead):
        assessments = [new.assessment]
        spoken_of |= {entry.signer for entry in new.history}
    spoken_of |= {person for one in assessments for turn in one.next for person in turn.people}
    assert {id: folded.names.get(id) for id in spoken_of} == {id: new.names.get(id) for id in spoken_of}


Act = Callable[[Scenario], Request[Any]]
ACTS: list[tuple[str, Act]] = [
    (ADMINISTRATOR, lambda it: AddDefinition(text=ONE_STATE)),
    (MANAGER, lambda it: AddDefinition(text=ONE_STATE, package=PACKAGE)),
    (MANAGER, lambda it: AddDefinition(text=ONE_STATE.replace("One", "1"), package=PACKAGE)),
    (MANAGER, lambda it: AddAssessments(package=PACKAGE, assessments=[NewAssessment(module="cs101", title="Second")])),
    (
        MANAGER,
        lambda it: AddAssessments(
            package=PACKAGE,
            assessments=[
                NewAssessment(module="cs101", kind=AssessmentKind.RESIT, definition=f"{PACKAGE}.short.2"),
                NewAssessment(module="cs201", kind=AssessmentKind.COURSEWORK, definition="short.1"),
            ],
        ),
    ),
    (ADMINISTRATOR, lambda it: FillAssessments(package=PACKAGE, kinds=[AssessmentKind.EXAM, AssessmentKind.COURSEWORK])),
    (MANAGER, lambda it: RemoveAssessment(assessment=it.other_exam)),
    (COORDINATOR, lambda it: SignOff(assessment=it.exam, state=INITIAL, seen=0, notes="Look at question 3")),
    (MODERATOR, lambda it: SignOff(assessment=it.exam, state=ACCEPTED, seen=1)),
    (
        ADMINISTRATOR,
        lambda it: SignOff(assessment=it.exam, state=EXAMINED, seen=2, on_behalf_of=LEAD_EXAMINER, reason="By letter"),
    ),
]


def test_every_procedure_that_changes_something_is_tried_here() -> None:
    """The list of acts leaves none out."""
    tried = {procedure_of(type(act(_Anything()))).uri for _, act in ACTS}  # type: ignore[arg-type]
    changing = {uri for uri, one in PROCEDURES.items() if one.service == "workflow" and one.changes}
    assert tried == changing


def test_events_lead_from_each_snapshot_to_the_next(scenario: Scenario) -> None:
    """After each act in turn, for readers of the package, examiners, definitions and the assessment itself."""
    watch = Watch(scenario)
    for by, act in ACTS:
        scenario.ask(act(scenario), by)
        watch.check()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda it: it.change_module(coordinator=UNRELATED_STAFF), id="another coordinator"),
        pytest.param(lambda it: it.change_module(moderators=[MODERATOR, UNRELATED_STAFF]), id="one more moderator"),
        pytest.param(lambda it: it.change_module(name="Programming in the large"), id="another name"),
        pytest.param(lambda it: it.change_module(programmes=["bsc"]), id="a programme less"),
        pytest.param(lambda it: it.change_module(programmes=["bsc", "msc"], lead_programme="msc"), id="another lead"),
        pytest.param(lambda it: it.change_package(assessment_team=["cs-staff"]), id="another assessment team"),
        pytest.param(
            lambda it: it.campus.call(
                FillPackage(
                    package=PACKAGE,
                    programmes=[FilledProgramme(id="bsc", code="BSC", name="BSc", examiners=[UNRELATED_EXAMINER])],
                ),
                **OPERATOR,
            ),
            id="another examiner",
        ),
        pytest.param(
            lambda it: it.campus.call(RemoveModule(package=PACKAGE, id="cs201", seen=it.module("cs201").version), **OPERATOR),
            id="a module less",
        ),
    ],
)
def test_events_tell_what_changes_elsewhere_make_different(scenario: Scenario, change: Callable[[Scenario], None]) -> None:
    """A module's people, its programmes' examiners, the package's groups: all that a page of workflow shows of them."""
    scenario.bring_to(INITIAL, ACCEPTED)
    watch = Watch(scenario)
    change(scenario)
    scenario.campus.settle()
    watch.check("notes_are_yours", "members")  # these a page asks for anew when it hears `assessment_changed`


def test_a_package_that_is_hidden_is_hidden_from_examiners(scenario: Scenario) -> None:
    """And shown again with it."""
    examined = [scenario.ask(ReadExamined(), LEAD_EXAMINER)]
    for status in (Status.HIDDEN, Status.OPEN):
        scenario.change_package(status=status)
        examined.append(scenario.ask(ReadExamined(), LEAD_EXAMINER))
        events = scenario.campus.events("workflow", examiner_scope(LEAD_EXAMINER), examined[-2].position.seq)
        assert plain(fold.examined(examined[-2], events)) == plain(examined[-1])
    assert [len(one.examined) for one in examined] == [1, 0, 1]


class _Anything:
    exam = other_exam = "x"
