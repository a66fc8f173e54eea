"""What must hold of the things in a package, beyond the shape that contracts check. Every problem is told, each with its path."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from chalkbell.contracts.workload import (
    ActivityDetails,
    ActivityTypeDetails,
    Allocation,
    ModuleDetails,
    PackageDetails,
    ProgrammeDetails,
)

KINDS = ("contact", "admin", "assessment")
SLACK = 1e-6
"""Percent by which shares may pass 100: three thirds written with decimals are a whole."""
UNKNOWN_PERSON = "The campus knows nobody with this id. Somebody added a moment ago may take a second to be known."


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where in the request."""

    path: str
    message: str


@dataclass
class Known:
    """The ids that things in a package may refer to."""

    periods: int
    people: Collection[str] = ()
    categories: set[str] = field(default_factory=set[str])
    activity_types: set[str] = field(default_factory=set[str])
    programmes: set[str] = field(default_factory=set[str])
    modules: set[str] = field(default_factory=set[str])


def package_problems(package: PackageDetails, groups: Collection[str], categories: Collection[str]) -> Iterator[Problem]:
    """What is wrong with a package. `groups` are those of the campus that it names, `categories` those it has."""
    if package.end <= package.start:
        yield Problem("end", "The end is exclusive and must come after the start.")
    for field_name in ("groups", "managers", "assessment_team", "exams_office"):
        named: Sequence[str] = getattr(package, field_name)
        for index, group in enumerate(named):
            if group not in groups:
                yield Problem(f"{field_name}[{index}]", "The campus has no such group.")
        yield from _twice(named, field_name)
    names = [period.name for period in package.periods]
    yield from _twice(names, "periods")
    for index, period in enumerate(package.periods):
        if (period.start is None) != (period.end is None):
            yield Problem(f"periods[{index}]", "Give both the start and the end of a period, or neither.")
        elif period.start is not None and period.end is not None and period.end <= period.start:
            yield Problem(f"periods[{index}].end", "The end is exclusive and must come after the start.")
    for field_name in ("module_category", "coordination_category"):
        if getattr(package, field_name) not in categories:
            yield Problem(field_name, "The package has no such category.")


def activity_type_problems(one: ActivityTypeDetails, known: Known) -> Iterator[Problem]:
    """What is wrong with an activity type."""
    if one.category not in known.categories:
        yield Problem("category", "The package has no such category.")


def programme_problems(one: ProgrammeDetails, known: Known) -> Iterator[Problem]:
    """What is wrong with a programme."""
    for field_name, people in (("directors", one.directors), ("examiners", one.examiners)):
        yield from _people(people, field_name, known)


def module_problems(one: ModuleDetails, known: Known) -> Iterator[Problem]:
    """What is wrong with a module, without its allocations."""
    yield from _periods(one.periods, known)
    if one.coordinator is not None and one.coordinator not in known.people:
        yield Problem("coordinator", UNKNOWN_PERSON)
    yield from _people(one.moderators, "moderators", known)
    for index, programme in enumerate(one.programmes):
        if programme not in known.programmes:
            yield Problem(f"programmes[{index}]", "The package has no such programme.")
    yield from _twice(one.programmes, "programmes")
    if one.lead_programme is not None and one.lead_programme not in one.programmes:
        yield Problem("lead_programme", "The lead programme is one of the module's programmes.")


def allocation_problems(allocations: Sequence[Allocation], known: Known) -> Iterator[Problem]:
    """What is wrong with the people and shares of a module's allocations; `over_allocated` tells of their sums."""
    for index, one in enumerate(allocations):
        if one.person not in known.people:
            yield Problem(f"allocations[{index}].person", UNKNOWN_PERSON)
        if not (one.contact or one.admin or one.assessment):
            yield Problem(f"allocations[{index}]", "Give a share of something, or leave the person out.")
    yield from _twice([one.person for one in allocations], "allocations")


def over_allocated(allocations: Iterable[Allocation]) -> Iterator[Problem]:
    """The kinds of which more than 100 % is given away over all people."""
    given = list(allocations)
    for kind in KINDS:
        total = sum(getattr(one, kind) for one in given)
        if total > 100 + SLACK:
            yield Problem(
                "allocations", f"{total:g} % of the {kind} hours would be given away. Lower somebody's share to 100 % over all."
            )


def activity_problems(one: ActivityDetails, known: Known) -> Iterator[Problem]:
    """What is wrong with an activity."""
    if one.type not in known.activity_types:
        yield Problem("type", "The package has no such activity type.")
    yield from _periods(one.periods, known)
    if one.person is not None and one.person not in known.people:
        yield Problem("person", UNKNOWN_PERSON)
    if one.module is not None and one.module not in known.modules:
        yield Problem("module", "The package has no such module.")


def person_problems(person: str, known: Known) -> Iterator[Problem]:
    """What is wrong with naming this person."""
    if person not in known.people:
        yield Problem("person", UNKNOWN_PERSON)


def slug_of(text: str) -> str:
    """An id made from a code or a name: CS1001 becomes cs1001. Empty when nothing of the text can be in one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].strip("-")


def _people(people: Sequence[str], path: str, known: Known) -> Iterator[Problem]:
    for index, person in enumerate(people):
        if person not in known.people:
            yield Problem(f"{path}[{index}]", UNKNOWN_PERSON)
    yield from _twice(people, path)


def _periods(periods: Sequence[int], known: Known) -> Iterator[Problem]:
    for index, period in enumerate(periods):
        if period > known.periods:
            yield Problem(f"periods[{index}]", f"The package has {known.periods} periods.")
    yield from _twice(periods, "periods")


def _twice(values: Sequence[object], path: str) -> Iterator[Problem]:
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield Problem(f"{path}[{index}]", "This is named twice.")
        seen.add(value)
