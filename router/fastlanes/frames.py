"""The frames around a message, as a server writes them: whole messages, neither masked nor compressed."""

from struct import Struct

_SHORT, _MIDDLE, _LONG = Struct("!BB").pack, Struct("!BBH").pack, Struct("!BBQ").pack
_RAW = Struct("!I").pack
_FINAL, _TEXT, _BINARY = 0x80, 1, 2


def websocket_frame(payload: bytes, *, binary: bool) -> bytes:
    """A final WebSocket frame (RFC 6455, 5.2) of text or binary data."""
    first, length = _FINAL | (_BINARY if binary else _TEXT), len(payload)
    if length <= 125:
        return _SHORT(first, length) + payload
    if length <= 0xFFFF:
        return _MIDDLE(first, 126, length) + payload
    return _LONG(first, 127, length) + payload


def rawsocket_frame(payload: bytes) -> bytes:
    """A WAMP rawsocket frame: the length in four bytes, then the message."""
    return _RAW(len(payload)) + payload
