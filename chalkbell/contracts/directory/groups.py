"""Groups: people under a common name. Their events stand with those of people."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalkbell.contracts.core import Allow, Ask, Change, Done, GroupId, Line, Message, PersonId, ShortText, Version, rpc
from chalkbell.contracts.directory.people import Group, Limit, NewId, Taken


class GroupAnswer(Message, frozen=True, kw_only=True):
    """A group as it is now."""

    group: Group


class GroupNamed(Message, frozen=True, kw_only=True):
    """What everybody may know of a group."""

    id: GroupId
    name: Line
    size: int


class GroupsPage(Message, frozen=True, kw_only=True):
    """One page of groups. There are more while `next` is not null: ask again with it as `after`."""

    groups: list[GroupNamed]
    next: GroupId | None = None


Members = Annotated[list[PersonId], Meta(max_length=5000)]


@rpc("directory.v1.groups.list")
class ListGroups(Ask[GroupsPage], frozen=True, kw_only=True):
    """The groups there are, in the order of their ids; `search` finds those whose name or id has this text in it."""

    search: ShortText = ""
    after: GroupId | None = None
    limit: Limit = 100


@rpc("directory.v1.group.read")
class ReadGroup(Ask[GroupAnswer], frozen=True, kw_only=True):
    """A group with its members: for administrators, services, and those who are in it."""

    id: GroupId


@rpc("directory.v1.group.add", allow=Allow.ADMINISTRATOR, refusals=(Taken,))
class AddGroup(Change[GroupAnswer], frozen=True, kw_only=True):
    """Add a group, with its first members if there are any yet. The id never changes."""

    id: NewId
    name: Line
    members: Members = []


@rpc("directory.v1.group.change", allow=Allow.ADMINISTRATOR)
class ChangeGroup(Change[GroupAnswer], frozen=True, kw_only=True):
    """Give a group another name."""

    id: GroupId
    seen: Version
    name: Line


@rpc("directory.v1.group.remove", allow=Allow.ADMINISTRATOR)
class RemoveGroup(Change[Done], frozen=True, kw_only=True):
    """Remove a group. Its people stay."""

    id: GroupId


@rpc("directory.v1.members.change", allow=Allow.ADMINISTRATOR)
class ChangeMembers(Change[GroupAnswer], frozen=True, kw_only=True):
    """Let people come into a group and leave it. Who is in already, or not in, is passed over."""

    group: GroupId
    add: Members = []
    remove: Members = []
