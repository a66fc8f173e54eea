"""What changes a room in use, shared by calls, the clock, and news of lost sessions. Each records what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalkbell.contracts.classroom import (
    GroupsChanged,
    Joined,
    Left,
    ModeKind,
    Participant,
    ParticipantChanged,
    Standing,
    Switched,
)
from services.classroom.rules import modes, seats
from services.classroom.store import Hall, Store


def switch(hall: Hall, step: modes.Step | None, store: Store) -> None:
    """Let the room do something else. Nothing happens without a step."""
    if step is None:
        return
    entered = step.mode.since != hall.mode.since or step.mode.kind is not hall.mode.kind
    if entered and hall.mode.kind is ModeKind.GROUPS:
        hall.last_groups = [group.members for group in hall.mode.groups]
    hall.mode = step.mode
    hall.unattended_since = None
    store.record(Switched(room=hall.id, mode=step.mode, reason=step.reason))


def reseat(hall: Hall, seating: seats.Seating, store: Store) -> None:
    """Let people sit elsewhere, within the same mode."""
    hall.groups_made = seating.made
    if seating.moves:
        hall.mode = modes.reseated(hall.mode, seating.groups)
        store.record(GroupsChanged(room=hall.id, number=hall.mode.number, groups=seating.groups, moves=seating.moves))


def come(hall: Hall, person: str, name: str, standing: Standing, store: Store) -> None:
    """Somebody comes in, or comes back after a lost connection. In groups they get a seat, if they have none."""
    before = hall.participants.get(person)
    if before and before.away_since is None:
        return
    participant = Participant(person=person, name=name, standing=standing, since=before.since if before else store.now)
    _keep(hall, participant, store)
    event = ParticipantChanged if before else Joined
    store.record(event(room=hall.id, participant=participant))
    fill_seats(hall, store)


def lose(hall: Hall, person: str, store: Store) -> None:
    """Somebody has no session left: they are away, and keep their seat for a while."""
    before = hall.participants.get(person)
    if before and before.away_since is None:
        alter(hall, before, before.name, before.standing, store.now, store)


def go(hall: Hall, person: str, store: Store) -> None:
    """Somebody is gone: the seat is free, who would be alone is merged, and a broadcast without its speaker ends."""
    if hall.participants.pop(person, None) is None:
        return
    store.remove_participant(hall.id, person)
    store.record(Left(room=hall.id, person=person))
    give_up_seat(hall, person, store)
    switch(hall, modes.speaker_left(hall.mode, person, store.now), store)


def alter(hall: Hall, before: Participant, name: str, standing: Standing, away_since: datetime | None, store: Store) -> None:
    """A participant has another name or standing, or is away. One who has become a teacher sits in no group."""
    after = Participant(person=before.person, name=name, standing=standing, since=before.since, away_since=away_since)
    if after == before:
        return
    _keep(hall, after, store)
    store.record(ParticipantChanged(room=hall.id, participant=after))
    if standing is Standing.TEACHER:
        give_up_seat(hall, before.person, store)
    fill_seats(hall, store)


def fill_seats(hall: Hall, store: Store) -> None:
    """In groups, seat those who wait in the main room, where there is space."""
    if hall.mode.size is not None and hall.waiting:
        reseat(hall, seats.settle(hall.mode.groups, hall.mode.size, hall.waiting, hall.groups_made), store)


def give_up_seat(hall: Hall, person: str, store: Store) -> None:
    """In groups, free somebody's seat."""
    if hall.mode.size is not None and seats.group_of(hall.mode.groups, person):
        waiting = [other for other in hall.waiting if other != person]
        reseat(hall, seats.leave(hall.mode.groups, hall.mode.size, person, waiting, hall.groups_made), store)


def recheck(hall: Hall, store: Store) -> None:
    """Look at everybody in the room anew: who may not be there is gone, others have the name and standing that they now have."""
    people = store.people(hall.participants)
    standings = store.standings(hall.room, people)
    for person in sorted(hall.participants.keys() - standings.keys()):
        go(hall, person, store)
    for participant in list(hall.participants.values()):
        person = participant.person
        alter(hall, participant, people[person].name, standings[person], participant.away_since, store)
    store.audit_subscriptions(hall.id)


def keep_time(hall: Hall, store: Store) -> None:
    """Do what is due in the room: a switch, then the end of waiting for those who are away."""
    now, countdown = store.now, hall.room.countdown
    switch(hall, modes.by_the_clock(hall.mode, now, countdown, hall.participants), store)
    for participant in list(hall.participants.values()):
        if participant.away_since and participant.away_since + _seconds(store.settings.seat_grace) <= now:
            go(hall, participant.person, store)
    if hall.unattended_since and hall.unattended_since + _seconds(store.settings.teacher_grace) <= now:
        switch(hall, modes.unattended(hall.mode, now, countdown, hall.participants), store)


def finish(hall: Hall, store: Store) -> None:
    """Keep the room as it now is, and see to it that the clock looks at it in time. The last act of whatever changes a room."""
    unattended = hall.mode.kind is ModeKind.GROUPS and not hall.attended
    hall.unattended_since = (hall.unattended_since or store.now) if unattended else None
    due = min(_moments(hall, store), default=None)
    store.keep_hall(hall, due)
    if due:
        store.wake_jobs()


def _moments(hall: Hall, store: Store) -> Iterable[datetime]:
    if (due := modes.next_due(hall.mode, hall.room.countdown)) is not None:
        yield due
    if hall.unattended_since and modes.waits_for_teacher(hall.mode):
        yield hall.unattended_since + _seconds(store.settings.teacher_grace)
    for participant in hall.participants.values():
        if participant.away_since:
            yield participant.away_since + _seconds(store.settings.seat_grace)


def _keep(hall: Hall, participant: Participant, store: Store) -> None:
    hall.participants[participant.person] = participant
    store.keep_participant(hall.id, participant)


def _seconds(count: int) -> timedelta:
    return timedelta(seconds=count)
