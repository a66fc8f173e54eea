"""A WAMP session by hand, over any transport and serializer, that keeps every byte it is sent. It blocks."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cbor2
import msgpack

PATIENCE = 10.0
ENCODE: dict[str, Callable[[Any], bytes]] = {
    "json": lambda value: json.dumps(value, ensure_ascii=False).encode(),
    "cbor": cbor2.dumps,
    "msgpack": lambda value: msgpack.packb(value, use_bin_type=True),
}
DECODE: dict[str, Callable[[bytes], Any]] = {
    "json": json.loads,
    "cbor": cbor2.loads,
    "msgpack": lambda data: msgpack.unpackb(data, raw=False),
}
RAW = {"json": 1, "msgpack": 2, "cbor": 3}
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
HELLO, WELCOME, CHALLENGE, AUTHENTICATE, GOODBYE = 1, 2, 4, 5, 6
SUBSCRIBE, SUBSCRIBED = 32, 33


class Closed(Exception):
    """The router closed the connection."""


@dataclass(frozen=True)
class Door:
    """Where a router takes sessions: a TCP port or a unix path, and how."""

    kind: str  # "websocket" or "rawsocket"
    port: int = 0
    path: str = "/"
    unix: str = ""
    tls: bool = False
    deflate: bool = False


@dataclass
class Wire:
    """One session. `frames` are the bytes of every frame that came, headers and all; `messages` what was in them."""

    door: Door
    serializer: str
    frames: list[bytes] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    closed_with: tuple[int, str] | None = None

    def __post_init__(self) -> None:
        if self.door.unix:
            plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            plain.settimeout(PATIENCE)
            plain.connect(self.door.unix)  # a test that fails here leaves a socket, and says so
        else:
            plain = socket.create_connection(("127.0.0.1", self.door.port), PATIENCE)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket: socket.socket = plain
        if self.door.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(plain)
        self.buffer = b""
        self.read_to = 0
        if self.door.kind == "websocket":
            self.inflate = zlib.decompressobj(-15)
            self._upgrade()
        else:
            self.socket.sendall(bytes([0x7F, 0xF0 | RAW[self.serializer], 0, 0]))
            assert self._exactly(4)[0] == 0x7F

    def _upgrade(self) -> None:
        lines = [
            f"GET {self.door.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.door.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(b'0123456789abcdef').decode()}",
            f"Sec-WebSocket-Protocol: wamp.2.{self.serializer}",
            *(["Sec-WebSocket-Extensions: permessage-deflate"] if self.door.deflate else []),
        ]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101"), head
        assert (b"permessage-deflate" in head) == self.door.deflate, head

    def _more(self) -> None:
        data = self.socket.recv(1_048_576)
        if not data:
            raise Closed
        self.buffer += data

    def _exactly(self, length: int) -> bytes:
        while len(self.buffer) < length:
            self._more()
        found, self.buffer = self.buffer[:length], self.buffer[length:]
        return found

    def send(self, *message: Any) -> None:
        """Send a message; a websocket's frame is masked with zeros."""
        payload = ENCODE[self.serializer](list(message))
        if self.door.kind == "rawsocket":
            self.socket.sendall(struct.pack("!I", len(payload)) + payload)
        else:
            self.socket.sendall(masked(TEXT if self.serializer == "json" else BINARY, payload))

    def close_frame(self) -> None:
        """Close a websocket as one should."""
        self.socket.sendall(masked(CLOSE, struct.pack("!H", 1000)))

    def _frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame; its bytes are kept."""
        if self.door.kind == "rawsocket":
            head = self._exactly(4)
            payload = self._exactly(struct.unpack("!I", head)[0])
            self.frames.append(head + payload)
            return BINARY, payload
        head = self._exactly(2)
        length = head[1] & 127
        if length > 125:
            more = self._exactly(2 if length == 126 else 8)
            head, length = head + more, int.from_bytes(more, "big")
        payload = self._exactly(length)
        self.frames.append(head + payload)
        if head[0] & 0x40:
            payload = self.inflate.decompress(payload + b"\0\0\xff\xff")
        return head[0] & 15, payload

    def read(self) -> Any:
        """The next message. Raises `Closed`, with the websocket's code and reason in `closed_with` when they were said."""
        while True:
            opcode, payload = self._frame()
            if opcode == PING:
                self.socket.sendall(masked(PONG, payload))
            elif opcode == CLOSE:
                self.closed_with = (struct.unpack("!H", payload[:2])[0], payload[2:].decode()) if payload else None
                raise Closed
            else:
                self.messages.append(DECODE[self.serializer](payload))
                return self.messages[-1]

    def until(self, *kinds: int) -> Any:
        """Read until a message of one of these kinds came, and return it."""
        while (message := self.read())[0] not in kinds:
            pass
        return message

    def read_to_the_end(self) -> None:
        """Read until the router closes or resets the connection."""
        try:
            while True:
                self.read()
        except (Closed, ConnectionError):
            pass

    def join(self, person: str, ticket: str, realm: str = "campus") -> Wire:
        """Sign in with a ticket."""
        features = {
            "subscriber": {"features": {"pattern_based_subscription": True}},
            "publisher": {"features": {"subscriber_blackwhite_listing": True, "publisher_exclusion": True}},
            "caller": {"features": {"progressive_call_results": True, "call_canceling": True}},
            "callee": {"features": {"progressive_call_results": True, "call_canceling": True}},
        }
        self.send(HELLO, realm, {"roles": features, "authmethods": ["ticket"], "authid": person})
        if self.until(CHALLENGE, 3)[0] == CHALLENGE:
            self.send(AUTHENTICATE, ticket, {})
            self.until(WELCOME, 3)
        return self

    @property
    def id(self) -> int:
        """The session's number."""
        return int(next(message for message in self.messages if message[0] == WELCOME)[1])

    def subscribe(self, topic: str, **options: Any) -> Wire:
        """Subscribe and wait until it is so."""
        self.send(SUBSCRIBE, 1, options, topic)
        self.until(SUBSCRIBED)
        return self

    def reset(self) -> None:
        """Go away without a word: the other side sees a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        """Go away."""
        self.socket.close()


def masked(opcode: int, payload: bytes) -> bytes:
    """A client's final frame, masked with zeros."""
    length = len(payload)
    if length <= 125:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length <= 0xFFFF:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
    return head + b"\0\0\0\0" + payload
