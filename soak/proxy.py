"""A wire between two that can be cut, delayed and held: TCP or a unix socket on either side. Lives in the reactor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, UNIXClientEndpoint
from twisted.internet.protocol import Factory, Protocol

from tests.routing import free_port, in_reactor


class Wire:
    """Listens on a port or path of its own and carries bytes to a target; everything here blocks and is thread-safe.

    `delay` is in seconds, for whatever comes from now on; `hold` carries nothing and closes nothing, as a cable that was pulled.
    """

    def __init__(self, target: str, path: str | None = None) -> None:
        """Carry to `target`, `tcp:<port>` on this machine or `unix:<path>`; from a unix socket at `path`, or a free TCP port."""
        self.target = target
        self.delay = 0.0
        self.held = False
        self.cuts = 0
        self._ends: set[_End] = set()
        self._port: Any = None
        self.path = path
        self.port = 0 if path else free_port()
        in_reactor(self._listen)

    def _listen(self) -> None:
        factory = Factory.forProtocol(lambda: _End(self))  # type: ignore[arg-type]
        self._port = (
            reactor.listenUNIX(self.path, factory) if self.path else reactor.listenTCP(self.port, factory, interface="127.0.0.1")
        )

    def endpoint(self) -> Any:
        """Where the other side is."""
        kind, _, where = self.target.partition(":")
        if kind == "unix":
            return UNIXClientEndpoint(reactor, where, timeout=5)
        return TCP4ClientEndpoint(reactor, "127.0.0.1", int(where), timeout=5)

    def cut(self) -> int:
        """Break all connections, without a goodbye; how many there were."""

        def cut() -> int:
            ends = [end for end in self._ends if end.transport is not None]
            for end in ends:
                end.abort()
            self.cuts += len(ends) // 2
            return len(ends) // 2

        return int(in_reactor(cut))

    def slow(self, seconds: float) -> None:
        """Let everything take so much longer; 0: no longer."""
        in_reactor(setattr, self, "delay", seconds)

    def hold(self) -> None:
        """Carry nothing any more, and say nothing of it."""
        in_reactor(setattr, self, "held", True)

    def release(self) -> None:
        """Carry what was held, and all that follows."""

        def release() -> None:
            self.held = False
            for end in list(self._ends):
                end.flow()

        in_reactor(release)

    def close(self) -> None:
        """Cut all and listen no more."""

        def close() -> Any:
            for end in list(self._ends):
                end.abort()
            return self._port.stopListening()

        in_reactor(close)

    def joined(self, end: _End) -> None:
        """One more end of a connection."""
        self._ends.add(end)

    def left(self, end: _End) -> None:
        """One less."""
        self._ends.discard(end)


class _End(Protocol):
    """One end of a carried connection; what it hears goes out at the other, in order."""

    def __init__(self, wire: Wire, other: _End | None = None) -> None:
        self.wire = wire
        self.other = other
        self._queue: list[tuple[float, bytes | None]] = []
        self._timer: Any = None
        self._connecting: Deferred[Any] | None = None

    def connectionMade(self) -> None:
        self.wire.joined(self)
        if self.other is None:
            other = self.other = _End(self.wire, self)
            self._connecting = self.wire.endpoint().connect(_Once(lambda: other))
            assert self._connecting is not None
            self._connecting.addCallbacks(lambda _: self.flow(), lambda _: self.abort())

    def dataReceived(self, data: bytes) -> None:
        self._put(data)

    def connectionLost(self, reason: Any = None) -> None:
        self.wire.left(self)
        self._put(None)

    def _put(self, data: bytes | None) -> None:
        due = reactor.seconds() + self.wire.delay
        if self._queue:
            due = max(due, self._queue[-1][0])
        self._queue.append((due, data))
        self.flow()

    def flow(self) -> None:
        """Pass on what is due."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        other = self.other
        if self.wire.held or other is None or other.transport is None:
            return
        while self._queue and self._queue[0][0] <= reactor.seconds():
            data = self._queue.pop(0)[1]
            if data is None:
                other.transport.loseConnection()
            else:
                other.transport.write(data)
        if self._queue:
            self._timer = reactor.callLater(self._queue[0][0] - reactor.seconds(), self.flow)

    def abort(self) -> None:
        """Break it, both ends, and forget what was under way."""
        for end in (self, self.other):
            if end is not None:
                end._queue.clear()
                if end.transport is not None:
                    end.transport.abortConnection()


class _Once(Factory):
    noisy = False

    def __init__(self, make: Callable[[], _End]) -> None:
        self._make = make

    def buildProtocol(self, addr: Any) -> _End:
        return self._make()
