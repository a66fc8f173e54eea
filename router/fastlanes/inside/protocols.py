"""autobahn: a message's frame is made once for all who get it, and a connection may not let too much wait.

A server's frame is the same bytes for every receiver with the same serializer, and autobahn already keeps the serialised message on
the message. The finished frame is kept beside it. Compressed or chopped connections and those with something odd switched on keep
autobahn's own way.
"""

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from autobahn.wamp.exception import TransportLost
from autobahn.wamp.message import Goodbye
from autobahn.websocket.protocol import WebSocketProtocol
from crossbar.router.protocol import WampRawSocketServerProtocol, WampWebSocketServerProtocol
from twisted.internet import reactor

from fastlanes.figures import FIGURES
from fastlanes.frames import rawsocket_frame, websocket_frame
from fastlanes.inside.logs import silent
from fastlanes.inside.replacing import Replacements
from fastlanes.inside.transports import bottom_of, unsent

#: Bytes that may wait for a reader when nothing else is configured.
QUEUE_SIZE = 8 * 1024 * 1024
#: Seconds for a reader that was too slow to take the rest and its goodbye.
GRACE = 2.0
TOO_SLOW = "chalkbell.router.v1.error.too_slow"
TOO_SLOW_MESSAGE = "More waited for you than the router keeps. Join again and follow on from where you were."
#: RFC 6455's registry: try again later.
TRY_AGAIN_LATER = 1013

_OPEN = WebSocketProtocol.STATE_OPEN
#: For each of autobahn's object serializers what a message keeps its websocket frame and its rawsocket frame under.
_keys: dict[Any, tuple[object, object]] = {}


class Lane:
    """What was found about a connection when it opened."""

    __slots__ = ("bottom", "direct", "key", "limit", "over", "plain", "serializer")

    def __init__(self, protocol: Any, key: object, limit: int, *, plain: bool) -> None:
        self.bottom = bottom_of(protocol.transport)
        self.direct = self.bottom is protocol.transport and not self.bottom.TLS
        self.serializer = protocol._serializer
        self.key = key
        self.limit = limit
        self.plain = plain
        self.over = False


def install(replacements: Replacements, queue_size: Mapping[str, int]) -> None:
    """Open a lane for each connection, and send through it."""
    websocket, rawsocket = WampWebSocketServerProtocol, WampRawSocketServerProtocol
    for protocol in (websocket, rawsocket):
        replacements.replace(protocol, "_lane", None)
    replacements.replace(websocket, "onOpen", opened(websocket.onOpen, 0, queue_size.get("websocket", QUEUE_SIZE)))
    replacements.replace(
        rawsocket,
        "_on_handshake_complete",
        opened(rawsocket._on_handshake_complete, 1, queue_size.get("rawsocket", QUEUE_SIZE)),
    )
    replacements.replace(websocket, "send", websocket_send(websocket.send, vars(websocket)["log"]))
    replacements.replace(rawsocket, "send", rawsocket_send(rawsocket.send, vars(rawsocket)["log"]))


def opened(ordinary: Callable[..., Any], which: int, limit: int) -> Callable[..., Any]:
    """What is called when a connection can carry messages, with a lane opened before that."""

    def open_lane(protocol: Any) -> Any:
        if bottom_of(protocol.transport) is not None:
            keys = _keys.setdefault(protocol._serializer._serializer, (object(), object()))
            protocol._lane = Lane(protocol, keys[which], limit, plain=which == 1 or is_plain(protocol))
            # autobahn reads its option before it is set, and swallows the error; a rawsocket has none.
            with suppress(OSError):
                protocol._lane.bottom.setTcpNoDelay(getattr(protocol, "tcpNoDelay", True))
        return ordinary(protocol)

    return open_lane


def is_plain(protocol: Any) -> bool:
    """Whether a websocket's frames are the plain ones, with nothing that autobahn would do beside sending them."""
    return not (
        protocol._perMessageCompress is not None
        or protocol.autoFragmentSize
        or protocol.maskServerFrames
        or protocol.logFrames
        or protocol.logOctets
        or protocol.trackedTimings is not None
    )


def websocket_send(ordinary: Callable[..., None], log: Any) -> Callable[..., None]:
    """The `send` of websockets. `ordinary` is autobahn's, for everything unusual and for every error."""

    def send(protocol: Any, message: Any) -> None:
        lane = protocol._lane
        if lane is None:
            ordinary(protocol, message)
            return
        bottom, serializer = lane.bottom, lane.serializer
        if bottom._tempDataLen + len(bottom.dataBuffer) - bottom.offset > lane.limit:
            too_slow(protocol, lane, ordinary)
        if (
            not lane.plain
            or protocol.state != _OPEN
            or protocol._session is None
            or protocol.send_queue
            or serializer._autoreset_callback is not None
            or log.debug is not silent
        ):
            ordinary(protocol, message)
            return
        kept = message._serialized.get(lane.key)
        if kept is None:
            try:
                payload = message.serialize(serializer._serializer)
            except Exception:
                ordinary(protocol, message)
                return
            frame = websocket_frame(payload, binary=serializer._serializer.BINARY)
            kept = message._serialized[lane.key] = (frame, len(frame), len(payload), rated(serializer, payload))
        frame, frame_length, length, ratings = kept
        if 0 < protocol.maxMessagePayloadSize < length:
            ordinary(protocol, message)
            return
        serializer._serialized_bytes += length
        serializer._serialized_messages += 1
        serializer._serialized_rated_messages += ratings
        traffic = protocol.trafficStats
        traffic.outgoingWebSocketMessages += 1
        traffic.outgoingWebSocketFrames += 1
        traffic.outgoingOctetsAppLevel += length
        traffic.outgoingOctetsWebSocketLevel += length
        traffic.outgoingOctetsWireLevel += frame_length
        # The shortest way in, for a connection that waits for its turn already.
        if lane.direct and bottom._in_lane and bottom._tempDataLen + frame_length <= bottom.bufferSize:
            bottom._tempDataBuffer.append(frame)
            bottom._tempDataLen += frame_length
        else:
            protocol.transport.write(frame)

    return send


def rawsocket_send(ordinary: Callable[..., None], log: Any) -> Callable[..., None]:
    """The `send` of rawsockets; the same with fewer things to count."""

    def send(protocol: Any, message: Any) -> None:
        lane = protocol._lane
        if lane is None:
            ordinary(protocol, message)
            return
        bottom, serializer = lane.bottom, lane.serializer
        if bottom._tempDataLen + len(bottom.dataBuffer) - bottom.offset > lane.limit:
            too_slow(protocol, lane, ordinary)
        if lane.over:
            raise TransportLost
        if protocol._session is None or serializer._autoreset_callback is not None or log.trace is not silent:
            ordinary(protocol, message)
            return
        kept = message._serialized.get(lane.key)
        if kept is None:
            try:
                payload = message.serialize(serializer._serializer)
            except Exception:
                ordinary(protocol, message)
                return
            frame = rawsocket_frame(payload)
            kept = message._serialized[lane.key] = (frame, len(frame), len(payload), rated(serializer, payload))
        frame, frame_length, length, ratings = kept
        if 0 < protocol._max_len_send < length:
            ordinary(protocol, message)
            return
        serializer._serialized_bytes += length
        serializer._serialized_messages += 1
        serializer._serialized_rated_messages += ratings
        if lane.direct and bottom._in_lane and bottom._tempDataLen + frame_length <= bottom.bufferSize:
            bottom._tempDataBuffer.append(frame)
            bottom._tempDataLen += frame_length
        else:
            protocol.transport.write(frame)

    return send


def rated(serializer: Any, payload: bytes) -> int:
    """As how many messages autobahn's statistics count this one."""
    return math.ceil(len(payload) / serializer.RATED_MESSAGE_SIZE)


def too_slow(protocol: Any, lane: Lane, ordinary: Callable[..., None]) -> None:
    """End a session for which too much waits: nothing more is queued but its goodbye, and after a moment the connection is cut.

    A reader that was only slow still gets all that waited, in order, and the reason after it.
    """
    if lane.over or not lane.bottom.connected:
        return
    lane.over = True
    FIGURES.cut_off += 1
    session = protocol._session
    protocol.log.warn(
        "session {session} of {authid} reads too slowly: {waiting} bytes wait, more than {limit}; it is ended",
        session=getattr(session, "_session_id", None),
        authid=getattr(session, "_authid", None),
        waiting=unsent(lane.bottom),
        limit=lane.limit,
    )
    reactor.callLater(GRACE, cut, lane.bottom)
    with suppress(Exception):
        ordinary(protocol, Goodbye(TOO_SLOW, TOO_SLOW_MESSAGE))
        session._goodbye_sent = True
    with suppress(Exception):
        if isinstance(protocol, WebSocketProtocol):
            protocol.sendCloseFrame(code=TRY_AGAIN_LATER, reasonUtf8=TOO_SLOW_MESSAGE.encode())
        else:
            protocol.transport.loseConnection()


def cut(bottom: Any) -> None:
    """Reset a connection that is still there."""
    if bottom.connected:
        bottom.abortConnection()
