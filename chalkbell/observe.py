"""What an operator sees of a running process: logs, metrics, and whether it lives and is ready."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from typing import Any, Protocol, TextIO

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from twisted.internet.interfaces import IListeningPort
from twisted.web.resource import Resource
from twisted.web.server import Site

CALLS = Counter("chalkbell_calls_total", "Calls answered, by outcome: ok or the refusal's name.", ["procedure", "outcome"])
CALL_SECONDS = Histogram(
    "chalkbell_call_seconds",
    "Seconds from a call's arrival to its answer.",
    ["procedure"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
RECORDED = Counter("chalkbell_events_recorded_total", "Events recorded.", ["service"])
PUBLISHED = Counter("chalkbell_events_published_total", "Recorded events that the router took.", ["service"])
UNPUBLISHED = Gauge("chalkbell_events_unpublished", "Events recorded that the router has not taken yet.", ["service"])
OLDEST_UNPUBLISHED = Gauge("chalkbell_events_oldest_unpublished_seconds", "How long the first of these has waited.", ["service"])
HEARD = Counter("chalkbell_events_heard_total", "Events of another service acted on.", ["service", "source"])
JOBS = Counter("chalkbell_jobs_total", "Runs of jobs, by outcome.", ["service", "job", "outcome"])
JOINED = Gauge("chalkbell_joined", "1 while the service has a session with the router.", ["service"])
IN_FLIGHT = Gauge("chalkbell_calls_in_flight", "Calls being answered.", ["service"])
LEASES = Gauge("chalkbell_leases_held", "Leases held by this process.", ["service"])


class Unfailing:
    """A file for logs: on a full disk lines are lost, and never the work that they tell of."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write what can be written."""
        with contextlib.suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what can be flushed."""
        with contextlib.suppress(OSError):
            self._file.flush()


def configure_logging(level: str, form: str) -> None:
    """Send logs to stderr: readable on a terminal, one JSON object a line elsewhere. `form` is text, json or auto."""
    numeric = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    renderer: Any = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if as_text else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.PrintLoggerFactory(Unfailing(sys.stderr)),  # pyright: ignore[reportArgumentType]
        cache_logger_on_first_use=False,
    )


class Observed(Protocol):
    """A running service, as far as observing it needs."""

    @property
    def ready(self) -> bool: ...

    def problems(self) -> list[str]: ...


class _Page(Resource):
    isLeaf = True

    def __init__(self, answer: Callable[[], tuple[int, str, bytes]]) -> None:
        super().__init__()
        self._answer = answer

    def render_GET(self, request: Any) -> bytes:
        code, kind, body = self._answer()
        request.setResponseCode(code)
        request.setHeader(b"content-type", kind.encode())
        request.setHeader(b"cache-control", b"no-store")
        return body


def listen(reactor: Any, host: str, port: int, services: dict[str, Observed]) -> IListeningPort:
    """Serve `/livez`, `/readyz` and `/metrics` for the services of this process. Keep the port internal."""

    def ready() -> tuple[int, str, bytes]:
        waiting = [
            f"{name}: {', '.join(service.problems()) or 'not ready'}" for name, service in services.items() if not service.ready
        ]
        return (
            (503, "text/plain; charset=utf-8", "\n".join(waiting).encode() + b"\n") if waiting else (200, "text/plain", b"ready\n")
        )

    root: Any = Resource()
    root.putChild(b"livez", _Page(lambda: (200, "text/plain", b"alive\n")))
    root.putChild(b"readyz", _Page(ready))
    root.putChild(b"metrics", _Page(lambda: (200, CONTENT_TYPE_LATEST, generate_latest())))
    listening: IListeningPort = reactor.listenTCP(port, Site(root), interface=host)
    return listening
