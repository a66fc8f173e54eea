"""The router as the rest of Chalkbell sees it: call, answer, publish, subscribe. The only module that imports autobahn."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
import structlog
from autobahn.wamp.types import CallOptions, PublishOptions, RegisterOptions, SubscribeOptions
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from chalkbell.background import background, problem_of
from chalkbell.bus.answering import DETAILS, Answerer, RawAnswerer, answered_by, answered_raw_by
from chalkbell.bus.connecting import Key, Session, Ticket, check_address, open_connection
from chalkbell.bus.errors import RouterLost, refusal_of
from chalkbell.contracts import Refusal, Request, Unavailable, procedure_of, refusal_from

log = structlog.get_logger()
CALL_TIMEOUT = 15.0
FIRST_PAUSE, MOST_PAUSE, GROWTH = 0.2, 5.0, 1.5
"""Seconds before joining again, growing; spread by a third, so that not all come at once after a restart of the router."""
A = TypeVar("A")

EventHandler = Callable[[str, Any], None]
"""Given the topic and the event as it came."""


class Bus:
    """One session with the router, joined again whenever it is lost (with `again`), or only once.

    `on_join` is awaited after each join, before `joined` is true for others; what it raises ends the session and is tried again.
    """

    def __init__(
        self,
        reactor: Any,
        address: str,
        credentials: Key | Ticket,
        *,
        on_join: Callable[[Bus], Awaitable[None]] | None = None,
        on_leave: Callable[[], None] | None = None,
        again: bool = True,
    ) -> None:
        check_address(address)
        self.reactor = reactor
        self.credentials = credentials
        self.address = address
        self._on_join = on_join
        self._on_leave = on_leave
        self._again = again
        self._session: Session | None = None
        self._connecting: Deferred[Any] | None = None
        self._protocol: Any = None
        self._pause = FIRST_PAUSE
        self._timer: Any = None
        self._stopping = False
        self._refusal: Refusal | None = None
        self._first: Deferred[Bus] | None = None
        self._ended: Deferred[None] = Deferred()
        self._waiting: set[Deferred[Any]] = set()
        self.last_error = ""
        self.id: int = 0

    @property
    def joined(self) -> bool:
        """Whether there is a session at this moment."""
        return self._session is not None and self._session.is_attached()

    def start(self) -> Deferred[Bus]:
        """Join. Fires when joined for the first time; fails (only without `again`) with the router's refusal."""
        self._first = Deferred(self._given_up)
        self._begin()
        return self._first

    def stop(self) -> Deferred[None]:
        """Leave and stay away. Fires when the connection is gone, after three seconds at most."""
        self._stopping = True
        waiting = self.ended
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        if self._connecting is not None:
            self._connecting.cancel()
        elif self._protocol is None:
            self._finish()
        elif self.joined and self._session is not None:
            self._session.leave()
        else:
            self._protocol.transport.loseConnection()
        # one who does not read our goodbye is left without
        late = self.reactor.callLater(2, self._cut)
        waiting.addBoth(lambda _: late.cancel() if late.active() else None)
        waiting.addTimeout(3, self.reactor, onTimeoutCancel=_nothing)
        return waiting

    def _cut(self) -> None:
        transport = getattr(self._protocol, "transport", None)
        if transport is not None:
            transport.abortConnection()

    @property
    def ended(self) -> Deferred[None]:
        """Fires when the session has ended for good: after `stop`, or at the first loss without `again`."""
        waiting: Deferred[None] = Deferred()
        self._ended.addBoth(lambda _: waiting.callback(None))
        return waiting

    def _given_up(self, _: Deferred[Bus]) -> None:
        self.stop()

    def _begin(self) -> None:
        self._connecting = open_connection(
            self.reactor, self.address, Session(self.credentials, self._joined, self._left), self._lost
        )
        self._connecting.addCallbacks(self._connected, self._not_connected)

    def _connected(self, protocol: Any) -> None:
        self._connecting = None
        self._protocol = protocol
        if self._stopping:
            protocol.transport.loseConnection()

    def _not_connected(self, failure: Failure) -> None:
        self._connecting = None
        self.last_error = str(problem_of(failure)) or type(problem_of(failure)).__name__
        self._later()

    def _lost(self) -> None:
        self._protocol = None
        self._forget_session()
        self._later()

    def _later(self) -> None:
        if self._stopping or not self._again:
            self._finish()
            return
        self._timer = self.reactor.callLater(self._pause * random.uniform(0.67, 1.33), self._begin)
        self._pause = min(MOST_PAUSE, self._pause * GROWTH)

    def _finish(self) -> None:
        if self._first and not self._first.called:
            reason = self._refusal or Unavailable(
                f"The router could not be joined: {self.last_error or 'it closed the connection'}."
            )
            self._first.errback(Failure(reason))
        if not self._ended.called:
            self._ended.callback(None)

    def _joined(self, session: Session, details: Any) -> None:
        self._session = session
        self.id = details.session
        self.last_error = ""

        async def join() -> None:
            try:
                if self._on_join:
                    await self._on_join(self)
            except Exception as error:
                self.last_error = str(error)
                log.warning("joining failed, trying again", error=repr(error))
                if self._session is session and self._protocol is not None:
                    self._protocol.transport.loseConnection()
                return
            if self._session is session:
                self._pause = FIRST_PAUSE
                if self._first and not self._first.called:
                    self._first.callback(self)

        background(join(), "joining")

    def _left(self, session: Session, reason: str, message: str) -> None:
        self.last_error = message or reason
        if self._session is None and not self._stopping:
            self._refusal = refusal_from(reason, message, {})
        self._forget_session()

    def _forget_session(self) -> None:
        session, self._session = self._session, None
        lost, self._waiting = self._waiting, set()
        for waiting in lost:
            waiting.errback(RouterLost())
        if session is not None and self._on_leave:
            self._on_leave()

    def _live(self) -> Any:
        if not self.joined:
            raise RouterLost("There is no connection to the router at the moment. Nothing was changed. Ask again a little later.")
        return self._session

    async def ask(
        self, request: Request[A], *, service: str | None = None, timeout: float = CALL_TIMEOUT, correlation_id: str = ""
    ) -> A:
        """Call the procedure of a request and decode its answer. Raises the `Refusal` that was given."""
        declared = procedure_of(type(request), service)
        fields = {name: value for name, value in msgspec.to_builtins(request).items() if value is not None}
        answer = await self.call(declared.uri, fields, timeout=timeout, correlation_id=correlation_id)
        decoded: A = msgspec.convert(answer, declared.answer)
        return decoded

    async def call(self, uri: str, fields: Mapping[str, Any], *, timeout: float = CALL_TIMEOUT, correlation_id: str = "") -> Any:
        """Call any procedure with fields as they travel. Raises the `Refusal` that was given, `Unavailable` after `timeout` seconds."""
        session = self._live()
        extra = {"correlation_id": correlation_id} if correlation_id else {}
        calling: Deferred[Any] = session.call(uri, **fields, **extra, options=CallOptions())
        waiting = self._wait_for(calling)
        late = self.reactor.callLater(timeout, self._answered(waiting, waiting.errback), TimeoutError())
        try:
            return await waiting
        except TimeoutError:
            raise Unavailable(f"{uri} did not answer within {timeout:g} seconds. Ask again, with the same request_id.") from None
        except Exception as error:
            raise refusal_of(error) from None
        finally:
            if late.active():
                late.cancel()

    def _wait_for(self, answering: Deferred[Any]) -> Deferred[Any]:
        # autobahn lets requests hang when the connection is cut off, and cannot cancel them then: we wait on one of our own
        waiting: Deferred[Any] = Deferred()
        self._waiting.add(waiting)
        answering.addCallbacks(self._answered(waiting, waiting.callback), self._answered(waiting, waiting.errback))
        return waiting

    def _answered(self, waiting: Deferred[Any], fire: Callable[[Any], None]) -> Callable[[Any], None]:
        def once(result: Any) -> None:
            if waiting in self._waiting:
                self._waiting.discard(waiting)
                fire(result)

        return once

    async def register(self, uri: str, answer: Answerer) -> Any:
        """Answer a procedure, in turns with other processes of the same service. Gives the registration, for `unregister`."""
        return await self._register(uri, answered_by(answer))

    async def register_raw(self, uri: str, answer: RawAnswerer) -> Any:
        """Answer a procedure that the router calls with positional arguments."""
        return await self._register(uri, answered_raw_by(answer))

    async def _register(self, uri: str, endpoint: Callable[..., Any]) -> Any:
        options = RegisterOptions(details_arg=DETAILS, invoke="roundrobin")
        return await self._live().register(endpoint, uri, options=options)

    async def unregister(self, registration: Any) -> None:
        """Answer no more."""
        try:
            await registration.unregister()
        except Exception as error:
            log.debug("unregister", error=repr(error))

    async def subscribe(self, topic: str, handler: EventHandler, *, prefix: bool = False) -> Any:
        """Hear a topic, or with `prefix` all that begin so. Raises a `Refusal` when that is not allowed."""

        def heard(*arguments: Any, **fields: Any) -> None:
            details = fields.pop(DETAILS)
            handler(details.topic or topic, arguments[0] if arguments else None)

        options = SubscribeOptions(match="prefix" if prefix else "exact", details_arg=DETAILS)
        try:
            return await self._live().subscribe(heard, topic, options=options)
        except Refusal:
            raise
        except Exception as error:
            raise refusal_of(error) from None

    async def unsubscribe(self, subscription: Any) -> None:
        """Hear it no more."""
        try:
            await subscription.unsubscribe()
        except Exception as error:
            log.debug("unsubscribe", error=repr(error))

    def publish(self, topic: str, event: Any) -> Deferred[Any]:
        """Publish; fires when the router has it."""
        options = PublishOptions(acknowledge=True, exclude_me=False)
        return self._wait_for(self._live().publish(topic, event, options=options))

    def publish_passing(self, topic: str, event: Any) -> None:
        """Publish what nothing depends on: neither acknowledged nor repeated."""
        if self.joined:
            self._live().publish(topic, event, options=PublishOptions(acknowledge=False, exclude_me=False))


def _nothing(*_: Any) -> None:
    """Time is up, and that is all right."""


async def connect(reactor: IReactorTime, address: str, credentials: Key | Ticket, *, timeout: float = CALL_TIMEOUT) -> Bus:
    """Join once, for a program that calls and ends. Raises the router's refusal."""
    bus = Bus(reactor, address, credentials, again=False)
    starting = bus.start()
    starting.addTimeout(timeout, reactor)
    try:
        return await starting
    except TimeoutError:
        await bus.stop()
        raise Unavailable(f"The router at {address} did not answer within {timeout:g} seconds.") from None
