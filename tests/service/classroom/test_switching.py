"""Broadcast, groups, and the way back by countdown."""

from datetime import timedelta

import pytest

from chalkbell.contracts import Conflict, Invalid
from chalkbell.contracts.classroom import (
    Broadcast,
    CallBack,
    CancelCountdown,
    ExtendCountdown,
    Mode,
    ModeKind,
    MovePerson,
    NotInGroups,
    ReadClock,
    Rest,
    SkipCountdown,
    Split,
    Target,
    TooFew,
)
from services.classroom.__main__ import definition
from tests.service.classroom.conftest import STUDENTS, Class

ADA = Target(kind=ModeKind.BROADCAST, speaker="ada")


@pytest.fixture
def split(full: Class) -> Class:
    """Ada has spoken; the six are in three groups of two."""
    full.ask(Broadcast(room="logic", seen=1))
    full.split(2)
    return full


def call_back(found: Class, seen: int | None = None, by: str = "ada", countdown: int | None = None) -> Mode:
    return found.ask(CallBack(room="logic", seen=seen or found.mode.number, countdown=countdown), by=by)


def switches(found: Class) -> list[str]:
    return [event.data["reason"] for event in found.events() if event.name == "switched"]


def test_at_one_press_everyone_but_the_teacher_is_in_a_small_group(split: Class) -> None:
    """In one event with the complete state."""
    mode = split.mode
    assert [len(group.members) for group in mode.groups] == [2, 2, 2]
    assert {person for group in mode.groups for person in group.members} == set(STUDENTS)
    (event,) = [event for event in split.events() if event.data.get("reason") == "split"]
    assert event.data["mode"]["groups"] == [{"id": group.id, "members": group.members} for group in mode.groups]


def test_all_are_back_after_the_countdown_where_they_were_before(split: Class) -> None:
    """Not a second earlier, and with one event for its beginning and one for its end."""
    call_back(split)
    split.wait(29.9)
    assert split.mode.kind is ModeKind.GROUPS
    split.wait(0.1)
    assert (split.mode.kind, split.mode.speaker) == (ModeKind.BROADCAST, "ada")
    assert switches(split) == ["opened", "broadcast", "split", "countdown_started", "countdown_ended"]


def test_the_clock_knows_when_to_look_again(split: Class) -> None:
    """So that the switch happens on time and not at the next round."""
    call_back(split)
    assert split.campus.run_job("classroom", "keep-time") == split.campus.clock.now() + timedelta(seconds=30)


def test_the_one_who_presses_wakes_the_clock(split: Class) -> None:
    """Otherwise a short countdown would end late."""
    call_back(split, countdown=1)
    assert split.campus.members["classroom"].transactions[-1].wake_jobs


def test_a_restart_in_between_changes_nothing(split: Class) -> None:
    """The service is gone after the press and comes back: the switch is on time, the seconds are the same."""
    at = call_back(split).pending
    database = split.campus.members.pop("classroom").dispatcher.database
    split.campus.frozen.advance(timedelta(seconds=20))
    split.campus.add(definition, database)
    assert split.mode.pending == at
    split.wait(10)
    assert split.mode.kind is ModeKind.BROADCAST


def test_a_restart_that_takes_too_long_switches_at_once(split: Class) -> None:
    """Late, but not lost."""
    call_back(split)
    split.wait(3600)
    assert split.mode.kind is ModeKind.BROADCAST


def test_a_latecomer_sees_the_same_seconds(split: Class) -> None:
    """The countdown is a moment and does not begin anew for who comes late; the clock to show it against is the service's."""
    at = call_back(split).pending
    split.campus.frozen.advance(timedelta(seconds=12))
    split.join("hal")
    state = split.read(by="hal")
    assert state.mode.pending == at
    assert at
    assert (at.at - state.now).total_seconds() == 18
    assert split.ask(ReadClock(), by="hal").now == state.now


def test_the_second_press_is_not_a_second_countdown(split: Class) -> None:
    """Two teachers press at once: the second is told what the room does now, and the countdown stays as it was."""
    seen = split.mode.number
    at = call_back(split, seen).pending
    split.campus.frozen.advance(timedelta(seconds=1))
    with pytest.raises(Conflict) as refused:
        call_back(split, seen, by="abe")
    assert refused.value.details["version"] == seen + 1
    with pytest.raises(Conflict):
        call_back(split, seen + 1, by="abe")
    assert split.mode.pending == at


def test_a_countdown_is_skipped(split: Class) -> None:
    """All are back at once."""
    seen = call_back(split).number
    assert split.ask(SkipCountdown(room="logic", seen=seen)).kind is ModeKind.BROADCAST


def test_a_countdown_is_extended(split: Class) -> None:
    """By so many seconds."""
    seen = call_back(split).number
    split.ask(ExtendCountdown(room="logic", seen=seen, seconds=60), by="abe")
    split.wait(89)
    assert split.mode.kind is ModeKind.GROUPS
    split.wait(1)
    assert split.mode.kind is ModeKind.BROADCAST


def test_a_countdown_is_cancelled(split: Class) -> None:
    """The groups stay, and can be called back again."""
    seen = call_back(split).number
    split.ask(CancelCountdown(room="logic", seen=seen))
    split.wait(3600)
    assert split.mode.kind is ModeKind.GROUPS
    assert call_back(split).pending


def test_an_agreed_end_brings_all_back_with_a_warning(full: Class) -> None:
    """The countdown begins so early that it ends at the agreed moment."""
    full.split(2, lasts=300)
    full.wait(270)
    pending = full.mode.pending
    assert pending
    assert pending.at == full.mode.until
    full.wait(30)
    assert full.mode.kind is ModeKind.IDLE


def test_groups_go_on_without_a_teacher_until_the_agreed_end(full: Class) -> None:
    """Nobody has to be there to end them."""
    full.split(2, lasts=600)
    full.drop("ada")
    full.wait(500)
    assert full.mode.kind is ModeKind.GROUPS
    assert full.mode.pending is None


def test_groups_without_a_teacher_and_without_an_end_are_called_back(full: Class) -> None:
    """After a grace period, by countdown; a teacher who is back before lets them go on."""
    full.split(2)
    full.drop("ada")
    full.wait(100)
    full.join("ada")
    full.wait(100)
    assert full.mode.pending is None
    full.drop("ada")
    full.wait(119)
    assert full.mode.pending is None
    full.wait(1)
    assert switches(full)[-1] == "teachers_gone"
    full.wait(30)
    assert full.mode.kind is ModeKind.IDLE


def test_another_teacher_keeps_the_groups_going(full: Class) -> None:
    """One of them is enough."""
    full.join("abe")
    full.split(2)
    full.drop("ada")
    full.wait(1000)
    assert full.mode.kind is ModeKind.GROUPS


def test_a_broadcast_out_of_groups_goes_by_countdown(split: Class) -> None:
    """To the one who was named; if they are gone by then, the room rests."""
    split.join("abe")
    mode = split.ask(Broadcast(room="logic", seen=split.mode.number), by="abe")
    assert mode.pending
    assert mode.pending.to == Target(kind=ModeKind.BROADCAST, speaker="abe")
    split.drop("abe")
    split.wait(30)
    assert split.mode.kind is ModeKind.IDLE


def test_resting_ends_a_broadcast_at_once(full: Class) -> None:
    """There is no mid-sentence to wait for."""
    full.ask(Broadcast(room="logic", seen=1))
    assert full.ask(Rest(room="logic", seen=2)).kind is ModeKind.IDLE


def test_only_who_is_there_can_speak(full: Class) -> None:
    """A speaker who is not in the room is refused, with the path."""
    with pytest.raises(Invalid) as refused:
        full.ask(Broadcast(room="logic", seen=1), by="abe")
    assert refused.value.details["path"] == "speaker"
    assert full.ask(Broadcast(room="logic", seen=1, speaker="ben")).speaker == "ben"


def test_one_student_alone_is_not_split(logic: Class) -> None:
    """They stay in the main room; teachers are nobody's partners."""
    logic.join("ada", "abe", "ben")
    with pytest.raises(TooFew):
        logic.split()


def test_who_is_away_is_not_put_into_a_group_and_gets_a_seat_on_coming_back(full: Class) -> None:
    """Otherwise somebody would sit alone from the start."""
    full.drop("ben")
    full.split(2)
    assert full.group_of("ben") is None
    full.join("ben")
    assert full.group_of("ben")


def test_groups_are_kept_from_last_time(full: Class) -> None:
    """The same people sit together again."""
    first = {tuple(group.members) for group in full.split(2).groups}
    call_back(full, countdown=0)
    again = full.ask(Split(room="logic", seen=full.mode.number, size=2, kept=True))
    assert {tuple(group.members) for group in again.groups} == first


def test_a_teacher_moves_somebody(split: Class) -> None:
    """The switch number stays; one who is left alone is merged."""
    before = split.mode
    mover, left = before.groups[0].members
    mode = split.ask(MovePerson(room="logic", seen=before.number, person=mover, group=before.groups[1].id))
    assert mode.number == before.number
    assert split.group_of(mover) == before.groups[1].id
    assert split.group_of(left) == before.groups[2].id


@pytest.mark.parametrize(
    ("person", "group", "path"), [("ada", "group-1", "person"), ("zoe", "group-1", "person"), ("ben", "group-9", "group")]
)
def test_only_members_who_are_there_move_to_groups_that_are_there(split: Class, person: str, group: str, path: str) -> None:
    """Teachers sit in no group."""
    with pytest.raises(Invalid) as refused:
        split.ask(MovePerson(room="logic", seen=split.mode.number, person=person, group=group))
    assert refused.value.details["path"] == path


def test_moving_needs_groups(full: Class) -> None:
    """The refusal says so."""
    with pytest.raises(NotInGroups):
        full.ask(MovePerson(room="logic", seen=1, person="ben", group="group-1"))


def test_the_rooms_own_countdown_and_size_are_the_default(full: Class) -> None:
    """Thirty seconds and four, where nothing else is said."""
    mode = full.ask(Split(room="logic", seen=1))
    assert [len(group.members) for group in mode.groups] == [3, 3]
    pending = call_back(full).pending
    assert pending
    assert pending.at == full.campus.clock.now() + timedelta(seconds=30)


def test_when_all_is_done_the_clock_has_nothing_to_wait_for(split: Class) -> None:
    """No room is looked at without need."""
    call_back(split)
    split.wait(30)
    assert split.campus.run_job("classroom", "keep-time") is None
