"""An old snapshot and the events since are the new snapshot, whatever happens in between."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalkbell.contracts import PROCEDURES, TOPICS, Request, procedure_of
from chalkbell.contracts.classroom import (
    AddRoom,
    Broadcast,
    CallBack,
    CancelCountdown,
    ChangeMembers,
    ChangeRoom,
    ExtendCountdown,
    Join,
    Leave,
    MovePerson,
    RenewCode,
    Rest,
    SkipCountdown,
    Split,
    WithdrawCode,
)
from chalkbell.contracts.directory import ChangePerson, DisablePerson, RemoveGroup
from tests.service.classroom.conftest import STUDENTS, Class
from tests.service.classroom.fold import apply, plain


class Watched:
    """Acts in a class, and after each act compares what a follower has with what the service would tell anew."""

    def __init__(self, found: Class) -> None:
        self.logic = found
        self.acts: set[str] = set()
        self.seen: set[str] = set()
        state = found.read()
        self.page, self.seq = plain(state), state.position.seq

    def ask(self, request: Request[Any], by: str = "ada") -> Any:
        self.acts.add(procedure_of(type(request)).uri)
        answer = self.logic.ask(request, by=by)
        self.compare()
        return answer

    def compare(self) -> None:
        for event in self.logic.events(self.seq):
            apply(self.page, event)
            self.seen.add(event.name)
            self.seq = event.seq
        state = self.logic.read()
        assert (self.page, self.seq) == (plain(state), state.position.seq)

    def number(self) -> int:
        return self.logic.mode.number


@pytest.fixture
def watched(logic: Class) -> Watched:
    return Watched(logic)


def test_every_procedure_that_changes_a_room(watched: Watched) -> None:
    """None is left out: the list is compared with the contracts."""
    logic, ask, number = watched.logic, watched.ask, watched.number
    for name in ["ada", *STUDENTS, "hal"]:
        ask(Join(room="logic"), by=name)
    ask(Broadcast(room="logic", seen=number()))
    mode = ask(Split(room="logic", seen=number(), size=2, lasts=600))
    ask(MovePerson(room="logic", seen=number(), person=mode.groups[0].members[0], group=mode.groups[1].id))
    ask(Leave(room="logic"), by=mode.groups[2].members[0])
    ask(Join(room="logic"), by=mode.groups[2].members[0])
    ask(ExtendCountdown(room="logic", seen=number(), seconds=30))
    ask(CancelCountdown(room="logic", seen=number()))
    ask(CallBack(room="logic", seen=number()))
    ask(ExtendCountdown(room="logic", seen=number(), seconds=30))
    ask(SkipCountdown(room="logic", seen=number()))
    ask(Rest(room="logic", seen=number()))
    ask(Split(room="logic", seen=number(), size=3))
    changed = ChangeRoom(
        room="logic", seen=logic.read().room.version, name="Logic I", teachers=["ada", "hal"], open=True, countdown=5
    )
    ask(changed)
    ask(ChangeMembers(room="logic", add_people=["zac"], remove_people=["hal"], remove_groups=["logic-class"]))
    ask(RenewCode(room="logic"))
    ask(WithdrawCode(room="logic"))
    changing = {uri for uri, declared in PROCEDURES.items() if declared.service == "classroom" and declared.changes}
    assert watched.acts | {procedure_of(AddRoom).uri} == changing


def test_a_room_from_its_first_event(logic: Class) -> None:
    """Adding a room is told like everything else: nothing and the events are the room."""
    page: dict[str, Any] = {"participants": {}, "mode": {}}
    for event in logic.events():
        apply(page, event)
    assert page == plain(logic.read(by="abe"))


def test_what_comes_without_a_call(watched: Watched) -> None:
    """Lost connections, the clock, and news from the directory are told in events too, each kind of event at least once."""
    logic = watched.logic
    campus = logic.campus

    def directory(request: Request[Any]) -> None:
        campus.call(request, by="operator", role="operator")
        campus.settle()

    def wait(seconds: int) -> None:
        logic.wait(seconds)

    steps: list[Callable[[], Any]] = [
        lambda: logic.join("ada", "abe", *STUDENTS),
        lambda: logic.split(2),
        lambda: logic.drop("ben"),
        lambda: logic.join("ben"),
        lambda: logic.drop("ben"),
        lambda: wait(30),
        lambda: logic.join("ben"),
        lambda: directory(ChangePerson(id="cay", seen=1, name="Cay Newname")),
        lambda: directory(ChangePerson(id="abe", seen=1, name="Aaron Abel")),
        lambda: directory(DisablePerson(id="dan")),
        lambda: directory(RemoveGroup(id="logic-class")),
        lambda: logic.join("hal"),
        lambda: logic.ask(ChangeMembers(room="logic", add_people=STUDENTS[:2] + STUDENTS[3:])),
        lambda: logic.join("ben", "cay", "eve"),
        lambda: logic.split(2, lasts=60),
        lambda: wait(40),
        lambda: wait(20),
        lambda: logic.split(2),
        lambda: (logic.drop("ada"), logic.drop("abe")),
        lambda: wait(120),
        lambda: wait(30),
        lambda: campus.show_sessions([]),
        lambda: campus.frozen.advance(timedelta(minutes=1)),
        lambda: campus.show_sessions([]),
        lambda: wait(60),
    ]
    for step in steps:
        step()
        watched.compare()
    assert watched.seen == {topic.name for topic in TOPICS.values() if topic.service == "classroom"}
    assert logic.here == set()


def test_there_is_no_event_where_nothing_changed(logic: Class) -> None:
    """Joining again, leaving when gone, resting when at rest: nothing is told."""
    logic.join("ada")
    seq = logic.read().position.seq
    logic.join("ada")
    logic.ask(Leave(room="logic"), by="hal")
    logic.ask(Rest(room="logic", seen=1))
    logic.wait(1000)
    assert logic.read().position.seq == seq
