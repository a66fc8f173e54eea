"""Many people, many rooms, and two presses at one moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from chalkbell.contracts import Conflict, Request
from chalkbell.contracts.classroom import AddRoom, CallBack, Join, ListRooms, ModeKind, ReadRoom, Split
from tests.service.classroom.conftest import Class
from tests.service.counting import counted_statements
from tests.service.people import populate, student


def questions(found: Class, request: Request[object], by: str = "ada") -> int:
    """How many statements an answer takes."""
    with counted_statements(found.campus, "classroom") as statements:
        found.ask(request, by=by)
    return len(statements)


def test_reading_and_listing_take_the_same_number_of_questions_for_few_and_many(logic: Class) -> None:
    """However many people are in the room, and however many rooms there are."""
    logic.join("ada", "ben")
    few = questions(logic, ReadRoom(room="logic")), questions(logic, ListRooms(), by="ben")
    logic.join("cay", "dan", "eve", "fay", "gus", "hal", "abe")
    for number in range(6):
        logic.ask(AddRoom(id=f"room-{number}", name=f"Room {number}", teachers=["ada"], open=True), by="rosa")
    assert (questions(logic, ReadRoom(room="logic")), questions(logic, ListRooms(), by="ben")) == few


def test_joining_a_full_room_takes_no_more_questions_than_joining_an_empty_one(logic: Class) -> None:
    """Otherwise a lecture's first minute would be its slowest."""
    first = questions(logic, Join(room="logic"), by="ben")
    logic.join("ada", "cay", "dan", "eve", "fay")
    assert questions(logic, Join(room="logic"), by="gus") <= first


def test_a_hundred_and_twenty_are_split_and_brought_back(logic: Class) -> None:
    """In groups of five and six; one event tells all of it."""
    crowd = [f"s{number}" for number in range(120)]
    populate(logic.campus, map(student, crowd), {"logic-class": crowd})
    logic.join("ada", *crowd)
    before = logic.read().position.seq
    mode = logic.ask(Split(room="logic", seen=1, size=5))
    assert sum(len(group.members) for group in mode.groups) == 120
    assert logic.read().position.seq == before + 1


def test_of_two_presses_at_one_moment_one_counts(full: Class) -> None:
    """Whichever comes second is told so, and there is one countdown."""
    full.split(2)
    seen = full.mode.number

    def press(who: str) -> bool:
        try:
            full.ask(CallBack(room="logic", seen=seen), by=who)
        except Conflict:
            return False
        return True

    full.session_of.setdefault("abe", 1)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, ["ada", "abe"])) == [False, True]
    assert full.mode.number == seen + 1


def test_the_clock_brings_many_rooms_back_in_one_look(logic: Class) -> None:
    """Each at its own moment."""
    for number in range(3):
        room = f"open-{number}"
        logic.ask(AddRoom(id=room, name=room, teachers=["ada"], open=True, countdown=10 + number), by="rosa")
        for who in ("ada", "ben", "cay"):
            logic.ask(Join(room=room), by=who)
        logic.ask(Split(room=room, seen=1))
        logic.ask(CallBack(room=room, seen=2))

    def kinds() -> list[ModeKind]:
        return [logic.ask(ReadRoom(room=f"open-{number}")).mode.kind for number in range(3)]

    logic.wait(10)
    assert kinds() == [ModeKind.IDLE, ModeKind.GROUPS, ModeKind.GROUPS]
    assert logic.campus.run_job("classroom", "keep-time") == logic.campus.clock.now() + timedelta(seconds=1)
    logic.wait(2)
    assert kinds() == [ModeKind.IDLE] * 3
