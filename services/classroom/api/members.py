"""Who belongs to a room, and its invitation code."""

from __future__ import annotations

from chalkbell.contracts import Done
from chalkbell.contracts.classroom import (
    ChangeMembers,
    InvitationCode,
    Members,
    ReadCode,
    ReadMembers,
    RenewCode,
    WithdrawCode,
)
from chalkbell.handlers import Call, procedure
from services.classroom.api import flow, rights
from services.classroom.api.rooms import known_groups, known_people, new_code, revise
from services.classroom.store import Store


@procedure(ReadMembers)
def read_members(ask: ReadMembers, call: Call, store: Store) -> Members:
    """Who belongs to a room."""
    return store.members(rights.taught(store, ask.room, call, lock=False).room)


@procedure(ChangeMembers)
def change_members(ask: ChangeMembers, call: Call, store: Store) -> Members:
    """Let people and groups in, or no longer."""
    hall = rights.taught(store, ask.room, call)
    known_people(store, ask.add_people, "add_people")
    known_groups(store, ask.add_groups, "add_groups")
    store.remove_members(hall.id, ask.remove_people, ask.remove_groups)
    store.add_members(hall.id, ask.add_people, ask.add_groups)
    revise(hall, store)
    flow.recheck(hall, store)
    flow.finish(hall, store)
    return store.members(hall.room)


@procedure(ReadCode)
def read_code(ask: ReadCode, call: Call, store: Store) -> InvitationCode:
    """The invitation code."""
    return InvitationCode(code=rights.taught(store, ask.room, call, lock=False).code)


@procedure(RenewCode)
def renew_code(ask: RenewCode, call: Call, store: Store) -> InvitationCode:
    """A new invitation code."""
    hall = rights.taught(store, ask.room, call)
    hall.code = new_code()
    revise(hall, store)
    flow.finish(hall, store)
    return InvitationCode(code=hall.code)


@procedure(WithdrawCode)
def withdraw_code(ask: WithdrawCode, call: Call, store: Store) -> Done:
    """No invitation code any more."""
    hall = rights.taught(store, ask.room, call)
    if hall.code is not None:
        hall.code = None
        revise(hall, store)
        flow.finish(hall, store)
    return Done()
