"""How a room goes from one mode to the next."""

from datetime import UTC, datetime, timedelta

import pytest

from chalkbell.contracts.classroom import (
    CountdownRunning,
    GroupOfRoom,
    Mode,
    ModeKind,
    NoCountdown,
    NotInGroups,
    SwitchReason,
    Target,
    TooFew,
)
from services.classroom.rules import modes

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HERE = {"ada", "ben", "cay", "dan"}
GROUPS = [GroupOfRoom(id="group-1", members=["ben", "cay"])]
ADA = Target(kind=ModeKind.BROADCAST, speaker="ada")


def after(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def broadcast() -> Mode:
    step = modes.go_to(modes.opened(NOON), ADA, SwitchReason.BROADCAST, NOON, 30, HERE)
    assert step
    return step.mode


def in_groups(lasts: int | None = None) -> Mode:
    return modes.split(broadcast(), GROUPS, 2, NOON, lasts).mode


def counting(lasts: int | None = None) -> Mode:
    return modes.call_back(in_groups(lasts), NOON, 30, HERE).mode


def test_every_switch_has_the_next_number() -> None:
    """So that what belongs to an old mode can be told from what belongs to the new one."""
    numbers = [modes.opened(NOON).number, broadcast().number, in_groups().number, counting().number]
    assert numbers == [1, 2, 3, 4]


def test_a_broadcast_begins_at_once_outside_groups() -> None:
    """Nobody is cut off there."""
    assert (broadcast().kind, broadcast().speaker, broadcast().pending) == (ModeKind.BROADCAST, "ada", None)


def test_going_where_one_is_is_no_switch() -> None:
    """Pressing again does nothing."""
    assert modes.go_to(broadcast(), ADA, SwitchReason.BROADCAST, after(9), 30, HERE) is None
    assert modes.go_to(modes.opened(NOON), modes.IDLE, SwitchReason.RESTED, after(9), 30, HERE) is None


def test_leaving_groups_takes_the_countdown_and_leads_back_to_the_broadcast() -> None:
    """One moment, told once; then what was before, by the same teacher."""
    mode = counting()
    assert mode.kind is ModeKind.GROUPS
    assert mode.pending
    assert (mode.pending.at, mode.pending.to) == (after(30), ADA)
    assert modes.by_the_clock(mode, after(29), 30, HERE) is None
    step = modes.by_the_clock(mode, after(30), 30, HERE)
    assert step
    assert modes.target_of(step.mode) == ADA
    assert step.reason is SwitchReason.COUNTDOWN_ENDED


def test_a_second_countdown_is_refused() -> None:
    """Neither the same nor another target restarts it."""
    with pytest.raises(CountdownRunning):
        modes.call_back(counting(), after(10), 30, HERE)
    with pytest.raises(CountdownRunning):
        modes.go_to(counting(), modes.IDLE, SwitchReason.RESTED, after(10), 30, HERE)


def test_a_countdown_is_skipped_extended_and_cancelled() -> None:
    """Each is a switch of its own, with a new number."""
    mode = counting()
    skipped = modes.skip(mode, after(5), HERE).mode
    assert (skipped.kind, skipped.since, skipped.number) == (ModeKind.BROADCAST, after(5), 5)
    extended = modes.extend(mode, 60).mode
    assert extended.pending
    assert (extended.pending.at, extended.groups, extended.number) == (after(90), GROUPS, 5)
    cancelled = modes.cancel(mode).mode
    assert (cancelled.kind, cancelled.pending, cancelled.groups, cancelled.number) == (ModeKind.GROUPS, None, GROUPS, 5)


@pytest.mark.parametrize("mode", [modes.opened(NOON), broadcast(), in_groups()])
def test_without_a_countdown_there_is_nothing_to_skip_extend_or_cancel(mode: Mode) -> None:
    """The refusal says what to do instead."""
    for act in (lambda: modes.skip(mode, NOON, HERE), lambda: modes.extend(mode, 60), lambda: modes.cancel(mode)):
        with pytest.raises(NoCountdown):
            act()


def test_only_groups_are_called_back() -> None:
    """There is nothing before them otherwise."""
    with pytest.raises(NotInGroups):
        modes.call_back(broadcast(), NOON, 30, HERE)


def test_an_agreed_end_is_counted_down_to() -> None:
    """Groups of ten minutes: at nine and a half the countdown begins, at ten all are back."""
    mode = in_groups(600)
    assert modes.next_due(mode, 30) == after(570)
    assert modes.by_the_clock(mode, after(569), 30, HERE) is None
    step = modes.by_the_clock(mode, after(570), 30, HERE)
    assert step
    assert step.reason is SwitchReason.COUNTDOWN_STARTED
    assert step.mode.pending
    assert step.mode.pending.at == after(600)
    assert modes.next_due(step.mode, 30) == after(600)


def test_when_the_service_was_away_the_countdown_has_what_is_left() -> None:
    """It ends at the agreed moment, however late it began; and if that has passed, all are back at once."""
    late = modes.by_the_clock(in_groups(600), after(590), 30, HERE)
    assert late
    assert late.mode.pending
    assert late.mode.pending.at == after(600)
    past = modes.by_the_clock(in_groups(600), after(4000), 30, HERE)
    assert past
    assert past.mode.kind is ModeKind.BROADCAST


def test_extending_before_the_countdown_moves_the_agreed_end() -> None:
    """And cancelling removes it: the groups stay until they are called back."""
    assert modes.extend(in_groups(600), 120).mode.until == after(720)
    assert modes.cancel(in_groups(600)).mode.until is None
    assert modes.next_due(modes.cancel(counting(600)).mode, 30) is None


def test_nobody_is_brought_back_to_a_speaker_who_is_gone() -> None:
    """The room rests then."""
    step = modes.by_the_clock(counting(), after(30), 30, HERE - {"ada"})
    assert step
    assert step.mode.kind is ModeKind.IDLE


def test_a_broadcast_ends_with_its_speaker_and_groups_do_not() -> None:
    """A listener's leaving changes nothing."""
    step = modes.speaker_left(broadcast(), "ada", after(9))
    assert step
    assert (step.mode.kind, step.reason) == (ModeKind.IDLE, SwitchReason.SPEAKER_LEFT)
    assert modes.speaker_left(broadcast(), "ben", after(9)) is None
    assert modes.speaker_left(in_groups(), "ada", after(9)) is None


def test_groups_split_out_of_groups_go_back_to_what_was_before_the_first() -> None:
    """New partners in between are no other way back."""
    again = modes.split(in_groups(), GROUPS, 2, after(60), None).mode
    assert again.before == ADA
    assert again.number == 4


def test_groups_without_teachers_are_called_back_unless_an_end_is_agreed() -> None:
    """With an end they go on until then."""
    step = modes.unattended(in_groups(), after(120), 30, HERE)
    assert step
    assert step.reason is SwitchReason.TEACHERS_GONE
    assert step.mode.pending
    assert step.mode.pending.at == after(150)
    assert modes.unattended(in_groups(600), after(120), 30, HERE) is None
    assert modes.unattended(counting(), after(120), 30, HERE) is None
    assert modes.unattended(broadcast(), after(120), 30, HERE) is None


def test_a_countdown_of_nothing_is_a_switch_at_once() -> None:
    """For those who do not want one."""
    assert modes.call_back(in_groups(), NOON, 0, HERE).mode.kind is ModeKind.BROADCAST
    step = modes.unattended(in_groups(), NOON, 0, HERE)
    assert step
    assert step.mode.kind is ModeKind.BROADCAST


def test_a_split_needs_two() -> None:
    """Nobody is put into a group alone."""
    with pytest.raises(TooFew):
        modes.split(broadcast(), [], 4, NOON, None)


def test_changing_seats_is_no_switch() -> None:
    """The number stays, and a running countdown too."""
    mode = modes.reseated(counting(), [])
    assert (mode.number, mode.groups) == (4, [])
    assert mode.pending == counting().pending
