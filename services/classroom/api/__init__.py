"""What the classroom answers."""

from __future__ import annotations

from services.classroom.api.attendance import join, leave
from services.classroom.api.members import change_members, read_code, read_members, renew_code, withdraw_code
from services.classroom.api.modes import broadcast, call_back, cancel, extend, move, rest, skip, split
from services.classroom.api.rights import may_read
from services.classroom.api.rooms import add_room, change_room, list_rooms, read_clock, read_room

__all__ = [
    "add_room", "broadcast", "call_back", "cancel", "change_members", "change_room", "extend", "join", "leave", "list_rooms",
    "may_read", "move", "read_clock", "read_code", "read_members", "read_room", "renew_code", "rest", "skip", "split",
    "withdraw_code",
]  # fmt: skip
