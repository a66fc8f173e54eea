"""One numbered stream on a router of the tests' own: a service in miniature that publishes and replays it, and programs that follow."""

from __future__ import annotations

from typing import Any

from autobahn.wamp.types import PublishOptions
from twisted.internet import reactor
from twisted.internet.defer import DeferredList

from chalkbell.bus import Bus, Ticket
from chalkbell.contracts import Envelope, Position
from chalkbell.stream.follow import Follower, Following
from chalkbell.testing.history import History
from tests.routing import TICKET, Router, StandIns, in_reactor

SCOPE, EPOCH = "cs-2026", "e1"


class Source:
    """A service in miniature: publishes numbered events and answers a replay of them."""

    def __init__(self, stand_ins: StandIns, size: int, head: int = 0) -> None:
        """`size`: bytes of each event; `head`: how many there are already."""
        self.size = size
        stand_ins.leave("workflow")
        self.session = stand_ins.router.key("workflow")
        self.session.register("chalkbell.workflow.v1.meta.may_read", lambda *_, **__: {"may": True})
        self.head = head
        self.session.register(
            "chalkbell.workflow.v1.events.heads", lambda details, **_: {"epoch": EPOCH, "heads": {SCOPE: self.head}}
        )
        self.session.register("chalkbell.workflow.v1.events.since", self._since)

    def event(self, seq: int) -> dict[str, Any]:
        return {
            "service": "workflow",
            "scope": SCOPE,
            "name": "signed_off",
            "epoch": EPOCH,
            "seq": seq,
            "at": "2026-11-23T09:00:00Z",
            "by": "ada-stone",
            "data": {"text": "x" * self.size},
        }

    def _since(self, details: Any, seq: int = 0, **_: Any) -> dict[str, Any]:
        events = [self.event(number) for number in range(seq + 1, min(self.head, seq + 20) + 1)]
        return {"epoch": EPOCH, "events": events, "head": self.head}

    def publish(self, count: int) -> None:
        """So many more events, eight on the way at a time."""
        topic, options = f"chalkbell.workflow.v1.{SCOPE}.signed_off", PublishOptions(acknowledge=True)

        def some(numbers: list[int]) -> Any:
            return DeferredList([self.session.inner.publish(topic, self.event(number), options=options) for number in numbers])

        for first in range(self.head + 1, self.head + count + 1, 8):
            numbers = list(range(first, min(first + 8, self.head + count + 1)))
            in_reactor(some, numbers)
        self.head += count


class Reader:
    """A program that follows, and can stop reading."""

    def __init__(self, router: Router, person: str, history: History, name: str = "") -> None:
        name = name or person
        self.joins = 0
        self.last = 0
        history.began(name, person, SCOPE, EPOCH, 0)

        def take(envelope: Envelope) -> None:
            self.last = envelope.seq
            history.received(name, SCOPE, envelope.epoch, envelope.seq)

        async def joined(bus: Bus) -> None:
            self.joins += 1
            await self.follower.joined()

        self.bus: Bus = in_reactor(
            lambda: Bus(
                reactor, router.websocket_url, Ticket(person, TICKET), on_join=joined, on_leave=lambda: self.follower.left()
            )
        )
        self.follower = Follower(self.bus, "workflow", Following(take, {SCOPE: Position(epoch=EPOCH, seq=0)}), [SCOPE])
        in_reactor(self.bus.start)

    def stop_reading(self) -> None:
        in_reactor(lambda: self.bus._protocol.transport.pauseProducing())

    def read_again(self) -> None:
        in_reactor(lambda: self.bus._protocol and self.bus._protocol.transport.resumeProducing())

    def close(self) -> None:
        in_reactor(self.follower.stop)
        in_reactor(self.bus.stop)
