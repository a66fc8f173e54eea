"""What a page had, brought forward by the events since, is what it would be told now: after every procedure and every cause."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalkbell.contracts import PROCEDURES, TOPICS, procedure_of
from chalkbell.contracts.directory import ChangeMembers, RemoveGroup
from chalkbell.contracts.notifier import (
    AddTask,
    ArchiveTask,
    ChangePreferences,
    ChangeTask,
    CompleteTask,
    ListDeliveries,
    MyTasks,
    Remind,
    SendAgain,
    TakeBackCompletion,
    UnarchiveTask,
)
from tests.service.notifier.fold import fold
from tests.service.notifier.office import ADMINISTRATOR, ANN, BOB, CAT, GROUP, LATER, NOW, SETTER, SOON, Office
from tests.service.notifier.postbox import Postbox
from tests.service.notifier.test_notices import heard
from tests.service.people import OPERATOR

PAGES = (ANN, BOB, CAT, SETTER, ADMINISTRATOR)
asked: set[str] = set()
told: set[str] = set()


class Pages:
    """Everybody's page: opened once, and looked at after each step."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.open: dict[str, MyTasks] = {who: office.mine(who) for who in PAGES}

    def ask(self, request: Any, by: str) -> Any:
        """Change something."""
        answer = self.office.call(request, by)
        asked.add(procedure_of(type(request)).uri)
        self.agree()
        return answer

    def do(self, step: Callable[[], Any]) -> None:
        """Let something else happen."""
        step()
        self.agree()

    def agree(self) -> None:
        """Old snapshot and events since make the new snapshot, for each page."""
        for who, before in self.open.items():
            events = self.office.events(who, before.position.seq)
            told.update(envelope.name for envelope in events)
            now = self.office.mine(who)
            assert fold(before, events) == _at(now, before)
            self.open[who] = now


def _at(mine: MyTasks, other: MyTasks) -> Any:
    """But for the moment of the answer."""
    return replace(mine, at=other.at)


@pytest.fixture
def pages(smtp_office: Office) -> Pages:
    return Pages(smtp_office)


def test_every_change_reaches_the_pages(pages: Pages, postbox: Postbox) -> None:
    """All changing procedures, memberships, times of reminding, sign-offs and what the mail server says."""
    office = pages.office
    office.begin()
    task = pages.ask(AddTask(name="Mark", deadline=SOON, groups=[GROUP], people=[CAT], description="All of it"), SETTER)
    other = pages.ask(AddTask(name="Rest", deadline=LATER, people=[ANN, SETTER], link="https://example.edu/"), ADMINISTRATOR)
    pages.ask(ChangeTask(task=task.id, seen=1, name="Mark exams", people=[], deadline=LATER + timedelta(days=1)), SETTER)
    pages.ask(CompleteTask(task=task.id, comment="Done"), ANN)
    pages.ask(CompleteTask(task=task.id, person=BOB), SETTER)
    pages.ask(ChangeTask(task=task.id, seen=2, category="Exams"), SETTER)
    pages.ask(TakeBackCompletion(task=task.id), BOB)
    pages.do(lambda: _members(office, ChangeMembers(group=GROUP, add=[CAT], remove=[ANN])))
    pages.do(lambda: _members(office, ChangeMembers(group=GROUP, add=[ANN])))
    office.campus.frozen.advance(timedelta(minutes=1))
    pages.ask(Remind(), ADMINISTRATOR)
    pages.ask(ChangePreferences(notice_mail=False), BOB)
    pages.do(lambda: heard(office, notify=[ANN, BOB, CAT]))
    postbox.refuse = {"cat@example.edu": "550 no"}
    pages.do(office.deliver)
    postbox.refuse = {}
    dead = office.call(ListDeliveries(person=CAT), ADMINISTRATOR).deliveries
    pages.ask(SendAgain(delivery=next(one.id for one in dead if one.kind == "notice")), ADMINISTRATOR)
    pages.do(office.deliver)
    pages.do(lambda: office.remind_at(NOW + timedelta(days=7, hours=1)))
    pages.ask(ArchiveTask(task=task.id), SETTER)
    pages.ask(UnarchiveTask(task=task.id), SETTER)
    pages.ask(ArchiveTask(task=other.id), ADMINISTRATOR)
    pages.do(lambda: _members(office, RemoveGroup(id=GROUP)))
    changing = {uri for uri, procedure in PROCEDURES.items() if procedure.service == "notifier" and procedure.changes}
    assert asked == changing
    assert told == {topic.name for topic in TOPICS.values() if topic.service == "notifier"}


def _members(office: Office, change: Any) -> None:
    office.campus.call(change, **OPERATOR)
    office.campus.settle()


def test_the_lists_on_a_page_are_as_long_as_the_snapshot_s(pages: Pages) -> None:
    """Of more than 20 reminders the last 20, of more than 50 notices the last 50."""
    office = pages.office
    office.task(deadline=LATER)
    for number in range(22):
        office.campus.frozen.advance(timedelta(days=1))
        office.call(Remind(), ADMINISTRATOR)
        for sign_off in (3 * number, 3 * number + 1, 3 * number + 2):
            heard(office, sign_off=f"cs101-exam-{sign_off:03}", number=sign_off)
            office.campus.frozen.advance(timedelta(seconds=1))
    pages.agree()
    assert (len(office.mine(ANN).reminders), len(office.mine(ANN).notices)) == (20, 50)


def test_asking_again_with_the_same_id_changes_nothing(office: Office) -> None:
    """The first answer comes once more."""
    ask = AddTask(name="Once", deadline=SOON, people=[ANN], request_id="once-1")
    assert office.call(ask, SETTER) == office.call(ask, SETTER)
    assert office.names(ANN) == ["task_assigned"]
