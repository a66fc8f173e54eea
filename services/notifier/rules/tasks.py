"""When a task is urgent or overdue, who oversees it, who may complete it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from chalkbell.contracts import Conflict, Invalid, NotAllowed, NotFound, Refusal
from chalkbell.contracts.notifier import AlreadyCompleted, NotATarget, NotCompleted, TaskArchived

URGENT = timedelta(days=7)
YEARS = range(2000, 2200)


def urgent_from(deadline: datetime) -> datetime:
    """The moment after which a task is urgent: seven times 24 hours before its deadline, whatever the clocks do between."""
    return deadline - URGENT


def is_urgent(deadline: datetime, now: datetime) -> bool:
    """Whether less than seven days are left, overdue included."""
    return now > urgent_from(deadline)


def is_overdue(deadline: datetime, now: datetime) -> bool:
    """Whether the deadline has passed."""
    return now > deadline


def checked_deadline(deadline: datetime) -> datetime:
    """The deadline in UTC, to the second. Refused when no campus can have meant it."""
    if deadline.year not in YEARS:
        raise Invalid(f"The deadline's year must be between {YEARS[0]} and {YEARS[-1]}.", path="deadline")
    return deadline.astimezone(UTC).replace(microsecond=0)


def checked_zone(name: str) -> str:
    """The name of a time zone that exists."""
    if name not in _zones():
        raise Invalid(f"{name} is no time zone. Use a name such as Europe/London.", path="timezone")
    return name


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def known(given: Collection[str], existing: Collection[str], path: str) -> list[str]:
    """The given ids, each once and sorted. Refused with the place of the first that does not exist."""
    for place, id in enumerate(given):
        if id not in existing:
            raise Invalid(f"There is no {id}. Check the id.", path=f"{path}[{place}]")
    return sorted(set(given))


@dataclass(frozen=True)
class Standing:
    """How the caller of a procedure stands to a task and to the person it is about."""

    caller: str
    subject: str
    oversees: bool
    """Owner, manager or administrator."""
    is_target: bool
    """Whether the caller is one of those it is for."""
    subject_is_target: bool
    archived: bool
    completed: bool
    """Whether the subject has completed it."""


def may_complete(standing: Standing) -> None:
    """Refuse unless the subject's completion may be marked by the caller."""
    _may_certify(standing)
    if standing.completed:
        raise AlreadyCompleted


def may_take_back(standing: Standing) -> None:
    """Refuse unless the subject's completion may be taken back by the caller."""
    _may_certify(standing)
    if not standing.completed:
        raise NotCompleted


def _may_certify(standing: Standing) -> None:
    if not (standing.oversees or standing.is_target):
        raise NotFound(path="task")
    if standing.subject != standing.caller and not standing.oversees:
        raise NotAllowed("You may mark this task for yourself only. Its owner can mark it for others.")
    if not standing.subject_is_target:
        raise NotATarget
    if standing.archived:
        raise TaskArchived


def conflict(seen: int, version: int, state: object) -> Refusal:
    """The refusal for somebody who changes what they have not seen; it carries what is there now."""
    message = "Somebody has changed this task since you read it. Look at it as it is now and decide again."
    return Conflict(message, seen=seen, version=version, state=state)


def zone(name: str) -> ZoneInfo:
    """A time zone by its name."""
    return ZoneInfo(name)
