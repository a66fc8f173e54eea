"""What keeps the copy true: the directory's events, and a fresh snapshot where they are no longer to be had.

A service that wants to act when people or memberships change listens to the same events in its own `listen.py`; its function runs
after these, in the same transaction, when this module is named before its own.
"""

from __future__ import annotations

from chalkbell.contracts import Envelope
from chalkbell.contracts.directory import Campus, GroupChanged, GroupRemoved, MembersChanged, PersonChanged, ReadCampus
from chalkbell.directory_copy.store import DirectoryCopy
from chalkbell.handlers import listen, resync


@listen(PersonChanged)
def keep_person(event: PersonChanged, envelope: Envelope, store: DirectoryCopy) -> None:
    """Somebody is new or different."""
    store.keep_person(event.person)


@listen(GroupChanged)
def keep_group(event: GroupChanged, envelope: Envelope, store: DirectoryCopy) -> None:
    """A group is new or has another name."""
    store.keep_group(event.id, event.name)


@listen(GroupRemoved)
def drop_group(event: GroupRemoved, envelope: Envelope, store: DirectoryCopy) -> None:
    """A group is no more."""
    store.drop_group(event.id)


@listen(MembersChanged)
def change_members(event: MembersChanged, envelope: Envelope, store: DirectoryCopy) -> None:
    """People came into a group or left it."""
    store.change_members(event.group, event.added, event.removed)


@resync("directory", lambda scope: ReadCampus())
def copy_directory(snapshot: Campus, scope: str, store: DirectoryCopy) -> None:
    """Take over everything."""
    store.replace_directory(snapshot.people, snapshot.groups)
