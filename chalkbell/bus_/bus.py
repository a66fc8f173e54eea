"""The router as the rest of Chalkbell sees it: call, answer, publish, subscribe. The only module that imports autobahn."""

from __future__ import annotations

import random
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog
import txaio
from twisted.internet.defer import Deferred, TimeoutError, ensureDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

txaio.use_twisted()

from autobahn.twisted.component import Component  # noqa: E402  (txaio must know its framework first)
from autobahn.wamp.exception import ApplicationError, TransportLost  # noqa: E402
from autobahn.wamp.types import CallOptions, PublishOptions, RegisterOptions, SubscribeOptions  # noqa: E402

from chalkbell.contracts import Invalid, Refusal, Request, Unavailable, procedure_of, refusal_from  # noqa: E402
from chalkbell.handlers import Caller  # noqa: E402

log = structlog.get_logger()
REALM = "campus"
DETAILS = "_wamp"
CALL_TIMEOUT = 15.0
MESSAGE_SIZE = 16 * 1024 * 1024
A = TypeVar("A")

Answerer = Callable[[dict[str, Any], Caller, str], Awaitable[Any]]
"""Given the fields, the caller and the correlation id of a call: its answer, or a `Refusal` raised."""
RawAnswerer = Callable[[list[Any], Caller], Awaitable[Any]]
EventHandler = Callable[[str, Any], None]
"""Given the topic and the event as it came."""


@dataclass(frozen=True)
class Key:
    """Sign in with a key made at first start: services and the operator."""

    authid: str
    seed: str

    def authentication(self) -> dict[str, Any]:
        """As autobahn wants it."""
        return {"cryptosign": {"authid": self.authid, "privkey": self.seed}}


@dataclass(frozen=True)
class Ticket:
    """Sign in as a person, with a ticket or a personal access token."""

    authid: str
    ticket: str

    def authentication(self) -> dict[str, Any]:
        """As autobahn wants it."""
        return {"ticket": {"authid": self.authid, "ticket": self.ticket}}


class RouterLost(Unavailable):
    """The connection to the router is lost. Whether the call had an effect is not known: ask again with the same request_id."""

    uri = Unavailable.uri


def transport(address: str) -> dict[str, Any]:
    """Autobahn's description of an address: `unix:<path>` or `tcp:<host>:<port>` (rawsocket), `ws://...` or `wss://...`."""
    common = {
        "max_retries": -1,
        "initial_retry_delay": 0.2,
        "max_retry_delay": 5.0,
        "retry_delay_growth": 1.5,
        "retry_delay_jitter": 0.3,
    }
    if address.startswith(("ws://", "wss://")):
        options = {
            "maxMessagePayloadSize": MESSAGE_SIZE,
            "maxFramePayloadSize": MESSAGE_SIZE,
            "autoPingInterval": 10,
            "autoPingTimeout": 10,
        }
        return {"type": "websocket", "url": address, "serializers": ["cbor", "json"], "options": options, **common}
    kind, _, rest = address.partition(":")
    if kind == "unix":
        endpoint: dict[str, Any] = {"type": "unix", "path": str(Path(rest).absolute())}
        url = "rs://localhost"
    elif kind == "tcp":
        host, _, port = rest.rpartition(":")
        endpoint = {"type": "tcp", "host": host, "port": int(port)}
        url = f"rs://{host}:{port}"
    else:
        raise ValueError(f"{address!r} is no address of a router: unix:<path>, tcp:<host>:<port>, ws://... or wss://...")
    return {"type": "rawsocket", "url": url, "endpoint": endpoint, "serializer": "cbor", **common}


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
        self.reactor = reactor
        self.credentials = credentials
        self.address = address
        self._on_join = on_join
        self._on_leave = on_leave
        self._again = again
        self._session: Any = None
        self._component: Any = None
        self._stopping = False
        self._running = False
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
        """Leave and stay away."""
        self._stopping = True
        if self._running:
            stopping = self._component.stop()
            if isinstance(stopping, Deferred):
                stopping.addErrback(_nothing)
        else:
            self._finish()
        waiting: Deferred[None] = Deferred()
        self._ended.addBoth(lambda _: waiting.callback(None))
        waiting.addTimeout(3, self.reactor, onTimeoutCancel=_nothing)
        return waiting

    @property
    def ended(self) -> Deferred[None]:
        """Fires when the session has ended for good: after `stop`, or at the first loss without `again`."""
        waiting: Deferred[None] = Deferred()
        self._ended.addBoth(lambda _: waiting.callback(None))
        return waiting

    def _given_up(self, _: Deferred[Bus]) -> None:
        self.stop()

    def _begin(self) -> None:
        description = transport(self.address)
        if not self._again:
            description["max_retries"] = 0
        self._component = Component(
            transports=[description], realm=REALM, authentication=self.credentials.authentication(), is_fatal=self._is_fatal
        )
        self._component.on_join(self._joined)
        self._component.on_leave(self._left)
        self._component.on_connectfailure(self._failed)
        self._running = True
        self._component.start(self.reactor).addBoth(self._over)

    def _is_fatal(self, error: Exception) -> bool:
        self.last_error = str(error)
        return not self._again

    def _failed(self, component: Any, error: Exception) -> None:
        self.last_error = str(error)
        if not self._again and self._first and not self._first.called:
            self._first.errback(Failure(_refusal(error)))

    def _over(self, result: Any) -> None:
        self._session = None
        self._running = False
        if self._stopping or not self._again:
            self._finish()
            return
        # the router said a proper goodbye: it is coming back, and all others are waiting too
        self.reactor.callLater(0.2 + random.random() * 0.8, lambda: None if self._stopping else self._begin())

    def _finish(self) -> None:
        if self._first and not self._first.called:
            self._first.errback(
                Failure(Unavailable(f"The router could not be joined: {self.last_error or 'it was left at once'}."))
            )
        if not self._ended.called:
            self._ended.callback(None)

    def _joined(self, session: Any, details: Any) -> Any:
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
                if session.is_attached():
                    session.disconnect()
                return
            if self._first and not self._first.called:
                self._first.callback(self)

        return ensureDeferred(join())

    def _left(self, session: Any, details: Any) -> None:
        if self._session is session:
            self._session = None
            lost, self._waiting = self._waiting, set()
            for waiting in lost:
                waiting.errback(RouterLost())
            self.last_error = getattr(details, "reason", "") or ""
            if self._on_leave:
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
            raise _refusal(error) from None
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

        async def invoked(arguments: tuple[Any, ...], fields: dict[str, Any]) -> Any:
            details = fields.pop(DETAILS)
            correlation_id = fields.pop("correlation_id", "")
            if not isinstance(correlation_id, str) or not 0 < len(correlation_id) <= 64 or not correlation_id.isprintable():
                correlation_id = uuid.uuid4().hex[:16]
            try:
                if arguments:
                    raise Invalid("Fields are given by name, not by place.", path="")
                return await answer(fields, _caller(details), correlation_id)
            except Refusal as refused:
                raise _application_error(refused) from None

        return await self._register(uri, invoked)

    async def register_raw(self, uri: str, answer: RawAnswerer) -> Any:
        """Answer a procedure that the router calls with positional arguments."""

        async def invoked(arguments: tuple[Any, ...], fields: dict[str, Any]) -> Any:
            try:
                return await answer(list(arguments), _caller(fields.pop(DETAILS)))
            except Refusal as refused:
                raise _application_error(refused) from None

        return await self._register(uri, invoked)

    async def _register(self, uri: str, invoked: Callable[[tuple[Any, ...], dict[str, Any]], Awaitable[Any]]) -> Any:
        def endpoint(*arguments: Any, **fields: Any) -> Deferred[Any]:
            return ensureDeferred(invoked(arguments, fields))  # type: ignore[arg-type]

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
            raise _refusal(error) from None

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
            self._session.publish(topic, event, options=PublishOptions(acknowledge=False, exclude_me=False))


def _nothing(*_: Any) -> None:
    """Time is up, and that is all right."""


def _caller(details: Any) -> Caller:
    role = details.caller_authrole or ""
    return Caller(details.caller_authid or "", "service-router" if role == "trusted" else role, details.caller)


def _application_error(refused: Refusal) -> ApplicationError:
    return ApplicationError(refused.uri, refused.message, **refused.details)


def _refusal(error: Any) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ApplicationError):
        given: Any = error
        return refusal_from(str(given.error), str(given.args[0]) if given.args else "", dict(given.kwargs or {}))
    if isinstance(error, TransportLost):
        return RouterLost()
    return RouterLost(f"{RouterLost().message} ({error!r})")


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
