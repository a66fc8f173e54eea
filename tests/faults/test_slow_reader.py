"""A reader that stops reading while 200 MB are published: the others are undisturbed, and the reader is complete after it resumes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from autobahn.wamp.types import PublishOptions
from twisted.internet import reactor
from twisted.internet.defer import DeferredList

from chalkbell.bus import Bus, Ticket
from chalkbell.contracts import Envelope, Position
from chalkbell.stream.follow import Follower, Following
from chalkbell.testing.history import History, check
from tests.faults.memory import of_group
from tests.routing import TICKET, Router, StandIns, in_reactor
from tests.running import until

pytestmark = [pytest.mark.router, pytest.mark.timeout(300)]
SCOPE, EPOCH = "cs-2026", "e1"
EVENT_BYTES, EVENTS = 32_000, 6_500
#: What the router may grow by with the fast lanes in; its queue for one connection is 8 MB.
GROWTH = 20e6


class Source:
    """A service in miniature: publishes numbered events and answers a replay of them."""

    def __init__(self, stand_ins: StandIns) -> None:
        stand_ins.leave("workflow")
        self.session = stand_ins.router.key("workflow")
        self.session.register("chalkbell.workflow.v1.meta.may_read", lambda *_, **__: {"may": True})
        self.head = 0
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
            "data": {"text": "x" * EVENT_BYTES},
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

    def __init__(self, router: Router, person: str, history: History) -> None:
        self.joins = 0
        self.last = 0
        self.lateness = 0.0
        history.began(person, person, SCOPE, EPOCH, 0)

        def take(envelope: Envelope) -> None:
            self.last = envelope.seq
            history.received(person, SCOPE, envelope.epoch, envelope.seq)

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


@pytest.fixture(params=[True, False], ids=["fast lanes", "stock"])
def source(request: pytest.FixtureRequest) -> Iterator[tuple[Router, Source]]:
    router = Router(fastlanes=request.param)
    router.start()
    stand_ins = StandIns(router)
    for person in ("ada", "ben", "sleeper"):
        stand_ins.people[person] = "person"
    yield router, Source(stand_ins)
    router.close()


def test_a_reader_that_stops_reading(source: tuple[Router, Source], record_property: Any) -> None:
    """With the fast lanes in, the router grows by no more than 20 MB; without, by what it keeps for the sleeper."""
    router, publisher = source
    history = History()
    readers = [Reader(router, person, history) for person in ("ada", "ben", "sleeper")]
    try:
        publisher.publish(300)
        until(lambda: all(reader.last == publisher.head for reader in readers), "all readers have begun")
        assert router.process.pid
        before = most = of_group(router.process.pid)
        readers[2].stop_reading()
        began = time.monotonic()
        done = threading.Event()
        watching = threading.Thread(
            target=lambda: [peaks.append(of_group(router.process.pid or 0)) for _ in iter(lambda: done.wait(0.1), True)]
        )
        peaks: list[int] = []
        watching.start()
        publisher.publish(EVENTS)
        until(lambda: all(reader.last == publisher.head for reader in readers[:2]), "the others have everything")
        seconds = time.monotonic() - began
        done.set()
        watching.join()
        most = max(peaks)
        asleep = readers[2].last
        readers[2].read_again()
        until(lambda: readers[2].last == publisher.head, "the sleeper has everything", more=lambda: f"{readers[2].last}")
    finally:
        for reader in readers:
            reader.close()
    for seq in range(1, publisher.head + 1):
        history.recorded(SCOPE, EPOCH, seq)
    history.stands(SCOPE, EPOCH, publisher.head)
    growth = (most - before) / 1e6
    megabytes = EVENTS * EVENT_BYTES / 1e6
    print(f"{megabytes:.0f} MB in {seconds:.1f} s; the router grew by {growth:.0f} MB; the sleeper slept at {asleep}")
    record_property("growth", growth)
    assert check(history).faults == []
    assert [reader.joins for reader in readers[:2]] == [1, 1], "others were cut off"
    if router.settings.fastlanes:
        assert growth * 1e6 <= GROWTH
