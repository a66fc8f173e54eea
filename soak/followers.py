"""Followers: what each is handed goes into the history."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from twisted.internet.defer import Deferred

from chalkbell.contracts import Envelope, NotAllowed, NotFound, Position, Refusal
from chalkbell.contracts.classroom import ReadRoom
from chalkbell.contracts.notifier import ReadMyTasks
from chalkbell.contracts.shared import EventsHeads
from chalkbell.contracts.workflow import ListAssessments
from chalkbell.stream.follow import Follower, Following
from soak.people import change_of
from soak.world import ROOMS, STRANGER, World, stream
from tests.faults.school import LECTURERS, PACKAGE
from tests.routing import in_reactor
from tests.running import Program


def content_of(envelope: Envelope) -> str:
    """What must be the same wherever an event is seen, short."""
    return f"{envelope.name} {hash_of(envelope.data)}"


def hash_of(data: Any) -> str:
    """A short name for some content, the same in every process."""
    return hashlib.blake2b(msgspec.json.encode(data, order="sorted"), digest_size=8).hexdigest()


class Page:
    """Follows one scope as a page does: from a snapshot, and from a fresh one when the history is another."""

    def __init__(self, world: World, program: Program, person: str, service: str, scope: str, name: str) -> None:
        self.world = world
        self.program = program
        self.person = person
        self.service = service
        self.scope = scope
        self.name = name
        self.refused = ""
        self._begun: Position | None = None
        handler = Following(self._take, None, self._snapshot)
        self.follower = Follower(program.bus, service, handler, [scope], refused=self._refuse)

    @property
    def stream(self) -> str:
        """The stream's name in the history."""
        return stream(self.service, self.scope)

    @property
    def position(self) -> Position | None:
        """Where it stands."""
        return self.follower.position(self.scope)

    def begin(self) -> None:
        """Take a first snapshot and follow from there; refused, it stays without."""

        async def begin() -> None:
            self.program.followers.append(self)  # type: ignore[arg-type]
            await self.joined()

        in_reactor(lambda: Deferred.fromCoroutine(begin()))

    async def joined(self) -> None:
        """The program has joined, or joined again: what a `Program` tells its followers."""
        self.refused = ""
        try:
            if self._begun is None:
                self._begun = await self._snapshot(self.scope)
                self.follower.handler = Following(self._take, {self.scope: self._begun}, self._snapshot)
        except (NotAllowed, NotFound) as refused:
            self._refuse(self.scope, refused)  # and try to subscribe all the same
        try:
            await self.follower.joined()
        except (NotAllowed, NotFound) as refused:
            self._refuse(self.scope, refused)

    def left(self) -> None:
        """The program has lost its session."""
        self.follower.left()

    def stop(self) -> None:
        """Follow no more."""
        self.follower.stop()

    async def _snapshot(self, scope: str) -> Position:
        bus = self.program.bus
        if self.service == "workflow":
            position = (await bus.ask(ListAssessments(package=scope))).position
        elif self.service == "classroom":
            position = (await bus.ask(ReadRoom(room=scope))).position
        elif scope == self.person:
            position = (await bus.ask(ReadMyTasks())).position
        else:
            heads = await bus.ask(EventsHeads(scopes=[scope]), service=self.service)
            position = Position(epoch=heads.epoch, seq=heads.heads.get(scope, 0))
        self.world.history.began(self.name, self.person, self.stream, position.epoch, position.seq)
        return position

    def _take(self, envelope: Envelope) -> None:
        change = change_of(envelope.name, envelope.correlation_id)
        self.world.history.received(self.name, self.stream, envelope.epoch, envelope.seq, change, content_of(envelope))

    def _refuse(self, scope: str, refused: Refusal) -> None:
        self.refused = type(refused).__name__


def everybody(world: World) -> list[Page]:
    """The pages of a soak: people's over the websocket, a service's over the rawsocket, and a stranger's who is refused."""
    pages: list[Page] = []

    def open_page(program: Program, person: str, service: str, scope: str) -> None:
        pages.append(Page(world, program, person, service, scope, f"{person}'s {service} {scope} {len(pages)}"))

    for person in LECTURERS[:3]:
        program = world.person(person)
        open_page(program, person, "workflow", PACKAGE)
        for room in ROOMS:
            open_page(program, person, "classroom", room)
    for person in ("finn-wood", "gil-brook", "hal-ford"):
        program = world.person(person)
        open_page(program, person, "notifier", person)
        open_page(program, person, "classroom", ROOMS[0])
    stranger = world.person(STRANGER)
    open_page(stranger, STRANGER, "workflow", PACKAGE)
    service = world.campus.running.key("notifier")
    world.history.allowed("service.notifier", stream("workflow", PACKAGE))
    open_page(service, "service.notifier", "workflow", PACKAGE)
    return pages
