"""Jobs of several processes: whoever holds the lease runs them, also who came to it late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock as TwistedClock

from chalkbell.clock import SystemClock
from chalkbell.handlers import JobHandler
from chalkbell.jobs import JobRunner


class Lease:
    """A lease that is given and taken away by hand."""

    def __init__(self, number: int | None) -> None:
        self.number = number

    def fence(self, name: str) -> int | None:
        return self.number


def runner_with(lease: Lease, run: Callable[..., Any]) -> tuple[JobRunner, TwistedClock]:
    """A runner of an errand, every second, on a clock that stands still."""
    reactor = TwistedClock()
    reactor.callFromThread = lambda function, *arguments: function(*arguments)  # type: ignore[attr-defined]
    dispatcher: Any = SimpleNamespace(definition=SimpleNamespace(name="notifier"), clock=SystemClock())
    handler = JobHandler("deliver", run, timedelta(seconds=1), in_transaction=False)

    def in_thread(write: bool, function: Callable[..., Any], *arguments: Any) -> Deferred[Any]:
        return maybeDeferred(function, *arguments)

    return JobRunner(handler, dispatcher, lease, reactor, in_thread, lambda transaction: None), reactor  # type: ignore[arg-type]


def test_who_gets_the_lease_late_runs_the_job_then() -> None:
    """A process that stood by while another held the lease takes the job over when that one has died."""
    runs: list[int] = []
    lease = Lease(None)
    runner, reactor = runner_with(lease, lambda errand: runs.append(1))
    runner.start()
    reactor.advance(5)
    runner.wake()
    assert not runs
    lease.number = 2
    reactor.pump([1] * 3)
    assert len(runs) == 3


def test_woken_while_it_runs_it_looks_again() -> None:
    """What came up during a run is seen to soon after it, and no two runs are at the same time."""
    going: list[Deferred[None]] = []

    def run(errand: Any) -> Deferred[None]:
        going.append(Deferred())
        return going[-1]

    runner, reactor = runner_with(Lease(1), run)
    runner.start()
    runner.wake()
    assert len(going) == 1
    going[0].callback(None)
    reactor.advance(0.3)
    assert len(going) == 2


def test_stopping_waits_for_a_run_that_has_begun() -> None:
    """And only for one that has begun."""
    going: Deferred[None] = Deferred()
    runner, reactor = runner_with(Lease(1), lambda errand: going)
    runner.start()
    stopped = runner.stop()
    assert not stopped.called
    going.callback(None)
    assert stopped.called
    idle, _ = runner_with(Lease(None), lambda errand: None)
    idle.start()
    assert idle.stop().called
    reactor.advance(60)
