"""Groups and who is in them."""

from __future__ import annotations

from collections.abc import Collection

from chalkbell.contracts import Conflict, Done, Invalid, NotFound
from chalkbell.contracts.directory import (
    AddGroup,
    ChangeGroup,
    ChangeMembers,
    Group,
    GroupAnswer,
    GroupsPage,
    ListGroups,
    ReadGroup,
    RemoveGroup,
    Taken,
)
from chalkbell.handlers import Call, procedure
from services.directory.store import Store


@procedure(ListGroups)
def list_groups(ask: ListGroups, call: Call, store: Store) -> GroupsPage:
    """The groups there are."""
    found = store.search_groups(ask.search, ask.after, ask.limit + 1)
    page = found[: ask.limit]
    return GroupsPage(groups=page, next=page[-1].id if len(found) > ask.limit else None)


@procedure(ReadGroup)
def read_group(ask: ReadGroup, call: Call, store: Store) -> GroupAnswer:
    """A group with its members, for those who may know them."""
    group = store.group(ask.id)
    caller = call.caller
    if group is None or not (caller.is_service or caller.is_administrator or call.person in group.members):
        raise NotFound(path="id")
    return GroupAnswer(group=group)


@procedure(AddGroup)
def add_group(ask: AddGroup, call: Call, store: Store) -> GroupAnswer:
    """Add a group."""
    store.lock_groups()
    if store.group(ask.id):
        raise Taken("There is a group with this id already.", path="id")
    members = _existing(set(ask.members), "members", store)
    store.keep_group(ask.id, ask.name, 1)
    store.change_members(ask.id, members, ())
    return _answer(ask.id, store)


@procedure(ChangeGroup)
def change_group(ask: ChangeGroup, call: Call, store: Store) -> GroupAnswer:
    """Give a group another name."""
    group = _group(ask.id, store)
    if ask.seen != group.version:
        raise Conflict(name=group.name, version=group.version)
    if ask.name != group.name:
        store.keep_group(ask.id, ask.name, group.version + 1)
    return _answer(ask.id, store)


@procedure(RemoveGroup)
def remove_group(ask: RemoveGroup, call: Call, store: Store) -> Done:
    """Remove a group."""
    _group(ask.id, store)
    store.drop_group(ask.id)
    return Done()


@procedure(ChangeMembers)
def change_members(ask: ChangeMembers, call: Call, store: Store) -> GroupAnswer:
    """Let people come into a group and leave it."""
    group = _group(ask.group, store, "group")
    add, remove = set(ask.add), set(ask.remove)
    if both := add & remove:
        raise Invalid("Somebody cannot come and leave at once. Name them in one list.", path="remove", people=sorted(both))
    add = _existing(add, "add", store) - set(group.members)
    store.change_members(group.id, add, remove & set(group.members))
    return _answer(group.id, store)


def _group(id: str, store: Store, path: str = "id") -> Group:
    store.lock_groups()
    group = store.group(id)
    if group is None:
        raise NotFound(path=path)
    return group


def _existing(people: Collection[str], path: str, store: Store) -> set[str]:
    missing = set(people) - set(store.people(people))
    if missing:
        raise Invalid("Nobody has these ids. Add the people first.", path=path, people=sorted(missing)[:100])
    return set(people)


def _answer(id: str, store: Store) -> GroupAnswer:
    group = store.group(id)
    assert group
    return GroupAnswer(group=group)
