"""Who may do what in a room: every kind of person on every procedure."""

from collections.abc import Callable
from typing import Any

import pytest

from chalkbell.contracts import PROCEDURES, NotAllowed, NotFound, Refusal, Request, procedure_of
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
    ListRooms,
    MovePerson,
    ReadClock,
    ReadCode,
    ReadMembers,
    ReadRoom,
    RenewCode,
    Rest,
    SkipCountdown,
    Split,
    WithdrawCode,
)
from chalkbell.contracts.directory import ChangeMembers as ChangeGroupMembers
from chalkbell.contracts.directory import ChangePerson, DisablePerson
from chalkbell.contracts.shared import EventsSince, MayRead
from tests.service.classroom.conftest import Class
from tests.service.people import populate, student

# ada teaches; ben is a member by group, hal by name; zoe is other staff, zac another student, xia an external examiner;
# rosa is an administrator; off was a member and is disabled; `operator` is the one at the machine
EVERYBODY = ["ada", "ben", "hal", "zoe", "zac", "xia", "off", "rosa", "operator"]
INSIDE = {"ada", "ben", "hal", "rosa", "operator"}
TEACHING = {"ada", "rosa", "operator"}
STAFF = {"ada", "zoe", "rosa"}

ACTS: list[tuple[Callable[[Class], Request[Any]], set[str]]] = [
    (lambda c: ReadClock(), set(EVERYBODY)),
    (lambda c: ListRooms(), set(EVERYBODY)),
    (lambda c: AddRoom(id="sets", name="Sets"), STAFF),
    (lambda c: ReadRoom(room="logic"), INSIDE),
    (lambda c: Join(room="logic"), INSIDE - {"operator"}),
    (lambda c: Leave(room="logic"), INSIDE),
    (lambda c: ReadMembers(room="logic"), TEACHING),
    (lambda c: ReadCode(room="logic"), TEACHING),
    (lambda c: ChangeRoom(room="logic", seen=1, name="Other"), TEACHING),
    (lambda c: ChangeMembers(room="logic", add_people=["zac"]), TEACHING),
    (lambda c: RenewCode(room="logic"), TEACHING),
    (lambda c: WithdrawCode(room="logic"), TEACHING),
    (lambda c: Broadcast(room="logic", seen=c.mode.number, speaker="cay", countdown=0), TEACHING),
    (lambda c: Rest(room="logic", seen=c.mode.number), TEACHING),
    (lambda c: Split(room="logic", seen=c.mode.number, size=2, lasts=600), TEACHING),
    (lambda c: MovePerson(room="logic", seen=c.mode.number, person="cay", group="group-1"), TEACHING),
    (lambda c: ExtendCountdown(room="logic", seen=c.mode.number), TEACHING),
    (lambda c: CallBack(room="logic", seen=c.mode.number, countdown=0), TEACHING),
    (lambda c: SkipCountdown(room="logic", seen=c.mode.number), TEACHING),
    (lambda c: CancelCountdown(room="logic", seen=c.mode.number), TEACHING),
]


@pytest.fixture
def campus_with_all(full: Class) -> Class:
    """The class in groups with an agreed end, and everybody of the table on the campus."""
    populate(full.campus, [student("off")])
    full.ask(ChangeMembers(room="logic", add_people=["off"]))
    full.ask(ChangeRoom(room="logic", seen=2))
    full.campus.call(DisablePerson(id="off"), by="operator", role="operator")
    full.campus.settle()
    full.split(2, lasts=3600)
    return full


def outcome(found: Class, request: Request[Any], who: str) -> type[Refusal] | None:
    """How it ends; the room stays as it is, because each try is rolled back by a refusal or undone by the next fixture."""
    try:
        found.ask(request, by=who)
    except Refusal as refused:
        return type(refused)
    return None


def test_every_procedure_is_in_the_table(logic: Class) -> None:
    """None is forgotten."""
    own = {
        uri
        for uri, declared in PROCEDURES.items()
        if declared.service == "classroom" and ".events." not in uri and ".meta." not in uri
    }
    assert {procedure_of(type(act(logic))).uri for act, _ in ACTS} == own


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_do_what(campus_with_all: Class, who: str) -> None:
    """Others who may see the room are told that they may not; to those who may not see it, it is not there."""
    found = campus_with_all
    for act, allowed in ACTS:
        request = act(found)
        if type(request) in (ChangeRoom,):
            request = ChangeRoom(room="logic", seen=found.read(by="rosa").room.version, name="Other")
        if isinstance(request, AddRoom) and who == "operator":
            request = AddRoom(id="sets", name="Sets", teachers=["ada"])
            allowed = allowed | {"operator"}
        if isinstance(request, (SkipCountdown, CancelCountdown)) and who in TEACHING:
            found.ask(Split(room="logic", seen=found.mode.number, size=2), by="ada")
            found.ask(CallBack(room="logic", seen=found.mode.number), by="ada")
            request = type(request)(room="logic", seen=found.mode.number)
        if isinstance(request, Leave) and who == "ada":
            continue  # she is needed below; leaving is tried by the others
        expected: type[Refusal] | None = None
        if who not in allowed:
            expected = NotAllowed if who in INSIDE or isinstance(request, AddRoom) else NotFound
            if isinstance(request, Join):
                expected = NotFound
        assert outcome(found, request, who) is expected, (who, type(request).__name__)


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_stream_is_for_those_who_may_read_the_room(campus_with_all: Class, who: str) -> None:
    """Subscribing and replaying are decided by one function; another room's member learns nothing."""
    found = campus_with_all
    role = found.roles.get(who, "person")
    if who != "operator":
        question = MayRead(scope="logic", person=who, role=role)
        may = found.campus.call(question, by="router", role="service-router", service="classroom").may
        assert may is (who in INSIDE)
    assert (replay(found, who) is None) is (who in INSIDE)


def replay(found: Class, who: str) -> type[Refusal] | None:
    try:
        ask = EventsSince(scope="logic")
        found.campus.call(ask, by=who, role=found.roles.get(who, "person"), service="classroom")
    except Refusal as refused:
        return type(refused)
    return None


def test_a_room_that_there_is_not_and_one_that_one_may_not_see_are_the_same(logic: Class) -> None:
    """Guessing ids tells nothing."""
    answers: list[tuple[str, dict[str, Any]]] = []
    for room in ("logic", "nowhere"):
        with pytest.raises(NotFound) as refused:
            logic.ask(ReadRoom(room=room), by="zac")
        answers.append((refused.value.message, refused.value.details))
    assert answers[0] == answers[1]


def test_an_open_room_is_for_everybody_who_is_signed_in(logic: Class) -> None:
    """To read and to join, not to switch."""
    logic.ask(ChangeRoom(room="logic", seen=1, open=True))
    logic.join("zac")
    assert "zac" in {participant.person for participant in logic.read(by="xia").participants}
    with pytest.raises(NotAllowed):
        logic.ask(Rest(room="logic", seen=1), by="zac")
    assert [entry.room.id for entry in logic.ask(ListRooms(), by="xia").rooms] == ["logic"]


def test_closing_an_open_room_sends_strangers_out(logic: Class) -> None:
    """At once, and their subscriptions end."""
    logic.ask(ChangeRoom(room="logic", seen=1, open=True))
    logic.join("ada", "ben", "zac")
    logic.ask(ChangeRoom(room="logic", seen=2, open=False))
    assert logic.here == {"ada", "ben"}
    assert logic.campus.members["classroom"].audited_scopes == {"logic"}
    with pytest.raises(NotFound):
        logic.read(by="zac")


def test_who_is_no_longer_in_the_group_is_out_of_the_room(full: Class) -> None:
    """Also out of the small group, whose other member is merged."""
    full.split(2)
    full.campus.call(ChangeGroupMembers(group="logic-class", remove=["ben"]), by="operator", role="operator")
    full.campus.settle()
    assert "ben" not in full.here
    assert full.group_of("ben") is None
    assert all(len(group.members) > 1 for group in full.mode.groups)
    with pytest.raises(NotFound):
        full.join("ben")
    assert "logic" in full.campus.members["classroom"].audited_scopes


def test_a_member_who_becomes_a_teacher_sits_in_no_group(full: Class) -> None:
    """And back again gets a seat."""
    full.split(2)
    full.ask(ChangeRoom(room="logic", seen=1, teachers=["ada", "ben"]))
    assert full.group_of("ben") is None
    full.ask(ChangeRoom(room="logic", seen=2, teachers=["ada"]))
    assert full.group_of("ben")


def test_a_teacher_who_is_one_no_longer_cannot_switch(full: Class) -> None:
    """From the next press on. Who is no member either is out."""
    full.join("abe")
    full.ask(ChangeRoom(room="logic", seen=1, teachers=["ada"]))
    assert "abe" not in full.here
    with pytest.raises(NotFound):
        full.ask(Rest(room="logic", seen=1), by="abe")


def test_an_administrator_who_is_one_no_longer_is_out(full: Class) -> None:
    """The room follows the directory."""
    full.join("rosa")
    full.campus.call(ChangePerson(id="rosa", seen=1, administrator=False), by="operator", role="operator")
    full.campus.settle()
    assert "rosa" not in full.here
