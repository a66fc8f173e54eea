"""Rooms: making, reading, listing and changing them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from chalkbell.contracts import Conflict, Invalid, NotAllowed
from chalkbell.contracts.classroom import (
    AddRoom,
    ChangeRoom,
    Clock,
    ListRooms,
    Named,
    ReadClock,
    ReadRoom,
    Room,
    RoomChanged,
    RoomEntry,
    RoomExists,
    Rooms,
    RoomState,
    Standing,
    Switched,
    SwitchReason,
)
from chalkbell.handlers import Call, procedure
from services.classroom.api import flow, rights
from services.classroom.rules import modes
from services.classroom.store import Hall, Store, in_order

LONGEST_LIST = 500
# without letters and digits that are taken for one another
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@procedure(ReadClock)
def read_clock(ask: ReadClock, call: Call, store: Store) -> Clock:
    """Tell the time."""
    return Clock(now=store.now)


@procedure(ReadRoom)
def read_room(ask: ReadRoom, call: Call, store: Store) -> RoomState:
    """A room's complete state."""
    return state(rights.visible(store, ask.room, call), store)


@procedure(ListRooms)
def list_rooms(ask: ListRooms, call: Call, store: Store) -> Rooms:
    """The caller's rooms."""
    person = store.person(call.person)
    found = store.rooms_of(call.person, all_open=True, limit=LONGEST_LIST) if person and person.active else []
    counts = store.counts([room.id for room, _ in found])
    joined = store.joined(call.person)
    return Rooms(
        rooms=[
            RoomEntry(
                room=room,
                standing=Standing.TEACHER if any(teacher.id == call.person for teacher in room.teachers) else Standing.MEMBER,
                kind=mode.kind,
                participants=counts.get(room.id, 0),
                joined=room.id in joined,
            )
            for room, mode in found
        ]
    )


@procedure(AddRoom)
def add_room(ask: AddRoom, call: Call, store: Store) -> RoomState:
    """Make a room."""
    if not (call.caller.is_administrator or store.may_make_rooms(call.person)):
        raise NotAllowed("Only internal staff and administrators make rooms. Ask one of them.")
    if ask.teachers is None and store.person(call.person) is None:
        raise Invalid("Name at least one teacher: you are not a person of the campus.", path="teachers")
    known_people(store, ask.people, "people")
    known_groups(store, ask.groups, "groups")
    room = Room(
        id=ask.id,
        name=ask.name,
        teachers=named_teachers(store, ask.teachers if ask.teachers is not None else [call.person], "teachers"),
        open=ask.open,
        by_code=ask.by_code,
        group_size=ask.group_size,
        countdown=ask.countdown,
        version=1,
    )
    hall = Hall(
        room=room,
        code=new_code() if ask.by_code else None,
        mode=modes.opened(store.now),
        participants={},
        groups_made=0,
        last_groups=[],
        unattended_since=None,
    )
    if not store.add_room(hall):
        raise RoomExists
    store.add_members(room.id, ask.people, ask.groups)
    store.record(RoomChanged(room=room.id, details=room))
    store.record(Switched(room=room.id, mode=hall.mode, reason=SwitchReason.OPENED))
    return state(hall, store)


@procedure(ChangeRoom)
def change_room(ask: ChangeRoom, call: Call, store: Store) -> Room:
    """Change a room."""
    hall = rights.taught(store, ask.room, call)
    if ask.seen != hall.room.version:
        raise Conflict(state=describe(hall.room), version=hall.room.version)
    changed = revise(
        hall,
        store,
        name=ask.name,
        teachers=named_teachers(store, ask.teachers, "teachers") if ask.teachers is not None else None,
        open=ask.open,
        group_size=ask.group_size,
        countdown=ask.countdown,
    )
    flow.recheck(hall, store)
    flow.finish(hall, store)
    return changed


def revise(
    hall: Hall,
    store: Store,
    *,
    name: str | None = None,
    teachers: list[Named] | None = None,
    open: bool | None = None,  # noqa: A002
    group_size: int | None = None,
    countdown: int | None = None,
) -> Room:
    """Give the room a new description and version, and tell it. What is None stays; `finish` keeps it."""
    room = hall.room
    hall.room = Room(
        id=room.id,
        name=name if name is not None else room.name,
        teachers=teachers if teachers is not None else room.teachers,
        open=open if open is not None else room.open,
        by_code=hall.code is not None,
        group_size=group_size if group_size is not None else room.group_size,
        countdown=countdown if countdown is not None else room.countdown,
        version=room.version + 1,
    )
    if hall.room.teachers != room.teachers:
        store.keep_teachers(hall.room)
    store.record(RoomChanged(room=room.id, details=hall.room))
    return hall.room


def state(hall: Hall, store: Store) -> RoomState:
    """A room's complete state, as it is told."""
    return RoomState(
        room=hall.room,
        participants=list(hall.participants.values()),
        mode=hall.mode,
        now=store.now,
        position=store.position(hall.id),
    )


def describe(room: Room) -> Mapping[str, Any]:
    """A room as the details of a refusal hold it."""
    return asdict(room) | {"teachers": [asdict(teacher) for teacher in room.teachers]}


def named_teachers(store: Store, people: list[str], path: str) -> list[Named]:
    """These people with their names. Refused where one is not an active person of the campus."""
    known = known_people(store, people, path)
    return in_order(Named(id=person, name=known[person]) for person in set(people))


def known_people(store: Store, people: list[str], path: str) -> dict[str, str]:
    """The names of these people. Refused with the path of one who is not an active person of the campus."""
    known = store.people(people)
    for index, person in enumerate(people):
        if person not in known or not known[person].active:
            raise Invalid(f"{person} is not an active person of the campus. Check the id.", path=f"{path}[{index}]")
    return {person: found.name for person, found in known.items()}


def known_groups(store: Store, groups: list[str], path: str) -> None:
    """Refused with the path of an id that is not a group of the campus."""
    known = store.known_groups(groups)
    for index, group in enumerate(groups):
        if group not in known:
            raise Invalid(f"{group} is not a group of the campus. Check the id.", path=f"{path}[{index}]")


def new_code() -> str:
    """An invitation code that nobody guesses."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
