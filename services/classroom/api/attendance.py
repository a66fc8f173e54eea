"""Coming in and going out."""

from __future__ import annotations

import hmac

from chalkbell.contracts import Done, NotFound
from chalkbell.contracts.classroom import Join, Leave, NoSession, RoomState, Standing
from chalkbell.handlers import Call, procedure
from services.classroom.api import flow, rights
from services.classroom.api.rooms import state
from services.classroom.store import Hall, Store


@procedure(Join)
def join(ask: Join, call: Call, store: Store) -> RoomState:
    """Come into a room."""
    session = call.caller.session
    if session is None or store.has_ended(session):
        raise NoSession
    hall = store.hall(ask.room, lock=True)
    person = store.person(call.person)
    if hall is None or person is None:
        raise NotFound
    standing = store.standings(hall.room, [person.id]).get(person.id)
    if standing is None:
        if not (person.active and _is_code(hall, ask.code)):
            raise NotFound
        store.add_members(hall.id, [person.id], by_code=True)
        standing = Standing.MEMBER
    store.add_session(hall.id, person.id, session)
    flow.come(hall, person.id, person.name, standing, store)
    flow.finish(hall, store)
    return state(hall, store)


@procedure(Leave)
def leave(ask: Leave, call: Call, store: Store) -> Done:
    """Go out of a room."""
    hall = rights.visible(store, ask.room, call, lock=True)
    session = call.caller.session
    if session is not None:
        store.remove_session(session, hall.id)
    if ask.everywhere or not store.has_sessions(hall.id, call.person):
        flow.go(hall, call.person, store)
        flow.finish(hall, store)
    return Done()


def _is_code(hall: Hall, given: str | None) -> bool:
    # as it was heard: without regard to case, spaces and hyphens
    return bool(hall.code and given) and hmac.compare_digest(_plain(hall.code or ""), _plain(given or ""))


def _plain(code: str) -> bytes:
    return code.upper().replace("-", "").replace(" ", "").encode()
