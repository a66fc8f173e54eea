"""Twisted: what is written to a connection within a turn of the reactor goes to the kernel in one piece.

Twisted asks epoll whether the socket takes more before each write, and to be told no more after it: three system calls for one
delivery. Here a connection with nothing unsent is put on a list instead, and written to when its turn comes. Everything still
passes through Twisted's own buffers, so nothing can overtake: what is unusual (TLS, a pull producer, a connection that closes, one
the kernel takes only part of) is left to the reactor at any moment.
"""

from typing import Any

from twisted.internet import reactor, tcp, unix
from twisted.internet.abstract import FileDescriptor
from twisted.protocols.tls import TLSMemoryBIOProtocol
from txaio import make_logger

from fastlanes.inside.replacing import Replacements
from fastlanes.slices import Slices

#: Exactly these, and nothing derived from them.
DIRECT = (tcp.Server, unix.Server)
_ordinary = FileDescriptor.startWriting
log = make_logger()


def install(replacements: Replacements) -> None:
    """Let server connections wait for their turn. Unix connections inherit it."""
    slices: Slices[Any] = Slices(lambda function: reactor.callLater(0, function), flush_or_abort)

    def start_writing(transport: Any) -> None:
        if transport._in_lane:
            return
        if type(transport) in DIRECT and usual(transport) and not isinstance(transport.protocol, TLSMemoryBIOProtocol):
            transport._in_lane = True
            slices.add(transport)
        else:
            _ordinary(transport)

    replacements.replace(tcp.Server, "_in_lane", False)
    replacements.replace(tcp.Server, "startWriting", start_writing)


def usual(transport: Any) -> bool:
    """Whether there is something to write, nothing was left over, and nothing else is to happen with the connection."""
    return bool(
        transport._tempDataLen
        and not transport.dataBuffer
        and transport.connected
        and not (transport.disconnecting or transport._writeDisconnecting or transport._aborting or transport.TLS)
        and not transport.producerPaused
        and (transport.producer is None or transport.streamingProducer)
        and not getattr(transport, "_sendmsgQueue", None)
    )


def flush_or_abort(transport: Any) -> None:
    """Flush; a connection with which that goes wrong is ended, and those after it on the list are not kept waiting."""
    try:
        flush(transport)
    except Exception:
        log.failure("a connection could not be written to, and is ended")
        if transport.connected:
            transport.abortConnection()


def flush(transport: Any) -> None:
    """Write what waits. What the kernel does not take now, and every error, is left to the reactor."""
    transport._in_lane = False
    if not transport.connected or transport._aborting:
        return
    if not usual(transport):
        _ordinary(transport)
        return
    waiting = transport._tempDataBuffer
    data = waiting[0] if len(waiting) == 1 else b"".join(waiting)
    transport._tempDataBuffer = []
    transport._tempDataLen = 0
    try:
        sent = transport.socket.send(data)
    except OSError:
        # The reactor tries again and meets the same error, or waits until there is room.
        sent = 0
    if sent < len(data):
        transport.dataBuffer = data
        transport.offset = sent
        _ordinary(transport)


def bottom_of(transport: Any) -> Any:
    """The connection below TLS, or the transport itself; None when it is neither a TCP nor a unix connection of a server."""
    while isinstance(transport, TLSMemoryBIOProtocol):
        transport = transport.transport
    return transport if type(transport) in DIRECT else None


def unsent(bottom: Any) -> int:
    """Bytes that wait in a connection until the kernel takes them."""
    return bottom._tempDataLen + len(bottom.dataBuffer) - bottom.offset
