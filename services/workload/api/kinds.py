"""The kinds of things in a package, and the one way in which all of them are added, changed and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from chalkbell.contracts import Conflict, Event, Invalid, Message, NotFound, Refusal
from chalkbell.contracts.workload import (
    ActivityChanged,
    ActivityInFull,
    ActivityRemoved,
    ActivityType,
    ActivityTypeChanged,
    ActivityTypeRemoved,
    Category,
    CategoryChanged,
    CategoryRemoved,
    InUse,
    Module,
    ModuleChanged,
    ModuleRemoved,
    Package,
    Post,
    PostChanged,
    PostRemoved,
    Programme,
    ProgrammeChanged,
    ProgrammeRemoved,
)
from services.workload.rules.checks import Problem
from services.workload.rules.tidy import for_everybody
from services.workload.store import Store

T = TypeVar("T", Category, ActivityType, Programme, Module, ActivityInFull, Post)


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How a kind of thing is found, written, removed and told of, and whom it lets take part in the package."""

    find: Callable[[Store, str, str | None], Sequence[T]]
    keep: Callable[[Store, str, Sequence[T]], None]
    drop: Callable[[Store, str, str], None]
    changed: Callable[[str, T], Event]
    removed: Callable[[str, str], Event]
    lets_in: Callable[[T], set[str]]
    key: Callable[[T], str]


def _nobody(thing: Any) -> set[str]:
    return set()


def _id(thing: Any) -> str:
    return str(thing.id)


CATEGORY = Kind[Category](
    find=lambda store, package, id: store.categories(package, id),
    keep=lambda store, package, things: store.keep_categories(package, things),
    drop=lambda store, package, id: store.drop_category(package, id),
    changed=lambda package, thing: CategoryChanged(package=package, category=thing),
    removed=lambda package, id: CategoryRemoved(package=package, id=id),
    lets_in=_nobody,
    key=_id,
)
ACTIVITY_TYPE = Kind[ActivityType](
    find=lambda store, package, id: store.activity_types(package, id),
    keep=lambda store, package, things: store.keep_activity_types(package, things),
    drop=lambda store, package, id: store.drop_activity_type(package, id),
    changed=lambda package, thing: ActivityTypeChanged(package=package, activity_type=thing),
    removed=lambda package, id: ActivityTypeRemoved(package=package, id=id),
    lets_in=_nobody,
    key=_id,
)
PROGRAMME = Kind[Programme](
    find=lambda store, package, id: store.programmes(package, id),
    keep=lambda store, package, things: store.keep_programmes(package, things),
    drop=lambda store, package, id: store.drop_programme(package, id),
    changed=lambda package, thing: ProgrammeChanged(package=package, programme=thing),
    removed=lambda package, id: ProgrammeRemoved(package=package, id=id),
    lets_in=lambda thing: set(thing.directors),
    key=_id,
)
MODULE = Kind[Module](
    find=lambda store, package, id: store.modules(package, id),
    keep=lambda store, package, things: store.keep_modules(package, things),
    drop=lambda store, package, id: store.drop_module(package, id),
    changed=lambda package, thing: ModuleChanged(package=package, module=thing),
    removed=lambda package, id: ModuleRemoved(package=package, id=id),
    lets_in=lambda thing: {*thing.moderators, *thing.team} | ({thing.coordinator} if thing.coordinator else set()),
    key=_id,
)
ACTIVITY = Kind[ActivityInFull](
    find=lambda store, package, id: store.activities(package, id),
    keep=lambda store, package, things: store.keep_activities(package, things),
    drop=lambda store, package, id: store.drop_activity(package, id),
    changed=lambda package, thing: ActivityChanged(package=package, activity=for_everybody(thing)),
    removed=lambda package, id: ActivityRemoved(package=package, id=id),
    lets_in=lambda thing: {thing.person} if thing.person else set(),
    key=_id,
)
POST = Kind[Post](
    find=lambda store, package, id: store.posts(package, id),
    keep=lambda store, package, things: store.keep_posts(package, things),
    drop=lambda store, package, id: store.drop_post(package, id),
    changed=lambda package, thing: PostChanged(package=package, post=thing),
    removed=lambda package, id: PostRemoved(package=package, person=id),
    lets_in=lambda thing: {thing.person},
    key=lambda thing: thing.person,
)


def found(kind: Kind[T], package: str, id: str, seen: int, store: Store) -> T | None:
    """The thing with this id as the caller saw it; None when it is to be new. Refused with `not_found` and `conflict`."""
    thing = next(iter(kind.find(store, package, id)), None)
    if thing is None and seen:
        raise NotFound(path="id")
    if thing is not None and thing.version != seen:
        raise Conflict(state=state(thing), version=thing.version)
    return thing


def refuse(problems: Iterable[Problem], prefix: str = "values", refusal: type[Refusal] = Invalid) -> None:
    """Refuse for the first of these problems, if there is one."""
    for problem in problems:
        raise refusal(problem.message, path=".".join(part for part in (prefix, problem.path) if part))


def differs(before: T | None, after: T) -> bool:
    """Whether a thing is new, or other than it was but for the version."""
    return before is None or msgspec.structs.replace(after, version=before.version) != before


def write(kind: Kind[T], package: str, before: Mapping[str, T], after: Sequence[T], store: Store) -> None:
    """Write things that are new or have changed, tell of each, and see to those whom they no longer let in."""
    kind.keep(store, package, after)
    for thing in after:
        store.record(kind.changed(package, thing))
        if isinstance(thing, ActivityType):
            _tell_of_activities(package, before.get(thing.id), thing, store)
    if any(kind.lets_in(old) - kind.lets_in(new) for new in after if (old := before.get(kind.key(new)))):
        store.audit_subscriptions(package)


def put(kind: Kind[T], package: str, before: T | None, after: T, store: Store) -> T:
    """Write one thing, unless it is so already. Answers it as it is now."""
    if before is not None and not differs(before, after):
        return before
    write(kind, package, {kind.key(before): before} if before else {}, [after], store)
    return after


def remove(kind: Kind[T], package: str, id: str, seen: int, used_by: Callable[[], list[str]], store: Store) -> None:
    """Remove a thing that nothing needs. Refused with `not_found`, `conflict` and `in_use`."""
    thing = found(kind, package, id, seen, store)
    if thing is None:
        raise NotFound(path="id")
    if users := used_by():
        raise InUse(used_by=users)
    kind.drop(store, package, id)
    store.record(kind.removed(package, id))
    if kind.lets_in(thing):
        store.audit_subscriptions(package)


def _tell_of_activities(package: str, before: Any, after: ActivityType, store: Store) -> None:
    if isinstance(before, ActivityType) and before.category != after.category:
        for activity in store.activities(package, of_type=after.id):
            store.record(ACTIVITY.changed(package, activity))


def differs_package(before: Package, after: Package) -> bool:
    """Whether a package is other than it was but for the version."""
    return msgspec.structs.replace(after, version=before.version) != before


def state(thing: Message) -> Any:
    """A thing as a refusal's details can hold it."""
    return msgspec.to_builtins(thing)
