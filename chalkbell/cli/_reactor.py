"""Running what is asynchronous from the command line: the reactor lives as long as one command."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from twisted.internet.defer import CancelledError, Deferred

A = TypeVar("A")
INTERRUPTED = 130


def run(main: Callable[[Any], Awaitable[A]]) -> A:
    """Await `main(reactor)` and answer what it does; what it raises is raised here. Ctrl-C ends it with exit code 130.

    Once in a process: Twisted's reactor cannot be started again.
    """
    from twisted.internet import reactor as installed

    reactor: Any = installed
    answers: list[A] = []
    failures: list[BaseException] = []
    interrupted = False
    running: Deferred[None] | None = None

    async def go() -> None:
        answers.append(await main(reactor))

    def failed(failure: Any) -> None:
        if not (interrupted and failure.check(CancelledError)):
            failures.append(failure.value)

    def interrupt() -> None:
        nonlocal interrupted
        if interrupted:
            reactor.stop()
        interrupted = True
        if running is not None:
            running.cancel()

    def signalled(number: int, frame: Any) -> None:
        reactor.callFromThread(interrupt)

    def begin() -> None:
        nonlocal running
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signalled)
        running = Deferred.fromCoroutine(go())
        running.addErrback(failed).addBoth(lambda _: reactor.callLater(0, _stop))

    def _stop() -> None:
        if reactor.running:
            reactor.stop()

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    if interrupted:
        raise SystemExit(INTERRUPTED)
    if failures:
        raise failures[0]
    return answers[0]


def later(reactor: Any, seconds: float) -> Deferred[None]:
    """Fires after so many seconds."""
    waiting: Deferred[None] = Deferred(lambda _: timer.cancel() if timer.active() else None)
    timer = reactor.callLater(seconds, waiting.callback, None)
    return waiting
