"""Many websocket subscribers in one process, cheap enough not to be what is measured.

They speak just enough of WebSocket and WAMP (JSON) to join and subscribe, then only count frames: a read takes what there is, and
frames are told by their headers, never decoded. Says `ready`, then one line of JSON when every subscriber has had EXPECTED events of
topics that end with MARKER: the moments of the first and the last one (CLOCK_MONOTONIC), and how many events of any topic came in all.

    python -m benchmarks.subscribers PORT PATH COUNT TOPIC MARKER EXPECTED [PERSON TOKEN]
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import socket
import sys
import time
from typing import Any

TEXT, PING = 1, 9


class Subscriber:
    """One connection."""

    def __init__(self, port: int, path: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.frames = 0
        self.marked = 0
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: wamp.2.json\r\n"
            f"Origin: http://127.0.0.1:{port}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self._receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode(errors="replace"))

    def _receive(self) -> bytes:
        data = self.socket.recv(262_144)
        if not data:
            raise RuntimeError("the router closed the connection")
        return data

    def send(self, message: Any) -> None:
        """One masked text frame."""
        payload = json.dumps(message).encode()
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0xFE]) + len(payload).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + length + b"\0\0\0\0" + payload)

    def message(self) -> list[Any]:
        """The next WAMP message."""
        while True:
            frame = self._frame()
            if frame is None:
                self.buffer += self._receive()
            elif frame[0] == PING:
                self.pong(frame[1])
            elif frame[0] == TEXT:
                return json.loads(frame[1])

    def pong(self, payload: bytes) -> None:
        """Say that we are there: the router drops who does not."""
        self.socket.sendall(b"\x8a" + bytes([0x80 | len(payload)]) + b"\0\0\0\0" + payload)

    def _frame(self) -> tuple[int, bytes] | None:
        buffer = self.buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1] & 127, 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < start + size:
            return None
        self.buffer = buffer[start + size :]
        return buffer[0] & 15, buffer[start : start + size]

    def count(self, marker: bytes) -> int:
        """Take what there is; how many events with the marker came so far."""
        buffer = self.buffer + self._receive()
        at, end = 0, len(buffer)
        while end - at >= 2:
            size, start = buffer[at + 1] & 127, at + 2
            if size == 126:
                size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if end < start + size:
                break
            # a WAMP event is a text frame that begins with [36, and its topic comes soon after
            if buffer[at] & 15 == PING:
                self.pong(buffer[start : start + size])
            elif buffer[at] & 15 == TEXT and buffer[start : start + 4] == b"[36,":
                self.frames += 1
                self.marked += marker in buffer[start : start + 400]
            at = start + size
        self.buffer = buffer[at:]
        return self.marked


def join(subscriber: Subscriber, person: str, token: str, topic: str) -> None:
    """Sign in and subscribe."""
    roles = {"subscriber": {"features": {"pattern_based_subscription": True}}}
    hello: dict[str, Any] = {"roles": roles}
    if person:
        hello |= {"authmethods": ["ticket"], "authid": person}
    subscriber.send([1, "campus", hello])
    welcome = subscriber.message()
    if welcome[0] == 4:
        subscriber.send([5, token, {}])
        welcome = subscriber.message()
    if welcome[0] != 2:
        raise RuntimeError(f"not welcome: {welcome}")
    subscriber.send([32, 1, {"match": "prefix"}, topic])
    answer = subscriber.message()
    if answer[0] != 33:
        raise RuntimeError(f"not subscribed: {answer}")


def main(port: str, path: str, count: str, topic: str, marker: str, expected: str, person: str = "", token: str = "") -> None:
    """Join all, then count."""
    mark = f'{marker}"'.encode()
    selector = selectors.DefaultSelector()
    subscribers: list[Subscriber] = []
    for _ in range(int(count)):
        subscriber = Subscriber(int(port), path)
        join(subscriber, person, token, topic)
        selector.register(subscriber.socket, selectors.EVENT_READ, subscriber)
        subscribers.append(subscriber)
        for key, _ in selector.select(0):
            key.data.count(mark)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    wanted, waiting = int(expected), len(subscribers)
    give_up = time.monotonic() + 300
    first = last = 0.0
    while waiting and time.monotonic() < give_up:
        for key, _ in selector.select(5):
            before = key.data.marked
            first = first or time.monotonic()
            if before < wanted <= key.data.count(mark):
                waiting -= 1
                last = time.monotonic()
    sys.stdout.write(
        json.dumps(
            {"first": first, "last": last, "missing": waiting, "frames": sum(subscriber.frames for subscriber in subscribers)}
        )
        + "\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
