"""A running campus as commands reach it: over the services' door with the operator's key, or as people with tokens."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from twisted.internet.defer import Deferred, DeferredList, DeferredSemaphore, FirstError

from chalkbell.bus import Bus, Key, RouterLost, Ticket
from chalkbell.bus import connect as join
from chalkbell.cli import _out
from chalkbell.cli._reactor import later
from chalkbell.contracts import Refusal, Request, Unavailable, load_all
from chalkbell.contracts.directory import MakeToken, RevokeToken
from chalkbell.demo.fill import AT_ONCE
from chalkbell.router.keys import UnsafeKeys
from chalkbell.surroundings import Surroundings

A = TypeVar("A")
PATIENCE = 30.0


def surroundings(data: str | None = None, port: int | None = None) -> Surroundings:
    """Where we are: the settings, with what flags say. Raises `SettingsError`."""
    load_all()
    return Surroundings.of(dict(os.environ), {"data": data, "port": port})


def operators_key(where: Surroundings) -> Key:
    """The operator's key; ends the command when there is none here, or others can read it."""
    try:
        return where.key("operator")
    except FileNotFoundError:
        folder = where.campus.data_directory
        _out.fail(f"There is no campus in {folder}.", "Start one with `chalkbell up`, or say where it is with CHALKBELL_DATA.")
    except PermissionError as error:
        _out.fail(f"The operator's key cannot be read: {error}", "Run this as the user that runs the services.")
    except UnsafeKeys as error:
        _out.fail(str(error))


async def connect(reactor: Any, address: str, credentials: Key | Ticket, *, timeout: float = 15.0) -> Bus:
    """Join once. Raises the router's refusal, in words for who sits at a terminal."""
    try:
        return await join(reactor, address, credentials, timeout=timeout)
    except RouterLost as lost:
        raise Unavailable(
            f"The router at {address} does not answer: is the campus running? Start it with `chalkbell up`."
        ) from lost


def websocket(url: str) -> str:
    """The websocket address behind what people have in their browser: http://host:8080 is ws://host:8080/ws."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme in ("unix", "tcp"):
        return url
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    return f"{scheme}://{parts.netloc}{parts.path.rstrip('/') or '/ws'}"


class RunningCampus:
    """Asks a running campus as the operator, or as people in whose name the operator makes a token for the while.

    `start()` raises a `Refusal` when the router cannot be joined. `stop()` makes the tokens worthless again.
    """

    def __init__(self, reactor: Any, address: str, key: Key) -> None:
        self.reactor = reactor
        self.address = address
        self.key = key
        self._sessions: dict[str | None, Bus] = {}
        self._gates: dict[str | None, DeferredSemaphore] = {}
        self._tokens: dict[str, str] = {}

    async def start(self) -> RunningCampus:
        """Join."""
        await self.session()
        return self

    async def ask(self, request: Request[A], by: str | None = None) -> A:
        """Ask as somebody; without a name as the operator. Raises the refusal."""
        session = await self.session(by)
        return await session.ask(request, timeout=PATIENCE)

    async def pause(self) -> None:
        """Let events travel."""
        await later(self.reactor, 0.05)

    async def together(self, work: Sequence[Coroutine[Any, Any, None]]) -> None:
        """Do all of this, some at once. Raises the first failure."""
        gate = DeferredSemaphore(AT_ONCE)

        async def one(coroutine: Coroutine[Any, Any, None]) -> None:
            await gate.acquire()
            try:
                await coroutine
            finally:
                gate.release()

        running = [Deferred.fromCoroutine(one(coroutine)) for coroutine in work]
        try:
            await DeferredList(running, fireOnOneErrback=True, consumeErrors=True)
        except FirstError as first:
            for other in running:
                other.cancel()
            for coroutine in work:
                with contextlib.suppress(RuntimeError, ValueError):
                    coroutine.close()
            first.subFailure.raiseException()

    async def stop(self) -> None:
        """Leave."""
        for token in self._tokens.values():
            with contextlib.suppress(Refusal):
                await self.ask(RevokeToken(id=token))
        await DeferredList([session.stop() for session in self._sessions.values()], consumeErrors=True)

    async def session(self, person: str | None = None) -> Bus:
        """Somebody's session, joined anew where it was lost."""
        gate = self._gates.setdefault(person, DeferredSemaphore(1))
        await gate.acquire()
        try:
            session = self._sessions.get(person)
            if session is None or not session.joined:
                self._sessions[person] = session = await connect(self.reactor, self.address, await self.credentials(person))
            return session
        finally:
            gate.release()

    def is_there(self, person: str) -> bool:
        """Whether somebody has a session at this moment."""
        session = self._sessions.get(person)
        return session is not None and session.joined

    async def credentials(self, person: str | None) -> Key | Ticket:
        """What somebody joins with."""
        if person is None:
            return self.key
        made = await self.ask(MakeToken(name="the operator, for the while", days=1, person=person))
        self._tokens[person] = made.token.id
        return Ticket(person, made.secret)
