"""Who may see a package and who may change it."""

from __future__ import annotations

import enum
from collections.abc import Collection

from chalkbell.contracts.workload import Package, Status


class Access(enum.IntEnum):
    """How far somebody may go in a package."""

    NONE = 0
    READ = 1
    CHANGE = 2


def access(package: Package, *, administrator: bool, groups: Collection[str], takes_part: bool) -> Access:
    """What somebody who is in these groups may do in a package.

    `takes_part`: coordinates, moderates, teaches or directs something in it, or has a post or an activity there. Examiners as such
    do not: loads are not their business, and what they examine workflow tells them. Draft and hidden packages are for those who
    may change them.
    """
    if administrator or _any(package.managers, groups):
        return Access.CHANGE
    if package.status in (Status.DRAFT, Status.HIDDEN):
        return Access.NONE
    if takes_part or _any(package.groups, groups) or _any(package.assessment_team, groups) or _any(package.exams_office, groups):
        return Access.READ
    return Access.NONE


def may_lose_sight(before: Package, after: Package) -> bool:
    """Whether somebody who saw the package before may not see it after."""
    if before.status != after.status and after.status in (Status.DRAFT, Status.HIDDEN):
        return True
    fields = ("groups", "managers", "assessment_team", "exams_office")
    return any(set(getattr(before, field)) - set(getattr(after, field)) for field in fields)


def _any(named: Collection[str], groups: Collection[str]) -> bool:
    return not set(named).isdisjoint(groups)
