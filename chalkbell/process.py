"""A process of ours: one service, or several beside each other, until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from twisted.internet.defer import Deferred, DeferredList

from chalkbell import observe
from chalkbell.background import background
from chalkbell.dispatch import ServiceDefinition
from chalkbell.service import Runtime
from chalkbell.settings import Campus, SettingsError
from chalkbell.surroundings import Surroundings

log = structlog.get_logger()
Step = Callable[[], Awaitable[None]]


class CannotStart(Exception):
    """Something outside is in the way. The message says what, and what to do."""


def run(definition: ServiceDefinition) -> None:
    """Run one service until SIGTERM or SIGINT. Exits with 0, 2 when a setting is wrong, 1 when something broke."""
    from twisted.internet import reactor

    try:
        surroundings = Surroundings.of(dict(os.environ))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error
    campus = surroundings.campus
    observe.configure_logging(campus.log_level, campus.log_format)
    runtime = Runtime(definition, surroundings, reactor)
    run_until_signalled(reactor, [runtime], campus)


def run_until_signalled(
    reactor: Any,
    runtimes: Sequence[Runtime],
    campus: Campus,
    before: Step | None = None,
    ready: Step | None = None,
    after: Step | None = None,
) -> None:
    """Start all, stop all at the first SIGTERM or SIGINT. `before` is awaited first (the router, say), `ready` when all are, `after` last."""
    code = 0
    stopping = False

    async def begin() -> None:
        if before:
            await before()
        if campus.metrics_port:
            observe.listen(reactor, campus.metrics_host, campus.metrics_port, {runtime.name: runtime for runtime in runtimes})
        await DeferredList(
            [Deferred.fromCoroutine(runtime.start()) for runtime in runtimes], fireOnOneErrback=True, consumeErrors=True
        )
        if ready:
            await ready()

    async def end() -> None:
        await DeferredList([Deferred.fromCoroutine(runtime.stop()) for runtime in runtimes], consumeErrors=True)
        if after:
            await after()

    def stop() -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            log.info("stopping")
            background(end(), "while stopping").addBoth(lambda _: reactor.stop())

    def failed(failure: Any) -> None:
        nonlocal code
        code = 1
        reason = getattr(failure.value, "subFailure", failure).value
        if isinstance(reason, CannotStart):
            sys.stderr.write(f"{reason}\n")
        else:
            log.error("could not start", error=repr(reason), traceback=failure.getTraceback())
        stop()

    def signalled(number: int, frame: Any) -> None:
        reactor.callFromThread(stop)

    def began() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signalled)
        Deferred.fromCoroutine(begin()).addErrback(failed)

    # a call hops between the reactor's thread and a database thread: five milliseconds, the default, is long to wait for a turn
    sys.setswitchinterval(0.0005)
    reactor.callWhenRunning(began)
    reactor.run(installSignalHandlers=False)
    if code:
        raise SystemExit(code)
