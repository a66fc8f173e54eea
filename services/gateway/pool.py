"""Sessions of people who call over HTTP: opened as them with a ticket, kept for the next call, closed when idle.

So a call over HTTP goes the very way of one over WAMP: the router asks the directory who it is, the role's rights hold, the service
sees the person. When the directory ends a person's sessions these end too, and the token is looked at anew.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred, DeferredList
from twisted.python.failure import Failure

from chalkbell.contracts import Unavailable
from chalkbell.contracts.directory import MakeTicket
from services.gateway.doors import Doors, Session


@dataclass(eq=False)
class Kept:
    """A session in the pool."""

    session: Session
    opened: float
    used: float
    calls: int = 0


class Pool:
    """At most `most` sessions, each closed after `idle` seconds without a call, or when it is `oldest` seconds old."""

    def __init__(self, doors: Doors, reactor: Any, *, most: int, idle: float, oldest: float) -> None:
        self._doors = doors
        self._reactor = reactor
        self._most = most
        self._idle = idle
        self._oldest = oldest
        self._kept: dict[str, Kept] = {}
        self._opening: dict[str, list[Deferred[Kept]]] = {}
        self._sweeping: Any = None
        self._stopped = False

    def __len__(self) -> int:
        return len(self._kept)

    @contextlib.asynccontextmanager
    async def session(self, credential: str, correlation_id: str) -> AsyncIterator[Session]:
        """A session of the person whose token or browser session this is. Refused with `not_signed_in`, or `unavailable` when full."""
        key = hashlib.sha256(credential.encode()).hexdigest()
        kept = self._fit(key) or await self._open(key, credential, correlation_id)
        kept.calls += 1
        try:
            yield kept.session
        finally:
            kept.calls -= 1
            kept.used = self._reactor.seconds()
            if self._kept.get(key) is not kept and not kept.calls:
                kept.session.stop()

    def discard(self, credential: str) -> None:
        """Close the session of a credential that is worth nothing any more."""
        self._close(hashlib.sha256(credential.encode()).hexdigest())

    def stop(self) -> Deferred[None]:
        """Close all sessions. Fires when they are closed."""
        self._stopped = True
        if self._sweeping and self._sweeping.active():
            self._sweeping.cancel()
        closing = [kept.session.stop() for kept in self._kept.values()]
        self._kept.clear()
        done: Deferred[None] = DeferredList(closing, consumeErrors=True).addCallback(lambda _: None)
        return done

    def _fit(self, key: str) -> Kept | None:
        kept = self._kept.get(key)
        if kept and kept.session.joined and self._reactor.seconds() - kept.opened < self._oldest:
            return kept
        if kept:
            self._close(key)
        return None

    def _open(self, key: str, credential: str, correlation_id: str) -> Deferred[Kept]:
        waiting: Deferred[Kept] = Deferred()
        others = self._opening.get(key)
        if others is not None:
            others.append(waiting)
            return waiting
        self._opening[key] = [waiting]
        # not part of the request that is first: if its client goes away, the others still wait for this
        Deferred.fromCoroutine(self._join(key, credential, correlation_id)).addBoth(lambda result: self._tell(key, result))
        return waiting

    def _tell(self, key: str, result: Kept | Failure) -> None:
        for waiting in self._opening.pop(key):
            if isinstance(result, Failure):
                waiting.errback(result)
            else:
                waiting.callback(result)

    async def _join(self, key: str, credential: str, correlation_id: str) -> Kept:
        self._make_room()
        made = await self._doors.ask(MakeTicket(credential=credential), correlation_id)
        session = await self._doors.join(made.person.id, made.ticket)
        now = self._reactor.seconds()
        kept = Kept(session, now, now)
        if self._stopped:
            session.stop()
            raise Unavailable("The gateway is stopping. Ask again a little later.")
        self._kept[key] = kept
        self._sweep_later()
        return kept

    def _make_room(self) -> None:
        while len(self._kept) + len(self._opening) > self._most:
            idle = [(kept.used, key) for key, kept in self._kept.items() if not kept.calls]
            if not idle:
                raise Unavailable("Too many people call over HTTP at the moment. Ask again a little later.")
            self._close(min(idle)[1])

    def _close(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept and not kept.calls:
            kept.session.stop()

    def _sweep_later(self) -> None:
        if not (self._sweeping and self._sweeping.active()):
            self._sweeping = self._reactor.callLater(self._idle / 4, self._sweep)

    def _sweep(self) -> None:
        now = self._reactor.seconds()
        for key, kept in list(self._kept.items()):
            over = now - kept.used >= self._idle or now - kept.opened >= self._oldest
            if not kept.session.joined or (over and not kept.calls):
                self._close(key)
        if self._kept:
            self._sweep_later()
