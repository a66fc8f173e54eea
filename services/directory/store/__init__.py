"""What the directory remembers."""

from __future__ import annotations

from services.directory.store.access import AccessStore
from services.directory.store.groups import GroupsStore
from services.directory.store.people import PeopleStore


class Store(PeopleStore, GroupsStore, AccessStore):
    """People, groups, and what they sign in with."""
