"""Keeping a router running from inside a Twisted program, as `chalkbell up` does."""

import os
import random
import signal
from collections import deque
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor as _reactor
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ProcessDone
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import ProcessProtocol
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from chalkbell.router.configuration import RouterSettings
from chalkbell.router.process import LOOK, START, STOP, RouterNotStarted, answers, command, end_group, environment, hold, make_ready

# Twisted's reactor is a module in disguise, which type checkers cannot see through.
reactor: Any = _reactor

#: Seconds before a router that ended is started again: doubled each time, up to the most, forgotten after a good while.
FIRST_PAUSE, MOST_PAUSE, GOOD_WHILE = 0.5, 30.0, 60.0
#: Lines of output kept from a start, passed on when it fails.
KEPT = 200


class Supervisor:
    """Starts the router, starts it again when it ends, and ends it. `on_line` gets each line of its output, decoded.

    What it says while it starts is passed on only when the start fails: a good start is silent.
    """

    def __init__(self, settings: RouterSettings, on_line: Callable[[str], None]) -> None:
        self.settings = settings
        self.on_line = on_line
        self.restarts = 0
        self._lock: int | None = None
        self._child: _Child | None = None
        self._again: IDelayedCall | None = None
        self._pause = FIRST_PAUSE
        self._stopping = False
        self._first: Deferred[None] | None = None

    def start(self) -> "Deferred[None]":
        """Start; fires when sessions can join. Fails with `RouterNotStarted` or `DataInUse`, and then nothing is left running."""
        self._first = Deferred()
        deferToThread(self._take).addCallbacks(lambda _: self._spawn(), self._fail)
        return self._first

    def _take(self) -> None:
        self._lock = hold(self.settings)
        make_ready(self.settings)

    @property
    def pid(self) -> int | None:
        """The controller's process id while it runs."""
        return self._child.pid if self._child else None

    def stop(self) -> "Deferred[None]":
        """End the router for good; fires when it has ended."""
        self._stopping = True
        if self._again is not None and self._again.active():
            self._again.cancel()
        if self._child is None:
            self._release()
            return succeed(None)
        return self._child.end()

    def _spawn(self) -> None:
        if self._stopping or self._lock is None:
            return
        self._child = _Child(self)
        files = {0: "w", 1: "r", 2: "r", self._lock: self._lock}
        try:
            line = command(self.settings)
            reactor.spawnProcess(self._child, line[0], line, env=environment(), childFDs=files)
        except Exception:
            self._child = None
            self._fail(Failure())

    def became_ready(self) -> None:
        """The child answers. (Called by it.)"""
        if self._first is not None:
            first, self._first = self._first, None
            first.callback(None)

    def ended(self, said: list[str], lasted: float) -> None:
        """The child has ended after `lasted` seconds; `said` is its output when it never became ready. (Called by it.)"""
        self._child = None
        if self._stopping:
            self._release()
            return
        if self._first is not None:
            self._fail(Failure(RouterNotStarted("\n".join(said) or "the router ended without a word")))
            return
        for line in said:
            self.on_line(line)
        if lasted >= GOOD_WHILE:
            self._pause = FIRST_PAUSE
        pause = self._pause * random.uniform(0.8, 1.2)
        self._pause = min(self._pause * 2, MOST_PAUSE)
        self.restarts += 1
        self.on_line(f"the router ended; starting it again in {pause:.1f} s")
        self._again = reactor.callLater(pause, self._retry)

    def _retry(self) -> None:
        deferToThread(make_ready, self.settings).addCallbacks(lambda _: self._spawn(), self._failed_again)

    def _failed_again(self, failure: Failure) -> None:
        self.ended([failure.getErrorMessage()], 0.0)

    def _fail(self, failure: Failure) -> None:
        self._release()
        if self._first is not None:
            first, self._first = self._first, None
            first.errback(failure)

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class _Child(ProcessProtocol):
    """One life of the router's process."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._said: deque[str] = deque(maxlen=KEPT)
        self._rest = {1: b"", 2: b""}
        self._ready = False
        self._began = 0.0
        self._over: Deferred[None] | None = None
        self._kill: IDelayedCall | None = None
        self._look: IDelayedCall | None = None

    @property
    def pid(self) -> int | None:
        transport: Any = self.transport
        return transport.pid if transport else None

    def connectionMade(self) -> None:
        self._began = reactor.seconds()
        transport: Any = self.transport
        transport.closeStdin()
        self._look = reactor.callLater(LOOK, self._probe)

    def _probe(self) -> None:
        deferToThread(answers, self._supervisor.settings).addCallback(self._probed)

    def _probed(self, answered: bool) -> None:
        if self.pid is None or self._over is not None:
            return
        if answered:
            self._ready = True
            self._said.clear()
            self._supervisor.became_ready()
        elif reactor.seconds() - self._began > START:
            self.end()
        else:
            self._look = reactor.callLater(LOOK, self._probe)

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        *lines, self._rest[childFD] = (self._rest[childFD] + data).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace")
            if self._ready:
                self._supervisor.on_line(text)
            else:
                self._said.append(text)

    def end(self) -> "Deferred[None]":
        """SIGTERM now, SIGKILL to the whole group when that was not enough; fires when it has ended."""
        if self._over is None:
            self._over = Deferred()
            pid = self.pid
            if pid is not None:
                os.kill(pid, signal.SIGTERM)
                self._kill = reactor.callLater(STOP, end_group, pid, signal.SIGKILL)
        over = self._over
        waiter: Deferred[None] = Deferred()
        over.addCallback(lambda _: waiter.callback(None))
        return waiter

    def processExited(self, reason: Failure) -> None:
        # A worker that outlives its controller would keep the ports.
        transport: Any = self.transport
        if transport.pid is not None:
            end_group(transport.pid, signal.SIGKILL)

    def processEnded(self, reason: Failure) -> None:
        for delayed in (self._kill, self._look):
            if delayed is not None and delayed.active():
                delayed.cancel()
        if not self._ready and not reason.check(ProcessDone):
            self._said.append(reason.getErrorMessage())
        self._supervisor.ended(list(self._said), reactor.seconds() - self._began)
        if self._over is not None:
            self._over.callback(None)
