"""Categories, activity types and activities."""

from __future__ import annotations

import uuid

from chalkbell.contracts import Done, NotFound
from chalkbell.contracts.workload import (
    ActivityInFull,
    ActivityType,
    Category,
    PutActivity,
    PutActivityType,
    PutCategory,
    ReadActivity,
    RemoveActivity,
    RemoveActivityType,
    RemoveCategory,
)
from chalkbell.contracts.workload.making import made
from chalkbell.handlers import Call, procedure
from services.workload.api.kinds import ACTIVITY, ACTIVITY_TYPE, CATEGORY, found, put, refuse, remove
from services.workload.api.known import id_of, known_people
from services.workload.api.rights import to_change, to_read
from services.workload.rules.checks import Known, activity_problems, activity_type_problems
from services.workload.rules.rights import Access
from services.workload.rules.tidy import tidy
from services.workload.store import Store


@procedure(PutCategory)
def put_category(ask: PutCategory, call: Call, store: Store) -> Category:
    """Add or change a category."""
    package = to_change(ask.package, call, store)
    id = id_of(ask.id, ask.values.name)
    before = found(CATEGORY, package.id, id, ask.seen, store)
    return put(CATEGORY, package.id, before, made(Category, ask.values, id=id, version=ask.seen + 1), store)


@procedure(RemoveCategory)
def remove_category(ask: RemoveCategory, call: Call, store: Store) -> Done:
    """Remove a category that nothing needs."""
    package = to_change(ask.package, call, store)

    def used_by() -> list[str]:
        fields = [name for name in ("module_category", "coordination_category") if getattr(package, name) == ask.id]
        return fields + store.types_in(package.id, ask.id)

    remove(CATEGORY, package.id, ask.id, ask.seen, used_by, store)
    return Done()


@procedure(PutActivityType)
def put_activity_type(ask: PutActivityType, call: Call, store: Store) -> ActivityType:
    """Add or change an activity type. With another category its activities' events follow."""
    package = to_change(ask.package, call, store)
    id = id_of(ask.id, ask.values.name)
    before = found(ACTIVITY_TYPE, package.id, id, ask.seen, store)
    known = Known(periods=len(package.periods), categories={one.id for one in store.categories(package.id, ask.values.category)})
    refuse(activity_type_problems(ask.values, known))
    return put(ACTIVITY_TYPE, package.id, before, made(ActivityType, ask.values, id=id, version=ask.seen + 1), store)


@procedure(RemoveActivityType)
def remove_activity_type(ask: RemoveActivityType, call: Call, store: Store) -> Done:
    """Remove an activity type that no activity has."""
    package = to_change(ask.package, call, store)
    remove(ACTIVITY_TYPE, package.id, ask.id, ask.seen, lambda: store.activities_with(package.id, of_type=ask.id), store)
    return Done()


@procedure(ReadActivity)
def read_activity(ask: ReadActivity, call: Call, store: Store) -> ActivityInFull:
    """An activity with nothing hidden, for those who may know it."""
    package, granted = to_read(ask.package, call, store)
    activity = next(iter(store.activities(package.id, ask.id)), None)
    if activity is None:
        raise NotFound(path="id")
    if activity.confidential and granted is not Access.CHANGE and activity.person != call.person:
        raise NotFound(path="id")
    return activity


@procedure(PutActivity)
def put_activity(ask: PutActivity, call: Call, store: Store) -> ActivityInFull:
    """Add or change an activity."""
    package = to_change(ask.package, call, store)
    id = ask.id or uuid.uuid4().hex[:12]
    before = found(ACTIVITY, package.id, id, ask.seen, store)
    known = known_people(package, [ask.values.person], store)
    types = {one.id: one for one in store.activity_types(package.id, ask.values.type)}
    known.activity_types = set(types)
    known.modules = {one.id for one in store.modules(package.id, ask.values.module)} if ask.values.module else set()
    refuse(activity_problems(ask.values, known))
    category = types[ask.values.type].category
    after = made(ActivityInFull, tidy(ask.values), id=id, version=ask.seen + 1, category=category)
    return put(ACTIVITY, package.id, before, after, store)


@procedure(RemoveActivity)
def remove_activity(ask: RemoveActivity, call: Call, store: Store) -> Done:
    """Remove an activity."""
    package = to_change(ask.package, call, store)
    remove(ACTIVITY, package.id, ask.id, ask.seen, list[str], store)
    return Done()
