"""A router with the fast lanes under load: order, receivers that go away in the middle, and readers that do not read."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.plain import Plain
from tests.wire import Wire

GOODBYE, PUBLISH, PUBLISHED, EVENT, CALL, RESULT, REGISTER, REGISTERED, INVOCATION, YIELD = 6, 16, 17, 36, 48, 50, 64, 65, 68, 70
TOPIC = "tests.flood.happened"
QUEUE = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def node() -> Iterator[Plain]:
    """A router with the lanes."""
    plain = Plain(lanes=True, queue_size=QUEUE)
    try:
        yield plain.start()
    finally:
        plain.close()


@pytest.fixture
def joined(node: Plain) -> Iterator[Callable[..., Wire]]:
    """Joins sessions that are closed at the end."""
    wires: list[Wire] = []

    def join(*where: str) -> Wire:
        wires.append(node.join("ada", *where))
        return wires[-1]

    yield join
    for wire in wires:
        wire.close()


def flood(
    publisher: Wire, events: int, payload: str = "", in_flight: int = 50, each: Callable[[int], object] = lambda number: None
) -> None:
    """Publish numbered events, so many unacknowledged at a time. `each` is called before the one of that number."""
    acknowledged = 0
    for number in range(events):
        each(number)
        publisher.send(PUBLISH, number, {"acknowledge": True}, TOPIC, [number, payload])
        while number - acknowledged >= in_flight:
            publisher.until(PUBLISHED)
            acknowledged += 1
    while acknowledged < events:
        publisher.until(PUBLISHED)
        acknowledged += 1


class Reading(threading.Thread):
    """Takes numbered events in a thread of its own until the last one, and keeps their numbers."""

    def __init__(self, wire: Wire, events: int) -> None:
        super().__init__(daemon=True)
        self.wire = wire
        self.events = events
        self.numbers: list[int] = []
        self.start()

    def run(self) -> None:
        while len(self.numbers) < self.events:
            self.numbers.append(int(self.wire.until(EVENT)[4][0]))
            self.wire.frames.clear()
            self.wire.messages[1:] = []

    def all_in_order(self) -> bool:
        """Wait for the last; whether all came, once each, in the order in which they were published."""
        self.join(60)
        return self.numbers == list(range(self.events))


@pytest.mark.parametrize("door", ["websocket", "websocket-tls", "websocket-deflate", "web", "rawsocket", "rawsocket-unix"])
def test_a_session_is_told_in_order(joined: Callable[..., Wire], door: str) -> None:
    """Events, acknowledgements and results of one session, asked for without waiting: each kind in order, and an acknowledgement
    before the event that it is of.
    """
    session, answering = joined(door), joined("rawsocket-unix", "cbor")
    session.subscribe(TOPIC)
    answering.send(REGISTER, 1, {}, f"tests.echo.{door}")
    answering.until(REGISTERED)
    count = 300

    def answer() -> None:
        for _ in range(count):
            asked = answering.until(INVOCATION)
            answering.send(YIELD, asked[1], {}, asked[4])

    answers = threading.Thread(target=answer)
    answers.start()

    # all of it before anything is read: a TLS connection must not be used by two threads
    for number in range(count):
        session.send(PUBLISH, 2 * number, {"acknowledge": True, "exclude_me": False}, TOPIC, [number, "x" * (number % 50) * 100])
        session.send(CALL, 2 * number + 1, {}, f"tests.echo.{door}", [number])
    told: dict[int, list[Any]] = {PUBLISHED: [], EVENT: [], RESULT: []}
    order: list[tuple[int, int]] = []
    while any(len(messages) < count for messages in told.values()):
        message = session.until(*told)
        told[message[0]].append(message)
        order.append((message[0], len(told[message[0]])))
    answers.join()
    assert [message[1] for message in told[PUBLISHED]] == [2 * number for number in range(count)]
    assert [message[4][0] for message in told[EVENT]] == list(range(count))
    assert [message[1] for message in told[RESULT]] == [2 * number + 1 for number in range(count)]
    assert [message[3] for message in told[RESULT]] == [[number] for number in range(count)]
    assert all(order.index((PUBLISHED, number)) < order.index((EVENT, number)) for number in range(1, count + 1))


def leave(wire: Wire) -> None:
    """Say goodbye as WAMP has it."""
    wire.send(GOODBYE, {}, "wamp.close.normal")


@pytest.mark.parametrize(
    "go",
    [
        pytest.param(leave, id="says goodbye"),
        pytest.param(Wire.close_frame, id="closes the websocket"),
        pytest.param(lambda wire: wire.socket.shutdown(socket.SHUT_WR), id="half closes"),
        pytest.param(Wire.reset, id="resets"),
        pytest.param(Wire.close, id="closes without reading"),
    ],
)
@pytest.mark.parametrize("payload", [pytest.param("", id="small"), pytest.param("x" * 20_000, id="large")])
def test_subscribers_that_go_in_a_flood_cost_the_others_nothing(
    joined: Callable[..., Wire], go: Callable[[Wire], None], payload: str
) -> None:
    """With large events those who go have a full buffer, and the router a full queue for them."""
    events = 300
    going = [joined("websocket" if number % 2 else "web").subscribe(TOPIC) for number in range(20)]
    staying = [Reading(joined(door).subscribe(TOPIC), events) for door in ("websocket", "web", "rawsocket") for _ in range(4)]
    flood(
        joined("rawsocket"),
        events,
        payload,
        each=lambda number: go(going[number // 10]) if number % 10 == 5 and number < 200 else None,
    )
    assert all(reading.all_in_order() for reading in staying)


@pytest.mark.parametrize("door", ["websocket", "websocket-tls", "websocket-deflate", "web", "rawsocket", "rawsocket-unix"])
def test_a_reader_that_does_not_read_costs_no_memory_and_nobody_else(node: Plain, joined: Callable[..., Wire], door: str) -> None:
    """200 MB are published; its session is ended when more than the limit waits for it."""
    payload = os.urandom(50_000).hex()
    events = 2_000
    asleep = joined(door).subscribe(TOPIC)
    awake = Reading(joined("rawsocket-unix").subscribe(TOPIC), events)
    before, said = node.resident(), len(node.said)
    largest = 0

    def look(number: int) -> None:
        nonlocal largest
        if number % 50 == 0:
            largest = max(largest, node.resident())

    flood(joined("rawsocket-unix", "cbor"), events, payload, in_flight=8, each=look)
    assert awake.all_in_order()
    assert (largest - before) / 2**20 < 20 + 8, "the limit, and what the publications themselves take"
    node.wait_said(f"session {asleep.id} of ada reads too slowly")
    assert len(node.said) == said + 1
    asleep.read_to_the_end()


@pytest.mark.parametrize("door", ["websocket", "web", "rawsocket", "websocket-deflate"])
def test_a_reader_that_was_only_slow_gets_what_waited_and_the_reason(node: Plain, joined: Callable[..., Wire], door: str) -> None:
    """All that was queued, in order and without a gap, then the goodbye, and on a websocket the code and the reason."""
    payload = os.urandom(50_000).hex()
    slow = joined(door).subscribe(TOPIC)
    publisher = joined("rawsocket-unix", "cbor")
    number = 0
    give_up = time.monotonic() + 30
    while not any(f"session {slow.id} of" in line for line in list(node.said)):
        publisher.send(PUBLISH, number, {"acknowledge": True}, TOPIC, [number, payload])
        publisher.until(PUBLISHED)
        number += 1
        assert time.monotonic() < give_up
    slow.read_to_the_end()
    numbers = [message[4][0] for message in slow.messages if message[0] == EVENT]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > QUEUE // 100_000
    assert slow.messages[-1][:1] + slow.messages[-1][2:] == [GOODBYE, "chalkbell.router.v1.error.too_slow"]
    assert "follow on from where you were" in slow.messages[-1][1]["message"]
    if slow.door.kind == "websocket":
        assert slow.closed_with is not None
        assert slow.closed_with[0] == 1013


def test_a_message_larger_than_the_limit_is_no_reason(joined: Callable[..., Wire]) -> None:
    """What counts is what waited already."""
    reader = joined("rawsocket-unix").subscribe(TOPIC)
    flood(joined("rawsocket-unix"), 1, "x" * (QUEUE + 1_000_000))
    assert len(reader.until(EVENT)[4][1]) == QUEUE + 1_000_000
