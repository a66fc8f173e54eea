"""Everybody's load, and one person's: the same numbers from the same function."""

from __future__ import annotations

from chalkbell.contracts import NotFound
from chalkbell.contracts.workload import Loads, Package, PersonLoad, ReadLoad, ReadLoads
from chalkbell.handlers import Call, procedure
from services.workload.api.rights import to_read
from services.workload.formulas import evaluate
from services.workload.rules.loads import Facts, average, department, group_loads, hidden, shown
from services.workload.rules.rights import Access
from services.workload.store import Store


def facts(package: Package, store: Store) -> Facts:
    """All that the loads of a package are made of, in as many questions however many people there are."""
    modules, activities = store.modules(package.id), store.activities(package.id)
    posts = {post.person: post for post in store.posts(package.id)}
    concerned = {*posts, *(activity.person for activity in activities), *(module.coordinator for module in modules)}
    concerned |= {person for module in modules for person in module.team}
    concerned.discard(None)
    people = {person for person in concerned if person}
    members = store.staff_of(package.groups, people)
    return Facts(
        package=package,
        modules=modules,
        activities=activities,
        posts=posts,
        people=store.people(people.union(*members.values())),
        members=members,
        group_names=store.group_names(package.groups),
    )


@procedure(ReadLoads)
def read_loads(ask: ReadLoads, call: Call, store: Store) -> Loads:
    """Everybody's load."""
    package, _ = to_read(ask.package, call, store)
    known = facts(package, store)
    worked = department(known, evaluate)
    loads = [load for load in worked.loads.values() if shown(load)]
    return Loads(
        position=store.position(package.id),
        package=package.id,
        name=package.name,
        show=package.show,
        nominal_hours=package.nominal_hours,
        periods=package.periods,
        categories=store.categories(package.id),
        loads=loads,
        groups=group_loads(known, loads),
        whole=average(loads),
        modules=worked.modules,
        unallocated=worked.unallocated,
    )


@procedure(ReadLoad)
def read_load(ask: ReadLoad, call: Call, store: Store) -> PersonLoad:
    """One person's load and what it is made of."""
    package, granted = to_read(ask.package, call, store)
    person = ask.person or call.person
    worked = department(facts(package, store), evaluate)
    if person not in worked.loads:
        raise NotFound("Nobody with this id is in the package.", path="person")
    items = worked.items.get(person, [])
    if granted is not Access.CHANGE and person != call.person:
        items = [hidden(item) for item in items]
    return PersonLoad(
        position=store.position(package.id),
        package=package.id,
        name=package.name,
        show=package.show,
        nominal_hours=package.nominal_hours,
        periods=package.periods,
        categories=store.categories(package.id),
        load=worked.loads[person],
        items=items,
    )
