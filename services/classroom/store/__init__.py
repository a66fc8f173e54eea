"""What the classroom remembers."""

from __future__ import annotations

from services.classroom.store.hall import Hall
from services.classroom.store.members import MembersStore
from services.classroom.store.presence import PresenceStore
from services.classroom.store.rooms import RoomsStore, in_order

__all__ = ["Hall", "Store", "in_order"]


class Store(RoomsStore, MembersStore, PresenceStore):
    """Rooms, who belongs to them, who is there, and what they do."""
