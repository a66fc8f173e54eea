"""Taking over many things at once: all or nothing, with everything that is wrong told together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from chalkbell.contracts.workload import (
    ActivityDetails,
    ActivityInFull,
    ActivityType,
    Category,
    Filled,
    FilledModule,
    FillPackage,
    Module,
    NotFilled,
    Package,
    Post,
    Programme,
)
from chalkbell.contracts.workload.making import made
from chalkbell.handlers import Call, procedure
from services.workload.api.kinds import ACTIVITY, ACTIVITY_TYPE, CATEGORY, MODULE, POST, PROGRAMME, differs, write
from services.workload.api.rights import to_change
from services.workload.rules.checks import (
    Known,
    Problem,
    activity_problems,
    activity_type_problems,
    allocation_problems,
    module_problems,
    over_allocated,
    person_problems,
    programme_problems,
    slug_of,
)
from services.workload.rules.tidy import tidy, tidy_allocations
from services.workload.store import Store

MOST_PROBLEMS = 200
Before = dict[str, Any]


@procedure(FillPackage)
def fill_package(ask: FillPackage, call: Call, store: Store) -> Filled:
    """Take over many things."""
    package = to_change(ask.package, call, store)
    kinds: Any = (
        (CATEGORY, "categories"),
        (ACTIVITY_TYPE, "activity_types"),
        (PROGRAMME, "programmes"),
        (MODULE, "modules"),
        (POST, "posts"),
        (ACTIVITY, "activities"),
    )
    before: dict[str, Before] = {name: {kind.key(one): one for one in kind.find(store, package.id, None)} for kind, name in kinds}
    problems = list(_problems(ask, _known(ask, package, before, store)))
    if problems:
        told = [{"path": problem.path, "message": problem.message} for problem in problems[:MOST_PROBLEMS]]
        raise NotFilled(problems=told, count=len(problems), path=problems[0].path)
    after = _after(ask, before)
    added = changed = unchanged = 0
    for kind, name in kinds:
        new = [thing for thing in after[name] if kind.key(thing) not in before[name]]
        other = [
            thing for thing in after[name] if kind.key(thing) in before[name] and differs(before[name][kind.key(thing)], thing)
        ]
        added, changed, unchanged = added + len(new), changed + len(other), unchanged + len(after[name]) - len(new) - len(other)
        if not ask.dry_run and (new or other):
            write(kind, package.id, before[name], [*new, *other], store)
    return Filled(added=added, changed=changed, unchanged=unchanged)


def _known(ask: FillPackage, package: Package, before: dict[str, Before], store: Store) -> Known:
    """What there is together with what comes: a module may name a programme that the same request brings."""
    people: set[str] = {one.person for one in ask.posts} | {one.person for one in ask.activities if one.person}
    for programme in ask.programmes:
        people.update(programme.directors, programme.examiners)
    for module in ask.modules:
        people.update(module.moderators, (one.person for one in module.allocations or []))
        if module.coordinator:
            people.add(module.coordinator)
    return Known(
        periods=len(package.periods),
        people=store.known_people(people),
        categories={*before["categories"], *(one.id for one in ask.categories)},
        activity_types={*before["activity_types"], *(one.id for one in ask.activity_types)},
        programmes={*before["programmes"], *(one.id or slug_of(one.code) for one in ask.programmes)},
        modules={*before["modules"], *(one.id or slug_of(one.code) for one in ask.modules)},
    )


def _problems(ask: FillPackage, known: Known) -> Iterator[Problem]:
    lists: tuple[tuple[str, Sequence[Any], Callable[[Any], str], Callable[[Any], Iterable[Problem]]], ...] = (
        ("categories", ask.categories, lambda one: one.id, lambda one: ()),
        ("activity_types", ask.activity_types, lambda one: one.id, lambda one: activity_type_problems(one, known)),
        ("programmes", ask.programmes, lambda one: one.id or slug_of(one.code), lambda one: programme_problems(one, known)),
        ("modules", ask.modules, lambda one: one.id or slug_of(one.code), lambda one: _module_problems(one, known)),
        ("posts", ask.posts, lambda one: one.person, lambda one: person_problems(one.person, known)),
        ("activities", ask.activities, lambda one: one.id, lambda one: activity_problems(one, known)),
    )
    for name, things, key, check in lists:
        seen: set[str] = set()
        for index, one in enumerate(things):
            if key(one) in seen:
                yield Problem(f"{name}[{index}]", f"{key(one)} is there twice.")
            seen.add(key(one))
            for problem in check(one):
                yield Problem(f"{name}[{index}].{problem.path}", problem.message)


def _module_problems(one: FilledModule, known: Known) -> Iterator[Problem]:
    yield from module_problems(one, known)
    yield from allocation_problems(one.allocations or [], known)
    yield from over_allocated(one.allocations or [])


def _after(ask: FillPackage, before: dict[str, Before]) -> dict[str, list[Any]]:
    """All things as they will be, each with the version after that it has."""

    def version(name: str, id: str) -> int:
        return before[name][id].version + 1 if id in before[name] else 1

    types = [made(ActivityType, one, version=version("activity_types", one.id)) for one in ask.activity_types]
    category_of = {id: one.category for id, one in before["activity_types"].items()} | {one.id: one.category for one in types}
    programmes: list[Programme] = []
    for programme in ask.programmes:
        id = programme.id or slug_of(programme.code)
        programmes.append(made(Programme, tidy(programme), id=id, version=version("programmes", id)))
    return {
        "categories": [made(Category, one, version=version("categories", one.id)) for one in ask.categories],
        "activity_types": types,
        "programmes": programmes,
        "modules": [_module(one, before["modules"]) for one in ask.modules],
        "posts": [made(Post, one, version=version("posts", one.person)) for one in ask.posts],
        "activities": [_activity(one, one.id, version("activities", one.id), category_of[one.type]) for one in ask.activities],
    }


def _module(one: FilledModule, before: Before) -> Module:
    id = one.id or slug_of(one.code)
    had: Module | None = before.get(id)
    kept = had.allocations if had else []
    allocations = kept if one.allocations is None else tidy_allocations(one.allocations)
    return made(
        Module,
        tidy(one),
        id=id,
        version=had.version + 1 if had else 1,
        allocations=allocations,
        team=[allocation.person for allocation in allocations],
    )


def _activity(one: ActivityDetails, id: str, version: int, category: str) -> ActivityInFull:
    return made(ActivityInFull, tidy(one), id=id, version=version, category=category)
