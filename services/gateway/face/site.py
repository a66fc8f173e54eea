"""The HTTP face: its addresses, and its life beside the service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from klein import Klein
from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.web.server import Site
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from chalkbell.contracts import Invalid, NotFound, Refusal, Unavailable
from services.gateway import rules
from services.gateway.doors import Doors
from services.gateway.face.browser import Browsers
from services.gateway.face.calls import Calls, procedure_named
from services.gateway.face.exchange import Exchange
from services.gateway.face.limits import LimitedRequest
from services.gateway.face.pages import Pages
from services.gateway.pool import Pool
from services.gateway.settings import Settings

log = structlog.get_logger()
IDLE_SECONDS = 75


class WrongMethod(Invalid):
    """Procedures are called with POST. See the Allow header for what this address takes."""

    http_status = 405


class TooLarge(Invalid):
    """The body is too large. Send less at a time."""

    http_status = 413


Handler = Callable[..., Awaitable[bytes] | bytes]


class Face:
    """The HTTP face. `public_url` is how people reach the campus: with https the cookie is for https alone."""

    def __init__(self, doors: Doors, settings: Settings, reactor: Any, public_url: str = "") -> None:
        self._settings = settings
        self._reactor = reactor
        self._trusted = rules.networks(settings.trusted_proxies)
        self.pool = Pool(
            doors, reactor, most=settings.sessions, idle=settings.session_idle_seconds, oldest=settings.session_seconds
        )
        origins = [*settings.origins, *([public_url] if public_url else [])]
        browsers = Browsers(doors, self.pool, origins, always_secure=public_url.startswith("https:"))
        calls = Calls(doors, self.pool, origins, settings.call_seconds)
        pages = Pages(doors)
        self.app: Any = Klein()
        self._fixed: set[str] = set()
        self._route("/api/sign-in", "POST", browsers.sign_in)
        self._route("/api/ticket", "POST", browsers.ticket)
        self._route("/api/sign-out", "POST", browsers.sign_out)
        self._route("/api/health", "GET", pages.health)
        self._route("/api/openapi.json", "GET", pages.document)
        self._route("/api/docs", "GET", pages.docs)
        self._route("/api/<name>", "POST", calls.call)
        self.app.handle_errors(Exception)(self._failed)
        self._port: Any = None
        self._in_flight = 0
        self._idle: Deferred[None] | None = None
        self._stopping = False

    @property
    def port(self) -> int:
        """The port that it listens on, once started."""
        return self._port.getHost().port

    def site(self) -> Site:
        """The face as twisted.web serves it."""
        request = type("GatewayRequest", (LimitedRequest,), {"largest": self._settings.body_size})
        site = Site(self.app.resource(), requestFactory=request, timeout=IDLE_SECONDS)
        # paths and addresses of people are no business of a log
        site.noisy = False
        site.log = lambda request: None
        return site

    def start(self) -> Deferred[None]:
        """Listen."""
        self._port = self._reactor.listenTCP(self._settings.port, self.site(), interface=self._settings.host)
        log.info("http face", host=self._settings.host, port=self.port)
        return succeed(None)

    def stop(self) -> Deferred[None]:
        """Listen no more, finish what was begun, and close people's sessions."""
        self._stopping = True
        closing: Deferred[Any] = maybeDeferred(self._port.stopListening) if self._port else succeed(None)
        closing.addBoth(lambda _: self._when_idle())
        closing.addBoth(lambda _: self.pool.stop())
        return closing

    def _when_idle(self) -> Deferred[None]:
        if not self._in_flight:
            return succeed(None)
        self._idle = Deferred()
        return self._idle

    def _over(self) -> None:
        self._in_flight -= 1
        idle, self._idle = (None, self._idle) if self._in_flight else (self._idle, None)
        if idle:
            idle.callback(None)

    def _route(self, path: str, method: str, handler: Handler) -> None:
        async def answer(request: Any, **parts: str) -> bytes:
            exchange = Exchange(request, self._trusted)
            self._in_flight += 1
            try:
                if self._stopping:
                    request.setHeader("Connection", "close")
                    raise Unavailable("The gateway is stopping. Nothing was changed. Ask again a little later.")
                if getattr(request, "too_large", False):
                    raise TooLarge(path="", largest=self._settings.body_size)
                found = handler(exchange, **parts)
                return found if isinstance(found, bytes) else await found
            except Refusal as refused:
                return exchange.refuse(refused)
            except Exception as error:
                return exchange.incident(error)
            finally:
                self._over()

        answer.__name__ = f"{method} {path}"
        self._fixed.add(path.rpartition("/")[2])
        self.app.route(path, methods=[method], strict_slashes=False)(answer)

    def _is_there(self, request: Any) -> bool:
        # the route of procedures takes any name
        name = request.path.decode("ascii", "replace").strip("/").rpartition("/")[2]
        return name in self._fixed or procedure_named(name) is not None

    def _failed(self, request: Any, failure: Any) -> bytes:
        """What no route answers."""
        exchange = Exchange(request, self._trusted)
        error: BaseException = failure.value
        if isinstance(error, MethodNotAllowed) and self._is_there(request):
            request.setHeader("Allow", ", ".join(sorted(error.valid_methods or [])))
            return exchange.refuse(WrongMethod())
        if isinstance(error, HTTPException | RequestRedirect):
            return exchange.refuse(NotFound("There is nothing at this address. See /api/docs for what there is."))
        return exchange.incident(error)
