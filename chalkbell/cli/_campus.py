"""A running campus as commands reach it: over the services' door with the operator's key, or as people with tokens."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, DeferredList, DeferredSemaphore, FirstError

from chalkbell.bus import Bus, connect
from chalkbell.cli._reactor import later
from chalkbell.contracts import Refusal, Request
from chalkbell.contracts.directory import MakeToken, RevokeToken
from chalkbell.surroundings import Surroundings

A = TypeVar("A")
AT_ONCE = 12
"""Calls in flight: more only wait in the services."""
PATIENCE = 30.0


def surroundings(data: str | None = None, port: int | None = None) -> Surroundings:
    """Where we are: the settings, with what flags say. Raises `SettingsError`."""
    return Surroundings.of(dict(os.environ), {"data": data, "port": port})


class RunningCampus:
    """Asks a running campus as the operator, or as people in whose name the operator makes a token for the while.

    `start()` raises a `Refusal` when the router cannot be joined. `stop()` makes the tokens worthless again.
    """

    def __init__(self, reactor: Any, address: str, key: Any) -> None:
        self.reactor = reactor
        self.address = address
        self.key = key
        self._sessions: dict[str | None, Bus] = {}
        self._joining: dict[str | None, DeferredSemaphore] = {}
        self._tokens: dict[str, str] = {}

    async def start(self) -> RunningCampus:
        """Join."""
        await self._session(None)
        return self

    async def ask(self, request: Request[A], by: str | None = None) -> A:
        """Ask as somebody; without a name as the operator. Raises the refusal."""
        session = await self._session(by)
        return await session.ask(request, timeout=PATIENCE)

    async def pause(self) -> None:
        """Let events travel."""
        await later(self.reactor, 0.05)

    async def together(self, work: Sequence[Coroutine[Any, Any, None]]) -> None:
        """Do all of this, some at once. Raises the first failure."""
        gate = DeferredSemaphore(AT_ONCE)
        try:
            running: list[Deferred[None]] = [gate.run(lambda one=one: Deferred.fromCoroutine(one)) for one in work]
            await DeferredList(running, fireOnOneErrback=True, consumeErrors=True)
        except FirstError as first:
            for one in work:
                with contextlib.suppress(RuntimeError, ValueError):
                    one.close()
            first.subFailure.raiseException()

    async def stop(self) -> None:
        """Leave."""
        for person, token in self._tokens.items():
            with contextlib.suppress(Refusal):
                await self.ask(RevokeToken(id=token), None)
            self._sessions.pop(person, None)
        await DeferredList([session.stop() for session in self._sessions.values()], consumeErrors=True)

    async def _session(self, person: str | None) -> Bus:
        gate = self._joining.setdefault(person, DeferredSemaphore(1))
        await gate.acquire()
        try:
            session = self._sessions.get(person)
            if session is None or not session.joined:
                session = await self._join(person)
                self._sessions[person] = session
            return session
        finally:
            gate.release()

    async def _join(self, person: str | None) -> Bus:
        if person is None:
            return await connect(self.reactor, self.address, self.key)
        from chalkbell.bus import Ticket

        made = await self.ask(MakeToken(name="demo", days=1, person=person))
        self._tokens[person] = made.token.id
        return await connect(self.reactor, self.address, Ticket(person, made.secret))
