"""What is sent, byte for byte, in the protocols that are compared. Written once, before anything is measured."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

#: Becomes the number of the connection, in the load.
CONNECTION = "@@@@"


@dataclass(frozen=True)
class Step:
    """Part of a handshake: what is sent (perhaps nothing), and what the frame that answers has in it (nothing: no answer)."""

    send: bytes
    expect: bytes


def records(steps: list[Step]) -> bytes:
    """The steps as the load reads them."""
    return b"".join(struct.pack(">II", len(step.send), len(step.expect)) + step.send + step.expect for step in steps)


def marked(number: int, size: int) -> str:
    """The payload of an event or a call: its number between two `#`, and as many letters as make it `size` bytes long."""
    return f"#{number:08}#".ljust(size, "x")


def upgrade(path: str, subprotocol: str = "") -> Step:
    """The beginning of a websocket. Whoever answers may refuse a key, so there is one, the example of RFC 6455."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        *([f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []),
    ]
    return Step("\r\n".join([*lines, "", ""]).encode(), b" 101 ")


def text(message: str) -> bytes:
    """A websocket frame as clients send it. The mask is zeros, which leaves the text as it is."""
    payload = message.encode()
    if len(payload) < 126:
        head = bytes([0x81, 0x80 | len(payload)])
    elif len(payload) < 65536:
        head = b"\x81\xfe" + struct.pack(">H", len(payload))
    else:
        head = b"\x81\xff" + struct.pack(">Q", len(payload))
    return head + b"\0\0\0\0" + payload


def wamp(message: list[Any]) -> bytes:
    """A WAMP message in JSON, in a websocket frame."""
    return text(json.dumps(message, separators=(",", ":")))


def wamp_join(path: str, realm: str, person: str = "", token: str = "") -> list[Step]:
    """Join, as nobody or with a ticket."""
    hello: dict[str, Any] = {"roles": {"subscriber": {}, "publisher": {}, "caller": {}}}
    steps = [upgrade(path, "wamp.2.json")]
    if person:
        hello |= {"authmethods": ["ticket"], "authid": person}
        return [*steps, Step(wamp([1, realm, hello]), b"[4,"), Step(wamp([5, token, {}]), b"[2,")]
    return [*steps, Step(wamp([1, realm, hello]), b"[2,")]


def wamp_subscribe(topic: str, match: str = "exact") -> Step:
    """Subscribe."""
    return Step(wamp([32, 1, {"match": match} if match != "exact" else {}, topic]), b"[33,")


def socket_io(message: list[Any], acknowledge: bool = False) -> bytes:
    """An event of socket.io, whose acknowledgement is wanted or not."""
    return text(f"42{'7' if acknowledge else ''}{json.dumps(message, separators=(',', ':'))}")


def socket_io_join() -> list[Step]:
    """Open Engine.IO over a websocket from the start, then the namespace."""
    return [upgrade("/socket.io/?EIO=4&transport=websocket"), Step(b"", b"0{"), Step(text("40"), b"40{")]


def nats_join(*subjects: str) -> list[Step]:
    """Connect and subscribe."""
    subscribe = "".join(f"SUB {subject} {number}\r\n" for number, subject in enumerate(subjects, 1))
    connect = 'CONNECT {"verbose":false,"pedantic":false,"lang":"c","version":"1","protocol":1,"echo":false}\r\n'
    return [Step(b"", b"INFO"), Step(f"{connect}{subscribe}PING\r\n".encode(), b"PONG")]


def nats_publish(subject: str, payload: str, reply: str = "") -> bytes:
    """Publish; with a subject for the reply, a request."""
    return f"PUB {subject} {f'{reply} ' if reply else ''}{len(payload)}\r\n{payload}\r\n".encode()


def mqtt(kind: int, body: bytes) -> bytes:
    """A packet of MQTT."""
    length, rest = bytearray(), len(body)
    while True:
        length.append(rest % 128 | (128 if rest > 127 else 0))
        rest //= 128
        if not rest:
            return bytes([kind]) + bytes(length) + body


def mqtt_string(string: str) -> bytes:
    """A string with its length before it."""
    return struct.pack(">H", len(string.encode())) + string.encode()


def mqtt_join(client: str, topic: str = "") -> list[Step]:
    """Connect with a clean session and no keep-alive (MQTT 3.1.1), and subscribe with quality of service 0."""
    connect = mqtt(0x10, mqtt_string("MQTT") + b"\x04\x02\x00\x00" + mqtt_string(f"{client}{CONNECTION}"))
    subscribe = mqtt(0x82, b"\x00\x01" + mqtt_string(topic) + b"\x00")
    return [Step(connect, b"\x20\x02\x00\x00"), *([Step(subscribe, b"\x90\x03\x00\x01\x00")] if topic else [])]


def mqtt_publish(topic: str, payload: str) -> bytes:
    """Publish with quality of service 0."""
    return mqtt(0x30, mqtt_string(topic) + payload.encode())
