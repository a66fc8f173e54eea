"""What the classroom does when sessions end, and when people, memberships or groups of the campus change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from chalkbell.contracts import Envelope
from chalkbell.contracts.classroom import Named
from chalkbell.contracts.directory import Campus, GroupRemoved, MembersChanged, PersonChanged, ReadCampus
from chalkbell.handlers import LiveSession, listen, resync, session_ended, sessions_seen
from services.classroom.api import flow
from services.classroom.api.rooms import revise
from services.classroom.store import Store, in_order

JUST_JOINED = timedelta(seconds=5)
"""Sessions that came in the last moments may be younger than the list of those who are there."""


@session_ended
def connection_lost(session: int, store: Store) -> None:
    """Who was in rooms by this session, and by no other, is away."""
    store.note_ended(session)
    _lose(store, [(session, room, person) for room, person in store.rooms_of_session(session).items()])


@sessions_seen
def connections_found(sessions: Sequence[LiveSession], store: Store) -> None:
    """Sessions that ended while this service was away are lost now: the time to come back counts from here."""
    live = {session.session for session in sessions}
    _lose(store, [found for found in store.sessions_before(store.now - JUST_JOINED) if found[0] not in live])


def _lose(store: Store, lost: Sequence[tuple[int, str, str]]) -> None:
    for hall in store.halls({room for _, room, _ in lost}, lock=True):
        for session, room, person in lost:
            if room == hall.id and store.remove_session(session, room) and not store.has_sessions(room, person):
                flow.lose(hall, person, store)
        flow.finish(hall, store)


@listen(PersonChanged)
def person_changed(event: PersonChanged, envelope: Envelope, store: Store) -> None:
    """A new name is shown, a disabled person is gone, an administrator may be one no longer."""
    taught = store.taught_by(event.person.id)
    for hall in store.halls(taught | store.rooms_with([event.person.id]), lock=True):
        if hall.id in taught:
            teachers = [Named(id=t.id, name=event.person.name if t.id == event.person.id else t.name) for t in hall.room.teachers]
            if teachers != hall.room.teachers:
                revise(hall, store, teachers=in_order(teachers))
        flow.recheck(hall, store)
        flow.finish(hall, store)


@listen(MembersChanged)
def members_changed(event: MembersChanged, envelope: Envelope, store: Store) -> None:
    """Who is no longer in a group is no longer in the rooms that are for the group."""
    if event.removed:
        _recheck(store, store.rooms_for_group(event.group))


@listen(GroupRemoved)
def group_removed(event: GroupRemoved, envelope: Envelope, store: Store) -> None:
    """A group that is no more belongs to no room."""
    for hall in store.halls(store.rooms_for_group(event.id), lock=True):
        store.remove_members(hall.id, groups=[event.id])
        revise(hall, store)
        flow.recheck(hall, store)
        flow.finish(hall, store)


@resync("directory", lambda scope: ReadCampus())
def directory_copied(snapshot: Campus, scope: str, store: Store) -> None:
    """Everything about people may be different: look at everybody anew."""
    _recheck(store, store.all_rooms_in_use())


def _recheck(store: Store, rooms: Collection[str]) -> None:
    for hall in store.halls(rooms, lock=True):
        flow.recheck(hall, store)
        flow.finish(hall, store)
