"""Who may see a room and who may act in it. What one may not see does not exist."""

from __future__ import annotations

from chalkbell.contracts import NotAllowed, NotFound
from chalkbell.contracts.classroom import Standing
from chalkbell.handlers import Call, Caller
from chalkbell.handlers import may_read as decides_reading
from services.classroom.store import Hall, Store


def visible(store: Store, room: str, call: Call, *, lock: bool = False) -> Hall:
    """The room, or `NotFound` where there is none that the caller may see."""
    hall = store.hall(room, lock=lock)
    if hall is None or not _may_see(store, hall, call.caller):
        raise NotFound
    return hall


def taught(store: Store, room: str, call: Call, *, lock: bool = True) -> Hall:
    """The room, for its teachers and administrators; `NotAllowed` for others who may see it."""
    hall = visible(store, room, call, lock=lock)
    if not is_teacher(store, hall, call.caller):
        raise NotAllowed("Only the room's teachers may do this. Ask one of them.")
    return hall


def is_teacher(store: Store, hall: Hall, caller: Caller) -> bool:
    """Whether the caller acts as a teacher in the room. Administrators of the campus do."""
    return caller.is_administrator or store.standings(hall.room, [caller.person]).get(caller.person) is Standing.TEACHER


def _may_see(store: Store, hall: Hall, caller: Caller) -> bool:
    if caller.is_administrator or caller.is_service:
        return True
    return caller.person in store.standings(hall.room, [caller.person])


@decides_reading
def may_read(scope: str, caller: Caller, store: Store) -> bool:
    """A room's stream is for whoever may read the room."""
    hall = store.hall(scope)
    return hall is not None and _may_see(store, hall, caller)
