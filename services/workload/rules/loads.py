"""Everybody's load: one list of items a person, from which every total, breakdown and page comes, so that all agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from chalkbell.contracts.directory import Person, PersonKind
from chalkbell.contracts.workload import (
    ActivityInFull,
    Allocation,
    Average,
    GroupLoad,
    Load,
    LoadItem,
    Module,
    ModuleHours,
    Package,
    Post,
    PostDetails,
    Work,
)
from services.workload.rules.hours import Evaluate, Failed, Worked, activity_hours, module_hours, split

LEAST_FTE = 0.01
"""Percent. Below this an FTE is none: what would be scaled by it is no number any more."""


@dataclass(frozen=True)
class Facts:
    """All that loads are made of. `members` are the people of each of the package's groups; `people` knows everybody in here."""

    package: Package
    modules: Sequence[Module]
    activities: Sequence[ActivityInFull]
    posts: Mapping[str, Post]
    people: Mapping[str, Person]
    members: Mapping[str, Collection[str]]
    group_names: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Department:
    """The loads of a package, with what each is made of."""

    loads: dict[str, Load]
    items: dict[str, list[LoadItem]]
    modules: list[ModuleHours]
    unallocated: float


def department(facts: Facts, evaluate: Evaluate) -> Department:
    """Everybody's load: of all members, all who have a post, and all who have work."""
    package = facts.package
    items: dict[str, list[LoadItem]] = {}
    incomplete: dict[str, list[str]] = {}
    unallocated: list[float] = []
    for activity, item in _activity_items(facts):
        if activity.person is None:
            unallocated.append(item.total)
        else:
            items.setdefault(activity.person, []).append(item)
    modules: list[ModuleHours] = []
    for module in facts.modules:
        try:
            worked = module_hours(module, package, evaluate)
        except Failed as failed:
            problem = f"The {failed.failure.kind} formula fails: {failed.failure.reason}"[:200]
            modules.append(ModuleHours(module=module.id, periods=[0.0] * len(package.periods), problem=problem))
            for person in _concerned(module):
                incomplete.setdefault(person, []).append(module.id)
            continue
        for person, item in _module_items(module, worked, package):
            items.setdefault(person, []).append(item)
        modules.append(_module_hours(module, worked, package))
        unallocated.append(modules[-1].unallocated)
    loads = {
        person: _load(person, facts, items.get(person, []), incomplete.get(person, []))
        for person in _everybody(facts, {*items, *incomplete})
    }
    return Department(loads, items, modules, fsum(unallocated))


def shown(load: Load) -> bool:
    """Whether a page of loads has a row for this person: not for those without hours who are disabled or have no workload."""
    return load.total > 0 or bool(load.incomplete) or (load.active and load.has_workload)


def average(loads: Iterable[Load]) -> Average:
    """Hours of these people together."""
    totals = [load.total for load in loads]
    loaded = sum(total > 0 for total in totals)
    total = fsum(totals)
    return Average(
        people=len(totals),
        loaded=loaded,
        total=total,
        average=total / len(totals) if totals else 0.0,
        average_loaded=total / loaded if loaded else 0.0,
    )


def group_loads(facts: Facts, loads: Collection[Load]) -> list[GroupLoad]:
    """Hours of each group of the package, over the people that `loads` has, in the order of the groups' names."""
    found: list[GroupLoad] = []
    for group in facts.package.groups:
        one = average(load for load in loads if group in load.groups)
        found.append(
            GroupLoad(
                group=group,
                name=facts.group_names.get(group, group),
                people=one.people,
                loaded=one.loaded,
                total=one.total,
                average=one.average,
                average_loaded=one.average_loaded,
            )
        )
    return sorted(found, key=lambda group: (group.name, group.group))


def hidden(item: LoadItem) -> LoadItem:
    """An item as those see it who may not know what it is: it counts, and that is all."""
    if not item.confidential:
        return item
    return LoadItem(
        work=item.work,
        name="",
        category=item.category,
        confidential=True,
        total=item.total,
        periods=item.periods,
        activity=item.activity,
    )


def _everybody(facts: Facts, working: Collection[str]) -> list[str]:
    staff = {
        person
        for members in facts.members.values()
        for person in members
        if (known := facts.people.get(person)) and known.kind is PersonKind.STAFF
    }
    everybody = staff | set(facts.posts) | set(working)

    def by_name(person: str) -> tuple[str, str]:
        known = facts.people.get(person)
        return (known.name.casefold() if known else person, person)

    return sorted(everybody, key=by_name)


def _activity_items(facts: Facts) -> Iterable[tuple[ActivityInFull, LoadItem]]:
    package = facts.package
    for activity in facts.activities:
        hours = activity_hours(activity.measure, activity.amount, package.nominal_hours)
        yield (
            activity,
            LoadItem(
                work=Work.ACTIVITY,
                name=activity.name,
                category=activity.category,
                activity=activity.id,
                module=activity.module,
                confidential=activity.confidential,
                total=hours,
                periods=split(hours, activity.periods, len(package.periods)),
            ),
        )


def _module_items(module: Module, worked: Worked, package: Package) -> Iterable[tuple[str, LoadItem]]:
    def item(work: Work, hours: float, share: float, category: str) -> LoadItem:
        return LoadItem(
            work=work,
            name=f"{module.code} {module.name}",
            category=category,
            module=module.id,
            share=share,
            total=hours * share / 100,
            periods=split(hours * share / 100, module.periods, len(package.periods)),
        )

    for one in module.allocations:
        for work, hours, share in _shares(one, worked):
            if share:
                yield one.person, item(work, hours, share, package.module_category)
    if module.coordinator is not None:
        yield module.coordinator, item(Work.COORDINATION, worked.coordinator, 100.0, package.coordination_category)


def _shares(one: Allocation, worked: Worked) -> tuple[tuple[Work, float, float], ...]:
    return (
        (Work.CONTACT, worked.contact, one.contact),
        (Work.ADMIN, worked.admin, one.admin),
        (Work.ASSESSMENT, worked.assessment, one.assessment),
    )


def _module_hours(module: Module, worked: Worked, package: Package) -> ModuleHours:
    given = fsum(hours * share / 100 for one in module.allocations for _, hours, share in _shares(one, worked))
    return ModuleHours(
        module=module.id,
        contact=worked.contact,
        admin=worked.admin,
        assessment=worked.assessment,
        coordinator=worked.coordinator,
        total=worked.total,
        periods=split(worked.total, module.periods, len(package.periods)),
        # thirds that make a whole leave a remainder that is nobody's work
        unallocated=_without_dust(worked.contact + worked.admin + worked.assessment - given, worked.total),
    )


def _without_dust(rest: float, whole: float) -> float:
    return 0.0 if abs(rest) <= abs(whole) * 1e-9 else rest


def _concerned(module: Module) -> set[str]:
    return {one.person for one in module.allocations} | ({module.coordinator} if module.coordinator else set())


def _load(person: str, facts: Facts, items: Sequence[LoadItem], incomplete: Sequence[str]) -> Load:
    known = facts.people.get(person)
    post: PostDetails = facts.posts.get(person) or PostDetails()
    total = fsum(item.total for item in items)
    fte = post.fte if post.fte >= LEAST_FTE else 0.0
    by_category: dict[str, list[float]] = {}
    for item in items:
        by_category.setdefault(item.category, []).append(item.total)
    return Load(
        person=person,
        name=known.name if known else person,
        job_title=post.job_title,
        school=post.school,
        external=known is not None and known.kind is PersonKind.EXTERNAL,
        active=known is not None and known.active,
        fte=post.fte,
        has_workload=post.has_workload,
        groups=sorted(group for group, members in facts.members.items() if person in members),
        total=total,
        periods=[fsum(item.periods[number] for item in items) for number in range(len(facts.package.periods))],
        categories={category: fsum(hours) for category, hours in sorted(by_category.items())},
        scaled=total * 100 / fte if fte else None,
        percent=100 * total / (facts.package.nominal_hours * fte / 100) if fte else None,
        incomplete=sorted(incomplete),
    )
