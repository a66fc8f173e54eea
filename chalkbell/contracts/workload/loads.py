"""How loads are answered. All in hours, not rounded; periods in the package's order."""

from __future__ import annotations

import enum

from chalkbell.contracts.core import GroupId, Message, PersonId, ShortText, Slug, Snapshot
from chalkbell.contracts.workload.things import Category, Period, Show


class Work(enum.StrEnum):
    """What an item of a load comes from."""

    ACTIVITY = "activity"
    CONTACT = "contact"
    ADMIN = "admin"
    ASSESSMENT = "assessment"
    COORDINATION = "coordination"


class LoadItem(Message, frozen=True, kw_only=True):
    """One thing that somebody does: an activity, or a share of a module's hours. `name` is empty when you may not know it."""

    work: Work
    name: ShortText
    category: Slug
    activity: Slug | None = None
    module: Slug | None = None
    share: float = 100.0
    confidential: bool = False
    total: float
    periods: list[float]


class Load(Message, frozen=True, kw_only=True):
    """Somebody's load in a package.

    `categories` gives hours by category id and sums to `total`, as `periods` does. `scaled` is the total as if full-time, `percent`
    that of what their FTE would be; both are null for FTE 0. `incomplete` names modules left out because a formula fails.
    """

    person: PersonId
    name: ShortText
    job_title: ShortText = ""
    school: ShortText = ""
    external: bool = False
    active: bool = True
    fte: float
    has_workload: bool
    groups: list[GroupId]
    total: float
    periods: list[float]
    categories: dict[str, float]
    scaled: float | None
    percent: float | None
    incomplete: list[Slug] = []


class Average(Message, frozen=True, kw_only=True):
    """Hours of several people together: `average` over all, `average_loaded` over those who have any."""

    people: int
    loaded: int
    total: float
    average: float
    average_loaded: float


class GroupLoad(Average, frozen=True, kw_only=True):
    """Hours of a group of the package. Somebody in two groups counts in each, but once in the whole."""

    group: GroupId
    name: ShortText


class ModuleHours(Message, frozen=True, kw_only=True):
    """A module's hours. With `problem` a formula failed: all hours are 0 and not counted in anybody's load."""

    module: Slug
    contact: float = 0.0
    admin: float = 0.0
    assessment: float = 0.0
    coordinator: float = 0.0
    total: float = 0.0
    periods: list[float]
    unallocated: float = 0.0
    problem: ShortText = ""


class Loads(Snapshot, frozen=True, kw_only=True):
    """Everybody's load in a package: those of its groups, and who else has work. Without people who have nothing and need nothing.

    Left out are those without hours who are disabled or have no workload. `unallocated` are hours that nobody has yet.
    """

    package: Slug
    name: ShortText
    show: Show
    nominal_hours: float
    periods: list[Period]
    categories: list[Category]
    loads: list[Load]
    groups: list[GroupLoad]
    whole: Average
    modules: list[ModuleHours]
    unallocated: float


class PersonLoad(Snapshot, frozen=True, kw_only=True):
    """One person's load, the same numbers as in `loads.read`, and what it is made of."""

    package: Slug
    name: ShortText
    show: Show
    nominal_hours: float
    periods: list[Period]
    categories: list[Category]
    load: Load
    items: list[LoadItem]
