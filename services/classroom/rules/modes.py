"""How a room goes from one mode to the next. Pure: the moment, the groups and who is there are given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalkbell.contracts.classroom import (
    CountdownRunning,
    GroupOfRoom,
    Mode,
    ModeKind,
    NoCountdown,
    NotInGroups,
    Pending,
    SwitchReason,
    Target,
    TooFew,
)

IDLE = Target(kind=ModeKind.IDLE)


@dataclass(frozen=True)
class Step:
    """A switch: the complete new mode, and why."""

    mode: Mode
    reason: SwitchReason


def opened(now: datetime) -> Mode:
    """The mode of a new room."""
    return Mode(number=1, kind=ModeKind.IDLE, since=now)


def target_of(mode: Mode) -> Target:
    """What a room does now, as something to go back to."""
    return Target(kind=mode.kind, speaker=mode.speaker)


def go_to(mode: Mode, target: Target, reason: SwitchReason, now: datetime, countdown: int, present: Collection[str]) -> Step | None:
    """Switch to a broadcast or to rest: at once, but out of groups after a countdown. None where that is what the room does."""
    if mode.kind is not ModeKind.GROUPS:
        return None if target_of(mode) == target else Step(_enter(mode, target, now, present), reason)
    if countdown == 0:
        return Step(_enter(mode, target, now, present), reason)
    if mode.pending:
        raise CountdownRunning
    return _count_down(mode, target, now + timedelta(seconds=countdown), SwitchReason.COUNTDOWN_STARTED)


def split(mode: Mode, groups: Sequence[GroupOfRoom], size: int, now: datetime, lasts: int | None) -> Step:
    """Into these groups, at once. Out of other groups, what was before them stays what the room goes back to."""
    if not groups:
        raise TooFew
    new = Mode(
        number=mode.number + 1,
        kind=ModeKind.GROUPS,
        since=now,
        groups=list(groups),
        size=size,
        until=now + timedelta(seconds=lasts) if lasts else None,
        before=mode.before if mode.kind is ModeKind.GROUPS else target_of(mode),
    )
    return Step(new, SwitchReason.SPLIT)


def call_back(mode: Mode, now: datetime, countdown: int, present: Collection[str]) -> Step:
    """Back to what was before the groups, after a countdown."""
    step = go_to(_in_groups(mode), mode.before or IDLE, SwitchReason.COUNTDOWN_SKIPPED, now, countdown, present)
    assert step is not None, "leaving groups is always a switch"
    return step


def skip(mode: Mode, now: datetime, present: Collection[str]) -> Step:
    """What the countdown counts to, now."""
    if not mode.pending:
        raise NoCountdown
    return Step(_enter(mode, mode.pending.to, now, present), SwitchReason.COUNTDOWN_SKIPPED)


def extend(mode: Mode, seconds: int) -> Step:
    """The same switch later; without a countdown, the agreed end later."""
    more = timedelta(seconds=seconds)
    if mode.pending:
        return _count_down(mode, mode.pending.to, mode.pending.at + more, SwitchReason.COUNTDOWN_EXTENDED)
    if mode.until:
        return Step(_in_same_groups(mode, mode.until + more, None), SwitchReason.COUNTDOWN_EXTENDED)
    raise NoCountdown


def cancel(mode: Mode) -> Step:
    """Stay in groups, with no end agreed."""
    if not (mode.pending or mode.until):
        raise NoCountdown
    return Step(_in_same_groups(mode, None, None), SwitchReason.COUNTDOWN_CANCELLED)


def speaker_left(mode: Mode, person: str, now: datetime) -> Step | None:
    """When the one who speaks is gone for good, the room rests. In groups, what to go back to is decided when it comes."""
    if mode.kind is ModeKind.BROADCAST and mode.speaker == person:
        return Step(_enter(mode, IDLE, now, ()), SwitchReason.SPEAKER_LEFT)
    return None


def by_the_clock(mode: Mode, now: datetime, countdown: int, present: Collection[str]) -> Step | None:
    """What is due at this moment: the end of a countdown, or its beginning before an agreed end."""
    if mode.pending:
        if mode.pending.at <= now:
            return Step(_enter(mode, mode.pending.to, now, present), SwitchReason.COUNTDOWN_ENDED)
        return None
    if mode.until is None:
        return None
    if mode.until <= now:
        return Step(_enter(mode, mode.before or IDLE, now, present), SwitchReason.COUNTDOWN_ENDED)
    if mode.until - timedelta(seconds=countdown) <= now:
        return _count_down(mode, mode.before or IDLE, mode.until, SwitchReason.COUNTDOWN_STARTED)
    return None


def unattended(mode: Mode, now: datetime, countdown: int, present: Collection[str]) -> Step | None:
    """All teachers have been gone for too long: back by countdown, unless an end is agreed or counted to already."""
    if not waits_for_teacher(mode):
        return None
    target = mode.before or IDLE
    if countdown == 0:
        return Step(_enter(mode, target, now, present), SwitchReason.TEACHERS_GONE)
    return _count_down(mode, target, now + timedelta(seconds=countdown), SwitchReason.TEACHERS_GONE)


def waits_for_teacher(mode: Mode) -> bool:
    """Whether these groups end only when a teacher ends them."""
    return mode.kind is ModeKind.GROUPS and mode.until is None and mode.pending is None


def next_due(mode: Mode, countdown: int) -> datetime | None:
    """When `by_the_clock` next has something to do."""
    if mode.pending:
        return mode.pending.at
    return mode.until - timedelta(seconds=countdown) if mode.until else None


def reseated(mode: Mode, groups: Sequence[GroupOfRoom]) -> Mode:
    """The same mode with people in other seats: no switch, and so the same number."""
    return Mode(
        number=mode.number,
        kind=mode.kind,
        since=mode.since,
        groups=list(groups),
        size=mode.size,
        until=mode.until,
        before=mode.before,
        pending=mode.pending,
    )


def _in_groups(mode: Mode) -> Mode:
    if mode.kind is not ModeKind.GROUPS:
        raise NotInGroups
    return mode


def _enter(mode: Mode, target: Target, now: datetime, present: Collection[str]) -> Mode:
    # nobody can listen to one who is gone
    if target.kind is ModeKind.BROADCAST and target.speaker not in present:
        target = IDLE
    return Mode(number=mode.number + 1, kind=target.kind, since=now, speaker=target.speaker)


def _count_down(mode: Mode, target: Target, at: datetime, reason: SwitchReason) -> Step:
    until = max(mode.until, at) if mode.until else None
    return Step(_in_same_groups(mode, until, Pending(to=target, at=at)), reason)


def _in_same_groups(mode: Mode, until: datetime | None, pending: Pending | None) -> Mode:
    return Mode(
        number=mode.number + 1,
        kind=mode.kind,
        since=mode.since,
        groups=mode.groups,
        size=mode.size,
        until=until,
        before=mode.before,
        pending=pending,
    )
