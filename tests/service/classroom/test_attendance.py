"""Coming in, being away, and going out."""

import pytest

from chalkbell.contracts import NotFound
from chalkbell.contracts.classroom import (
    Broadcast,
    Join,
    Leave,
    ModeKind,
    MoveReason,
    NoSession,
    ReadCode,
    ReadMembers,
    RenewCode,
    Standing,
    WithdrawCode,
)
from chalkbell.handlers import LiveSession
from tests.service.classroom.conftest import STUDENTS, Class


def names(found: Class) -> list[str]:
    return [envelope.name for envelope in found.events()]


def live(found: Class, *people: str) -> list[LiveSession]:
    return [LiveSession(found.session_of[name], name, "person") for name in people]


def test_who_joins_is_seen_with_name_and_standing(logic: Class) -> None:
    """Teachers as teachers, the class as members."""
    logic.join("ada", "ben")
    found = {p.person: (p.name, p.standing) for p in logic.read().participants}
    assert found == {"ada": ("Ada", Standing.TEACHER), "ben": ("Ben", Standing.MEMBER)}


def test_two_tabs_are_one_participant(logic: Class) -> None:
    """Who joins twice is there once, and is there until the last tab is closed."""
    logic.ask(Join(room="logic"), by="ben", session=1)
    logic.ask(Join(room="logic"), by="ben", session=2)
    assert names(logic).count("joined") == 1
    logic.campus.end_session(1)
    assert logic.read().participants[0].away_since is None
    logic.campus.end_session(2)
    assert logic.read().participants[0].away_since is not None


def test_leaving_one_tab_is_not_leaving_the_room(logic: Class) -> None:
    """Unless one asks to leave everywhere."""
    for session in (1, 2, 3):
        logic.ask(Join(room="logic"), by="ben", session=session)
    logic.ask(Leave(room="logic"), by="ben", session=1)
    assert logic.here == {"ben"}
    logic.ask(Leave(room="logic", everywhere=True), by="ben", session=2)
    assert logic.here == set()
    assert names(logic)[-1] == "left"


def test_who_loses_the_connection_keeps_the_seat_for_a_while(full: Class) -> None:
    """Away at once, back in the same group within the grace period, gone after it."""
    full.split()
    seat = full.group_of("ben")
    full.drop("ben")
    full.wait(29)
    assert full.group_of("ben") == seat
    full.join("ben")
    full.wait(31)
    assert full.group_of("ben") == seat
    full.drop("ben")
    full.wait(30)
    assert "ben" not in full.here
    assert full.group_of("ben") is None


def test_the_same_news_of_a_lost_session_twice_is_one_loss(logic: Class) -> None:
    """Every process of the service is told."""
    logic.join("ben")
    session = logic.session_of["ben"]
    logic.campus.end_session(session)
    logic.campus.end_session(session)
    assert names(logic).count("participant_changed") == 1


def test_who_returns_to_the_same_seconds_sees_the_same_room(full: Class) -> None:
    """A reload during a countdown changes nothing for anybody."""
    full.split()
    before = full.mode
    full.drop("cay")
    full.join("cay")
    assert full.mode == before


def test_sessions_that_ended_while_the_service_was_away_are_lost_when_it_is_back(full: Class) -> None:
    """The time to come back counts from then; those who are still connected notice nothing."""
    full.wait(600)
    still = ["ada", *STUDENTS[:4]]
    full.campus.show_sessions(live(full, *still))
    away = {p.person for p in full.read().participants if p.away_since}
    assert away == set(STUDENTS[4:])
    full.wait(29)
    assert full.here == {"ada", *STUDENTS}
    full.wait(1)
    assert full.here == set(still)


def test_who_joined_a_moment_ago_is_not_missed(full: Class) -> None:
    """The list of sessions may be a little older than the joining."""
    full.wait(600)
    full.join("hal")
    full.campus.show_sessions(live(full, "ada", *STUDENTS))
    assert not any(p.away_since for p in full.read().participants)


def test_a_session_that_ended_before_its_joining_was_answered_is_not_there(logic: Class) -> None:
    """Nobody would ever notice its end again."""
    logic.campus.end_session(77)
    with pytest.raises(NoSession):
        logic.ask(Join(room="logic"), by="ben", session=77)
    logic.wait(601)
    logic.ask(Join(room="logic"), by="ben", session=77)


def test_joining_without_a_session_is_refused(logic: Class) -> None:
    """Over HTTP nobody would know when one has gone."""
    with pytest.raises(NoSession):
        logic.campus.call(Join(room="logic"), by="ben")


def test_a_latecomer_joins_a_group(full: Class) -> None:
    """And everybody is told of the joining and of the seat, in two events."""
    full.split(3)
    full.join("hal")
    joined, seated = full.events()[-2:]
    assert (joined.name, seated.name) == ("joined", "groups_changed")
    assert seated.data["moves"] == [{"person": "hal", "to": full.group_of("hal"), "reason": MoveReason.CAME_LATE.value}]


def test_a_group_left_by_all_but_one_is_merged(full: Class) -> None:
    """The one has a seat in another group, in the same moment."""
    mode = full.split(2)
    leaver, stayer = mode.groups[0].members
    full.ask(Leave(room="logic"), by=leaver)
    assert full.group_of(stayer) not in (None, mode.groups[0].id)
    assert {"person": stayer, "to": full.group_of(stayer), "reason": "merged"} in full.events()[-1].data["moves"]


def test_when_the_speaker_is_gone_the_broadcast_ends_but_a_reload_does_not_end_it(full: Class) -> None:
    """The speaker has the same grace as everybody."""
    full.ask(Broadcast(room="logic", seen=1))
    full.drop("ada")
    full.wait(20)
    full.join("ada")
    assert full.mode.kind is ModeKind.BROADCAST
    full.drop("ada")
    full.wait(30)
    assert full.mode.kind is ModeKind.IDLE


def test_an_invitation_code_lets_in_and_makes_a_member(logic: Class) -> None:
    """However it is written; without it the room is not there."""
    code = logic.ask(ReadCode(room="logic")).code
    with pytest.raises(NotFound):
        logic.join("zac")
    with pytest.raises(NotFound):
        logic.ask(Join(room="logic", code="AAAA-AAAA"), by="zac")
    logic.ask(Join(room="logic", code=code.lower().replace("-", " ")), by="zac")
    assert logic.ask(ReadMembers(room="logic")).by_code == ["zac"]
    logic.ask(Leave(room="logic"), by="zac")
    logic.join("zac")


def test_an_old_code_lets_nobody_in(logic: Class) -> None:
    """Neither after a new one was made nor after it was withdrawn."""
    old = logic.ask(ReadCode(room="logic")).code
    new = logic.ask(RenewCode(room="logic")).code
    assert new != old
    with pytest.raises(NotFound):
        logic.ask(Join(room="logic", code=old), by="zac")
    logic.ask(WithdrawCode(room="logic"))
    with pytest.raises(NotFound):
        logic.ask(Join(room="logic", code=new), by="zac")
    assert logic.ask(ReadCode(room="logic")).code is None
    assert logic.read().room.by_code is False
