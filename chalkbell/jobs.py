"""What the clock makes a service do: each job in one process at a time, under a lease."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from twisted.internet.defer import Deferred

from chalkbell.dispatch import Dispatcher
from chalkbell.errands import Errand
from chalkbell.handlers import Job, JobHandler
from chalkbell.observe import JOBS
from chalkbell.store import Transaction
from chalkbell.stream.lease import Leases

log = structlog.get_logger()
SOONEST = 0.02
ERRAND_PAUSE = 0.2


def lease_name(handler: JobHandler) -> str:
    """The lease of a job."""
    return f"job-{handler.name}"


class JobRunner:
    """Runs one job: when it said it would have something to do, at least every `every`, and whenever it is woken."""

    def __init__(
        self,
        handler: JobHandler,
        dispatcher: Dispatcher,
        leases: Leases,
        reactor: Any,
        in_thread: Callable[..., Deferred[Any]],
        after_commit: Callable[[Transaction], None],
    ) -> None:
        self.handler = handler
        self.dispatcher = dispatcher
        self.leases = leases
        self.reactor = reactor
        self.in_thread = in_thread
        self.after_commit = after_commit
        self.last_error = ""
        self._timer: Any = None
        self._running: Deferred[None] | None = None
        self._again = False
        self._stopped = True

    def start(self) -> None:
        """Look for work now, then by the clock."""
        self._stopped = False
        self.wake()

    def work_came(self) -> None:
        """Something was committed that may be work: look at once, or for an errand a moment later, for more may be coming.

        Errands speak to mail servers and the like. What a busy moment gives them to do is better done together than one by one
        beside the calls that people wait for.
        """
        if self.handler.in_transaction or self._running is not None:
            self.wake()
        elif not self._stopped and (self._timer is None or not self._timer.active() or self._timer.getTime() > self._soon()):
            self._cancel()
            self._timer = self.reactor.callLater(ERRAND_PAUSE, self.wake)

    def _soon(self) -> float:
        return float(self.reactor.seconds()) + ERRAND_PAUSE

    def wake(self) -> None:
        """Look for work at once."""
        if self._stopped:
            return
        if self._running is not None:
            self._again = True
            return
        self._cancel()
        run = Deferred.fromCoroutine(self._run())
        # without the lease it is over already, and must not count as running for ever
        self._running = None if run.called else run

    def stop(self) -> Deferred[None]:
        """Run no more; fires when a run that has begun is over."""
        self._stopped = True
        self._cancel()
        done: Deferred[None] = Deferred()
        if self._running is None:
            done.callback(None)
        else:
            self._running.addBoth(lambda _: done.callback(None))
        return done

    def _cancel(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    async def _run(self) -> None:
        due: datetime | None = None
        try:
            fence = self.leases.fence(lease_name(self.handler))
            if fence is not None:
                write = self.handler.in_transaction
                due = await self.in_thread(write, self._once, fence)
                self.last_error = ""
        except Exception as error:
            self.last_error = f"{self.handler.name}: {error}"
            JOBS.labels(self.dispatcher.definition.name, self.handler.name, "failed").inc()
            log.warning("job failed", job=self.handler.name, error=repr(error))
        self._running = None
        if self._stopped:
            return
        delay = self.handler.every.total_seconds()
        if due is not None:
            delay = min(delay, (due - self.dispatcher.clock.now()).total_seconds())
        if self._again:
            self._again = False
            delay = 0 if self.handler.in_transaction else ERRAND_PAUSE
        self._timer = self.reactor.callLater(max(SOONEST, delay), self.wake)

    def _once(self, fence: int) -> datetime | None:
        """In a database thread."""
        service = self.dispatcher.definition.name
        name = lease_name(self.handler)
        if not self.handler.in_transaction:
            errand = Errand(
                self.dispatcher,
                lambda transaction: self.reactor.callFromThread(self.after_commit, transaction),
                lambda: self.leases.fence(name) == fence,
            )
            answer: datetime | None = self.handler.run(errand)
            JOBS.labels(service, self.handler.name, "ok").inc()
            return answer

        def run(transaction: Transaction) -> datetime | None:
            if not self.leases.holds(transaction.connection, name, fence):
                return None
            return self.handler.run(Job(transaction.now), self.dispatcher.definition.store(transaction))

        answer, transaction = self.dispatcher.transact(run, write=True, by=f"service.{service}")
        JOBS.labels(service, self.handler.name, "ok").inc()
        self.reactor.callFromThread(self.after_commit, transaction)
        return answer
