"""The same script of traffic on a router with the fast lanes and on one without gives the same bytes: every kind of message a router
sends, on every transport and serializer.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.plain import TICKET, Plain
from tests.wire import DECODE, Closed, Wire

ABORT, GOODBYE, ERROR, PUBLISH, PUBLISHED = 3, 6, 8, 16, 17
UNSUBSCRIBE, UNSUBSCRIBED, EVENT, CALL, CANCEL, RESULT = 34, 35, 36, 48, 49, 50
REGISTER, REGISTERED, UNREGISTER, UNREGISTERED, INVOCATION, INTERRUPT, YIELD = 64, 65, 66, 67, 68, 69, 70
WELCOME = 2
#: Around each length at which a frame's header changes, and one that no socket takes at once.
LENGTHS = (0, 1, 90, 100, 110, 125, 126, 127, 65_400, 65_480, 65_535, 65_536, 70_000, 700_000)
DOORS = (
    "websocket",
    "websocket-tls",
    "websocket-deflate",
    "web",
    "web-tls",
    "rawsocket",
    "rawsocket-tls",
    "rawsocket-unix",
)
SERIALIZERS = ("json", "cbor", "msgpack")
#: Each script's numbers begin at one of these.
FIRSTS = itertools.count(5_000_000_000_000_000, 1_000_000)


@pytest.fixture(scope="module")
def nodes() -> Iterator[tuple[Plain, Plain]]:
    """A router without and one with the lanes."""
    pair = Plain(lanes=False), Plain(lanes=True)
    try:
        for node in pair:
            node.start()
        yield pair
    finally:
        for node in pair:
            node.close()


class Script:
    """A person, or four, at one door, doing one thing after another, so that the order of all that comes is certain."""

    def __init__(self, node: Plain, first: int, *ways: tuple[str, str]) -> None:
        self.node = node
        self.ways = ways
        self.wires: list[Wire] = []
        self.aside("tests.begin", [first])
        self.ada, self.ben, self.cleo = (self.open(person, number) for number, person in enumerate(("ada", "ben", "cleo")))
        self.requests = 0

    def open(self, person: str, number: int, ticket: str = TICKET) -> Wire:
        """Join through one of the doors."""
        door, serializer = self.ways[number % len(self.ways)]
        wire = Wire(self.node.doors[door], serializer)
        self.wires.append(wire)
        return wire.join(person, ticket)

    def ask(self, wire: Wire, kind: int, *rest: Any) -> int:
        """Send a message with a request number; that number."""
        self.requests += 1
        wire.send(kind, self.requests, *rest)
        return self.requests

    def aside(self, procedure: str, *payload: Any) -> None:
        """Call something in a session that is not compared: what answers has a number drawn before they were counted."""
        wire = self.open("dora", 0)
        self.wires.remove(wire)
        wire.send(CALL, 1, {}, procedure, *payload)
        wire.until(RESULT)
        wire.close()

    def publish(self, options: dict[str, Any], heard_by: list[Wire], *payload: Any, topic: str = "tests.one.happened") -> None:
        """Publish as Ada, and wait for all that must hear it."""
        self.ask(self.ada, PUBLISH, {"acknowledge": True, **options}, topic, *payload)
        self.ada.until(PUBLISHED, ERROR)
        for wire in heard_by:
            wire.until(EVENT)

    def events(self) -> None:
        ada, ben, cleo = self.ada, self.ben, self.cleo
        ada.subscribe("tests.one.happened")
        ben.subscribe("tests.one.happened")
        cleo.subscribe("tests.one.", match="prefix")
        for length in LENGTHS:
            self.publish({}, [ben, cleo], ["x" * length])
        self.publish({}, [ben, cleo], [], {"name": "Zoë \u2713 \U0001f514", "nested": {"list": [1, 2.5, None, True, -7, 2**40]}})
        self.publish({}, [ben, cleo])
        self.publish({"exclude_me": False}, [ada, ben, cleo], ["me too"])
        self.publish({"exclude": [ben.id]}, [cleo], ["not Ben"])
        self.publish({"eligible": [ben.id]}, [ben], ["Ben alone"])
        self.publish({"exclude_authid": ["cleo"]}, [ben], ["not Cleo"])
        self.publish({"eligible_authid": ["cleo", "ada"]}, [cleo], ["Cleo alone"])
        self.publish({"eligible_authrole": ["anybody"]}, [ben, cleo], ["everybody"])
        self.publish({"exclude_authrole": ["anybody"]}, [], ["nobody"])
        self.publish({}, [cleo], ["only by prefix"], topic="tests.one.else")
        self.publish({}, [], topic="wamp.not.ours")
        # Not acknowledged; what is told next comes after it.
        self.ask(ada, PUBLISH, {}, "tests.one.happened", ["quietly"])
        for wire in (ben, cleo):
            wire.until(EVENT)
        subscription = next(message for message in ben.messages if message[0] == 33)[2]
        self.ask(ben, UNSUBSCRIBE, subscription)
        ben.until(UNSUBSCRIBED)
        self.ask(ben, UNSUBSCRIBE, subscription)
        ben.until(ERROR)
        self.publish({}, [cleo], ["without Ben"])

    def calls(self) -> None:
        ada, cleo = self.ada, self.cleo
        self.ask(cleo, REGISTER, {"disclose_caller": True}, "tests.answer")
        registration = cleo.until(REGISTERED)[2]
        self.ask(self.ben, REGISTER, {}, "tests.answer")
        self.ben.until(ERROR)
        for length in LENGTHS:
            self.ask(ada, CALL, {}, "tests.answer", ["y" * length], {"é": 1})
            asked = cleo.until(INVOCATION)
            cleo.send(YIELD, asked[1], {}, *asked[4:])
            ada.until(RESULT)
        self.ask(ada, CALL, {"receive_progress": True}, "tests.answer", [])
        asked = cleo.until(INVOCATION)
        for part in range(3):
            cleo.send(YIELD, asked[1], {"progress": True}, [part])
            ada.until(RESULT)
        cleo.send(YIELD, asked[1], {}, ["done"])
        ada.until(RESULT)
        self.ask(ada, CALL, {}, "tests.answer")
        asked = cleo.until(INVOCATION)
        cleo.send(ERROR, INVOCATION, asked[1], {}, "tests.error.refused", ["no"], {"path": "a.b"})
        ada.until(ERROR)
        call = self.ask(ada, CALL, {}, "tests.answer")
        asked = cleo.until(INVOCATION)
        ada.send(CANCEL, call, {"mode": "kill"})
        cleo.until(INTERRUPT)
        cleo.send(ERROR, INVOCATION, asked[1], {}, "wamp.error.canceled")
        ada.until(ERROR)
        self.ask(ada, CALL, {}, "tests.nobody")
        ada.until(ERROR)
        self.ask(cleo, UNREGISTER, registration)
        cleo.until(UNREGISTERED)

    def partings(self) -> None:
        self.open("dora", 0, ticket="a wrong ticket")
        self.ben.send(GOODBYE, {}, "wamp.close.normal")
        self.ben.until(GOODBYE)
        self.aside("wamp.session.kill", [self.cleo.id], {"reason": "tests.ended", "message": "enough"})
        self.cleo.until(GOODBYE)
        if self.ada.door.kind == "websocket":
            self.ada.close_frame()
            with pytest.raises(Closed):
                self.ada.read()

    def close(self) -> None:
        for wire in self.wires:
            wire.close()


def told(wire: Wire) -> list[Any]:
    """What a session was sent: each frame's bytes, but a welcome decoded and without what differs from process to process."""
    found: list[Any] = []
    messages = iter(wire.messages)
    for frame in wire.frames:
        is_close = wire.door.kind == "websocket" and frame[0] & 15 == 8
        message = None if is_close else next(messages)
        if message is not None and message[0] == WELCOME:
            details = {name: value for name, value in message[2].items() if name not in ("authextra", "x_cb_node", "x_cb_pid")}
            found.append([WELCOME, message[1], {name: value for name, value in details.items() if not name.startswith("x_cb")}])
        else:
            found.append(frame)
    return found


def both(nodes: tuple[Plain, Plain], part: Callable[[Script], None], *ways: tuple[str, str]) -> list[Script]:
    """Play a part on both routers and compare all that each session was sent."""
    played: list[Script] = []
    first = next(FIRSTS)
    for node in nodes:
        script = Script(node, first, *ways)
        try:
            part(script)
        finally:
            script.close()
        played.append(script)
    without, with_lanes = played
    assert len(without.wires) == len(with_lanes.wires)
    for before, after in zip(without.wires, with_lanes.wires, strict=True):
        assert told(after) == told(before)
        assert after.closed_with == before.closed_with
    return played


def everything(script: Script) -> None:
    """All kinds of messages."""
    script.events()
    script.calls()
    script.partings()


@pytest.mark.parametrize("serializer", SERIALIZERS)
@pytest.mark.parametrize("door", DOORS)
def test_every_kind_of_message_is_the_same_bytes(nodes: tuple[Plain, Plain], door: str, serializer: str) -> None:
    played = both(nodes, everything, (door, serializer))
    kinds = {message[0] for wire in played[1].wires for message in wire.messages}
    assert kinds == {2, 3, 4, 6, 8, 17, 33, 35, 36, 50, 65, 67, 68, 69}


@pytest.mark.parametrize(
    "ways",
    [
        pytest.param((("websocket", "json"), ("websocket", "cbor"), ("websocket", "msgpack")), id="serializers"),
        pytest.param((("websocket", "json"), ("web", "json"), ("rawsocket", "json")), id="framings"),
        pytest.param((("websocket-deflate", "json"), ("websocket", "json"), ("websocket-tls", "json")), id="plain and not"),
        pytest.param((("rawsocket-unix", "cbor"), ("web-tls", "cbor"), ("rawsocket", "json")), id="mixed"),
    ],
)
def test_one_publication_to_receivers_of_several_ways_is_the_same_bytes(
    nodes: tuple[Plain, Plain], ways: tuple[tuple[str, str], ...]
) -> None:
    both(nodes, Script.events, *ways)


def test_the_bytes_decode_to_what_was_sent(nodes: tuple[Plain, Plain]) -> None:
    """Two routers that are wrong in the same way would pass above."""
    script = Script(nodes[1], next(FIRSTS), ("websocket", "cbor"))
    try:
        script.events()
        heard = [message for message in script.ben.messages if message[0] == EVENT]
        assert [len(message[4][0]) for message in heard[: len(LENGTHS)]] == list(LENGTHS)
        assert heard[len(LENGTHS)][5]["name"] == "Zoë \u2713 \U0001f514"
    finally:
        script.close()
    assert set(DECODE) == set(SERIALIZERS)
