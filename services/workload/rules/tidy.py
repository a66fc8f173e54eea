"""One way to write each thing: lists whose order means nothing are sorted, so that equal things are equal."""

from __future__ import annotations

from typing import Any, TypeVar

from chalkbell.contracts import Message
from chalkbell.contracts.workload import Activity, ActivityInFull, Allocation
from chalkbell.contracts.workload.making import made

M = TypeVar("M", bound=Message)
SORTED = ("groups", "managers", "assessment_team", "exams_office", "directors", "examiners", "moderators", "programmes", "periods")


def tidy(details: M) -> M:
    """The same, with its lists in order. A package's periods have an order of their own, and keep it."""
    lists: dict[str, list[Any]] = {name: getattr(details, name) for name in SORTED if name in details.__struct_fields__}
    ordered = {name: sorted(values) for name, values in lists.items() if all(isinstance(one, (str, int)) for one in values)}
    return made(type(details), details, **ordered)


def tidy_allocations(allocations: list[Allocation]) -> list[Allocation]:
    """Allocations in the order of people."""
    return sorted(allocations, key=lambda one: one.person)


def for_everybody(activity: ActivityInFull) -> Activity:
    """An activity as everybody who sees the package may see it."""
    if activity.confidential:
        return made(Activity, activity, name="", type=None, module=None, comment="")
    return made(Activity, activity)
