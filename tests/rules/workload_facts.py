"""A small department for tests of workload's rules."""

from datetime import date

from chalkbell.contracts.directory import Person, PersonKind
from chalkbell.contracts.workload import (
    ActivityInFull,
    Allocation,
    Load,
    Measure,
    Module,
    Package,
    Post,
)
from services.workload.formulas import evaluate
from services.workload.rules.loads import Department, Facts, department


def package(**more: object) -> Package:
    """A package of three semesters whose one group is `dept`."""
    fields = {"id": "cs", "version": 1, "name": "CS", "start": date(2026, 9, 1), "end": date(2027, 9, 1), "groups": ["dept"]}
    return Package(**{**fields, **more})  # type: ignore[arg-type]


def module(code: str, **more: object) -> Module:
    """A module of 20 credits with 100 students in the first semester."""
    fields = {"id": code.lower(), "version": 1, "code": code, "name": code, "credits": 20.0, "students": 100}
    made = Module(**{**fields, **more})  # type: ignore[arg-type]
    return Module(**{**fields, **more, "team": [one.person for one in made.allocations]})  # type: ignore[arg-type]


def activity(id: str, person: str | None, amount: float, periods: list[int], **more: object) -> ActivityInFull:
    """An activity in hours, of the category research."""
    fields = {"version": 1, "name": id, "type": "any", "category": "research", "measure": Measure.HOURS}
    return ActivityInFull(id=id, person=person, amount=amount, periods=periods, **{**fields, **more})  # type: ignore[arg-type]


def allocation(person: str, contact: float = 100, admin: float = 100, assessment: float = 100) -> Allocation:
    """Somebody's shares, all of everything unless said otherwise."""
    return Allocation(person=person, contact=contact, admin=admin, assessment=assessment)


def post(person: str, fte: float = 100, has_workload: bool = True) -> Post:
    """Somebody's post."""
    return Post(person=person, version=1, fte=float(fte), has_workload=has_workload)


def facts(
    people: list[str],
    *,
    of: Package | None = None,
    modules: list[Module] | None = None,
    activities: list[ActivityInFull] | None = None,
    posts: list[Post] | None = None,
    inactive: tuple[str, ...] = (),
    members: dict[str, set[str]] | None = None,
) -> Facts:
    """These people, all staff and members of the group `dept`, with this work."""
    known = {
        id: Person(id=id, name=id.title(), email=f"{id}@example.edu", kind=PersonKind.STAFF, active=id not in inactive)
        for id in people
    }
    return Facts(
        package=of or package(),
        modules=modules or [],
        activities=activities or [],
        posts={one.person: one for one in posts or []},
        people=known,
        members=members if members is not None else {"dept": set(people)},
    )


def worked(given: Facts) -> Department:
    """The loads of these facts."""
    return department(given, evaluate)


def load_of(person: str, given: Facts) -> Load:
    """One person's load."""
    return worked(given).loads[person]
