"""Switching: broadcast, groups, and the way back. Every press says which mode it saw, so that the second of two is none."""

from __future__ import annotations

from random import Random

from chalkbell.contracts import Conflict, Invalid
from chalkbell.contracts.classroom import (
    Broadcast,
    CallBack,
    CancelCountdown,
    ExtendCountdown,
    Mode,
    ModeKind,
    MovePerson,
    NotInGroups,
    Rest,
    SkipCountdown,
    Split,
    SwitchReason,
    Target,
)
from chalkbell.handlers import Call, procedure
from services.classroom.api import flow, rights
from services.classroom.rules import modes, seats
from services.classroom.store import Hall, Store


@procedure(Broadcast)
def broadcast(ask: Broadcast, call: Call, store: Store) -> Mode:
    """Let everybody listen to one."""
    hall = _seen(rights.taught(store, ask.room, call), ask.seen)
    speaker = ask.speaker or call.person
    if speaker not in hall.participants:
        raise Invalid("Who speaks must be in the room. Join it first, or name a participant.", path="speaker")
    target = Target(kind=ModeKind.BROADCAST, speaker=speaker)
    return _go_to(hall, target, SwitchReason.BROADCAST, ask.countdown, store)


@procedure(Rest)
def rest(ask: Rest, call: Call, store: Store) -> Mode:
    """Everybody in the main room."""
    hall = _seen(rights.taught(store, ask.room, call), ask.seen)
    return _go_to(hall, modes.IDLE, SwitchReason.RESTED, ask.countdown, store)


@procedure(Split)
def split(ask: Split, call: Call, store: Store) -> Mode:
    """Into small groups, at once."""
    hall = _seen(rights.taught(store, ask.room, call), ask.seen)
    size = ask.size or hall.room.group_size
    people = [participant.person for participant in hall.present]
    last = [group.members for group in hall.mode.groups] or hall.last_groups
    seating = seats.keep(last, people, size, Random()) if ask.kept else seats.draw(people, size, Random())
    step = modes.split(hall.mode, seating.groups, size, store.now, ask.lasts)
    hall.groups_made = seating.made
    return _switched(hall, step, store)


@procedure(CallBack)
def call_back(ask: CallBack, call: Call, store: Store) -> Mode:
    """Back to what was before."""
    hall = _seen(rights.taught(store, ask.room, call), ask.seen)
    return _switched(hall, modes.call_back(hall.mode, store.now, _countdown(hall, ask.countdown), hall.participants), store)


@procedure(SkipCountdown)
def skip(ask: SkipCountdown, call: Call, store: Store) -> Mode:
    """Now."""
    hall = _seen(rights.taught(store, ask.room, call), ask.seen)
    return _switched(hall, modes.skip(hall.mode, store.now, hall.participants), store)


@procedure(ExtendCountdown)
def extend(ask: ExtendCountdown, call: Call, store: Store) -> Mode:
    """Later."""
    hall = _seen(rights.taught(store, ask.room, call), ask.seen)
    return _switched(hall, modes.extend(hall.mode, ask.seconds), store)


@procedure(CancelCountdown)
def cancel(ask: CancelCountdown, call: Call, store: Store) -> Mode:
    """Not at all."""
    hall = _seen(rights.taught(store, ask.room, call), ask.seen)
    return _switched(hall, modes.cancel(hall.mode), store)


@procedure(MovePerson)
def move(ask: MovePerson, call: Call, store: Store) -> Mode:
    """Put somebody into another group."""
    hall = _seen(rights.taught(store, ask.room, call), ask.seen)
    if hall.mode.size is None:
        raise NotInGroups
    if ask.group not in {group.id for group in hall.mode.groups}:
        raise Invalid("There is no such group in this room now. Choose one of its groups.", path="group")
    if seats.group_of(hall.mode.groups, ask.person) is None and ask.person not in hall.waiting:
        raise Invalid("Only a member who is in the room can be put into a group.", path="person")
    if seats.group_of(hall.mode.groups, ask.person) != ask.group:
        flow.reseat(
            hall, seats.move(hall.mode.groups, hall.mode.size, ask.person, ask.group, hall.waiting, hall.groups_made), store
        )
        flow.finish(hall, store)
    return hall.mode


def _seen(hall: Hall, number: int) -> Hall:
    if number != hall.mode.number:
        raise Conflict("The room has switched since. Look at what it does now.", state=_plain(hall.mode), version=hall.mode.number)
    return hall


def _plain(mode: Mode) -> dict[str, object]:
    return {"number": mode.number, "kind": mode.kind.value, "speaker": mode.speaker, "since": mode.since.isoformat()}


def _go_to(hall: Hall, target: Target, reason: SwitchReason, countdown: int | None, store: Store) -> Mode:
    step = modes.go_to(hall.mode, target, reason, store.now, _countdown(hall, countdown), hall.participants)
    return _switched(hall, step, store)


def _switched(hall: Hall, step: modes.Step | None, store: Store) -> Mode:
    flow.switch(hall, step, store)
    flow.finish(hall, store)
    return hall.mode


def _countdown(hall: Hall, given: int | None) -> int:
    return hall.room.countdown if given is None else given
