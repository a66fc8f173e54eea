"""Joins a router over its rawsocket and hands the connection on: so publish services, with CBOR and a key of theirs."""

from __future__ import annotations

import socket
from typing import Any

import cbor2
from nacl.signing import SigningKey

#: 16 MB messages, CBOR.
HANDSHAKE = b"\x7f\xf3\x00\x00"


def frame(message: list[Any]) -> bytes:
    """A WAMP message in its frame."""
    body = cbor2.dumps(message)
    return len(body).to_bytes(4, "big") + body


def join(path: str, realm: str, authid: str = "", seed: str = "") -> socket.socket:
    """Join as nobody, or with a key, whose seed is 64 hex digits. Refuses with `ConnectionRefusedError`."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
        connection.sendall(HANDSHAKE)
        _receive(connection, 4)
        hello: dict[str, Any] = {"roles": {"publisher": {}}}
        if authid:
            key = SigningKey(bytes.fromhex(seed))
            hello |= {"authmethods": ["cryptosign"], "authid": authid, "authextra": {"pubkey": bytes(key.verify_key).hex()}}
        connection.sendall(frame([1, realm, hello]))
        answer = _message(connection)
        if answer[0] == 4:
            challenge = bytes.fromhex(answer[2]["challenge"])
            signed = key.sign(challenge)
            connection.sendall(frame([5, bytes(signed).hex(), {}]))
            answer = _message(connection)
        if answer[0] != 2:
            raise ConnectionRefusedError(f"not welcome: {answer}")
    except BaseException:
        connection.close()
        raise
    return connection


def _message(connection: socket.socket) -> list[Any]:
    message: list[Any] = cbor2.loads(_receive(connection, int.from_bytes(_receive(connection, 4), "big")))
    return message


def _receive(connection: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        if not (more := connection.recv(size - len(got))):
            raise ConnectionRefusedError("the router closed the connection")
        got += more
    return got
