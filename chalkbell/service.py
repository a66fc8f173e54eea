"""The life of a service: settings, migrations, join with retry, register shared, ready, drain on SIGTERM.

`chalkbell.process.run(definition)` is what `python -m services.<name>` does; `chalkbell up` runs several `Runtime`s in one process.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Protocol

import msgspec
import structlog
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from chalkbell import endings, observe
from chalkbell.answering import Answering
from chalkbell.background import background
from chalkbell.bus import Bus
from chalkbell.clock import Clock, SystemClock
from chalkbell.contracts import PREFIX, load_all
from chalkbell.dispatch import Dispatcher, ServiceDefinition
from chalkbell.handlers import Job, JobHandler
from chalkbell.hearing import Listener
from chalkbell.jobs import JobRunner
from chalkbell.jobs import lease_name as job_lease
from chalkbell.migrate import migrate
from chalkbell.sessions import Sessions
from chalkbell.store import Store, Transaction
from chalkbell.stream import replay, retention
from chalkbell.stream.backlog import Unpublished, unpublished
from chalkbell.stream.follow import Follower
from chalkbell.stream.lease import Leases
from chalkbell.stream.relay import RELAY_LEASES, Relay
from chalkbell.surroundings import Surroundings

log = structlog.get_logger()
DRAIN_SECONDS = 10.0
# services wait so long for more of others' events: a transaction for many costs little more than for one
GATHER = 0.05
LEASE_SECONDS = {True: 30.0, False: 6.0}


class Companion(Protocol):
    """Something that lives with a service, such as the gateway's HTTP face."""

    def start(self) -> Deferred[Any]: ...

    def stop(self) -> Deferred[Any]: ...


class Runtime:
    """One service, running."""

    def __init__(self, definition: ServiceDefinition, surroundings: Surroundings, reactor: Any, clock: Clock | None = None) -> None:
        load_all()
        self.definition = definition
        self.name = definition.name
        self.surroundings = surroundings
        self.campus = surroundings.campus
        self.reactor = reactor
        self.clock = clock or SystemClock()
        self.settings = surroundings.section(definition)
        self.database = surroundings.database(definition.name)
        replay.add_shared_procedures(definition.name, definition.handlers, self.problems)
        definition.handlers.jobs[:] = [job for job in definition.handlers.jobs if job.name != "retention"]
        definition.handlers.jobs.append(JobHandler("retention", self._forget, timedelta(hours=1), in_transaction=True))
        self.dispatcher = Dispatcher(definition, self.database, self.clock, self.settings)
        names = [*RELAY_LEASES, *(job_lease(job) for job in definition.handlers.jobs)]
        self.lease_seconds = LEASE_SECONDS[self.database.on_sqlite]
        self.leases = Leases(self.database, self.clock, names, lasting=timedelta(seconds=self.lease_seconds))
        threads = self.campus.threads
        self._readers = ThreadPool(1, threads, name=f"{self.name}-read")
        # SQLite has one writer: waiting for it in a thread each would only hold threads
        self._writers = ThreadPool(1, 1, name=f"{self.name}-write") if self.database.on_sqlite else self._readers
        self.bus = Bus(
            reactor, surroundings.router_address(), surroundings.key(self.name), on_join=self._joined, on_leave=self._left
        )
        self.relay = Relay(
            self.name, self.database, self.leases, self.bus, reactor, self.in_thread, observe.PUBLISHED.labels(self.name).inc
        )
        self.followers = {
            source: Follower(self.bus, source, Listener(self, source), gather=GATHER) for source in definition.handlers.follows
        }
        self.jobs = [
            JobRunner(job, self.dispatcher, self.leases, reactor, self.in_thread, self.after_commit)
            for job in definition.handlers.jobs
        ]
        self.sessions = Sessions(self)
        self.answering = Answering(self, self.campus.calls_per_minute)
        self.companion: Companion | None = definition.companion(self) if definition.companion else None
        self.ready = False
        self._registrations: list[Any] = []
        self._pools: dict[ThreadPool, Any] = {}
        self._draining = False
        self._timers: list[Any] = []
        self._alone: Any = None
        self._database_error = ""
        self._companion_started = False

    # beginning

    async def start(self) -> None:
        """Migrate, join, register. Returns when the service is ready for the first time."""
        for pool in {self._readers, self._writers}:
            pool.start()
            # whoever forgets to stop a service must still come to an end
            self._pools[pool] = self.reactor.addSystemEventTrigger("during", "shutdown", pool.stop)
        done = await self._until_it_works(lambda: migrate(self.database, self.definition.migrations))
        if done:
            log.info("migrated", service=self.name, revisions=done)
        await self.in_thread(True, self._take_leases)
        self._every(self.lease_seconds / 3, self._keep_leases)
        await self.bus.start()
        self._every(1.0, self.relay.wake)
        self._every(5.0, self._look_at_stream)
        for runner in self.jobs:
            runner.start()

    async def _until_it_works(self, function: Callable[[], Any]) -> Any:
        from sqlalchemy.exc import OperationalError

        while True:
            try:
                return await self.in_thread(True, function)
            except OperationalError as error:
                if self.database.on_sqlite:
                    raise  # a file does not come back by waiting
                self._database_error = str(error.orig)
                log.warning("the database does not answer, trying again", service=self.name, error=str(error.orig))
                waiting: Deferred[None] = Deferred()
                self.reactor.callLater(1.0, waiting.callback, None)
                await waiting

    def _take_leases(self) -> None:
        if self.database.file:
            # alone on this file: whoever held a lease is dead, and nobody need wait for it to run out
            self._alone = self.database.file.with_name(self.database.file.name + ".running").open("w")
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.leases.take_from_the_dead()
            fcntl.flock(self._alone, fcntl.LOCK_SH)
        self.leases.keep()

    def _keep_leases(self) -> None:
        def kept(names: set[str]) -> None:
            self._database_error = ""
            observe.LEASES.labels(self.name).set(len(names))

        def failed(failure: Any) -> None:
            self._database_error = str(failure.value)

        if not self._draining:
            self.in_thread(True, self.leases.keep).addCallbacks(kept, failed)

    def _look_at_stream(self) -> None:
        def found(waiting: Unpublished) -> None:
            age = self.clock.now() - waiting.oldest if waiting.oldest else timedelta()
            observe.UNPUBLISHED.labels(self.name).set(waiting.events)
            observe.OLDEST_UNPUBLISHED.labels(self.name).set(max(0.0, age.total_seconds()))

        def failed(_: Any) -> None:
            pass  # who keeps the leases tells of a database that is away

        self.in_thread(False, unpublished, self.database).addCallbacks(found, failed)

    async def _joined(self, bus: Bus) -> None:
        """After every join: answer, listen, and catch up."""
        self._registrations = []
        procedures = sorted(self.definition.handlers.procedures)
        registering = [_deferred(bus.register(uri, self.answering.to(uri))) for uri in procedures]
        registering += [
            _deferred(bus.register_raw(uri, self.answering.to_router(function)))
            for uri, function in self.definition.handlers.router_procedures.items()
        ]
        for success, result in await DeferredList(registering, consumeErrors=True):
            if not success:
                raise result.value
            self._registrations.append(result)
        await bus.subscribe(f"{PREFIX}{self.name}.v1.relay.woken", lambda topic, event: self.relay.wake())
        await self.sessions.joined()
        for follower in self.followers.values():
            await follower.joined()
        if self.companion and not self._companion_started:
            await self.companion.start()
            self._companion_started = True  # not before: where its port is taken, the next join tries again
        self.ready = True
        observe.JOINED.labels(self.name).set(1)
        self.relay.wake()
        background(endings.audit_all(self), "audit of subscriptions", service=self.name)
        log.info("ready", service=self.name)

    def _left(self) -> None:
        self.ready = False
        observe.JOINED.labels(self.name).set(0)
        for follower in self.followers.values():
            follower.left()
        if not self._draining:
            log.warning("the router is lost, joining again", service=self.name)

    # answering

    def after_commit(self, transaction: Transaction) -> None:
        """What a committed transaction leads to: its events, ended sessions and subscriptions, woken jobs. In the reactor's thread."""
        if transaction.recorded:
            observe.RECORDED.labels(self.name).inc(len(transaction.recorded))
            self.relay.offer(transaction.recorded)
        for envelope in transaction.passing:
            self.bus.publish_passing(envelope.topic, msgspec.to_builtins(envelope))
        if transaction.wake_jobs:
            for runner in self.jobs:
                runner.work_came()
        for person in set(transaction.ended_sessions):
            self._soon(endings.end_sessions(self, person))
        for scope in transaction.audited_scopes:
            self._soon(endings.audit(self, scope))

    def _soon(self, work: Any) -> None:
        background(work, "after commit", service=self.name)

    # ending

    async def stop(self) -> None:
        """Drain: take no more calls, finish those that have begun, publish what is recorded, give the leases back, leave."""
        self._draining = True
        self.ready = False
        for timer in self._timers:
            if timer.active():
                timer.cancel()
        for registration in self._registrations:
            await self.bus.unregister(registration)
        await _within(self.answering.when_idle(), DRAIN_SECONDS, self.reactor)
        for runner in self.jobs:
            await _within(runner.stop(), DRAIN_SECONDS, self.reactor)
        for follower in self.followers.values():
            follower.stop()
        if self.companion and self._companion_started:
            await _within(self.companion.stop(), DRAIN_SECONDS, self.reactor)
        self.relay.stop()
        self.sessions.stop()
        for last in (self.relay.mark, lambda: self.in_thread(True, self.leases.release)):
            try:
                await last()
            except Exception as error:
                log.warning("while stopping", service=self.name, error=repr(error))
        await self.bus.stop()
        for pool, trigger in self._pools.items():
            self.reactor.removeSystemEventTrigger(trigger)
            pool.stop()
        self.database.dispose()
        if self._alone:
            self._alone.close()

    # at hand

    def in_thread(self, write: bool, function: Callable[..., Any], *arguments: Any) -> Deferred[Any]:
        """Run something that blocks in a database thread."""
        return deferToThreadPool(self.reactor, self._writers if write else self._readers, function, *arguments)

    def problems(self) -> list[str]:
        """What is wrong, in words; empty when all is well."""
        found: list[str] = []
        if not self.bus.joined:
            found.append(f"no session with the router{': ' + self.bus.last_error if self.bus.last_error else ''}")
        if self._database_error:
            found.append(f"the database: {self._database_error}")
        found += [f"following {name}: {follower.last_error}" for name, follower in self.followers.items() if follower.last_error]
        found += [f"job {runner.last_error}" for runner in self.jobs if runner.last_error]
        return found

    def _forget(self, job: Job, store: Store) -> None:
        gone = retention.forget(store, timedelta(days=self.campus.keep_events_days))
        if gone:
            log.info("events let go", service=self.name, events=gone)

    def _every(self, seconds: float, function: Callable[[], Any]) -> None:
        def turn() -> None:
            self._timers = [timer for timer in self._timers if timer.active()]
            if self._draining:
                return
            self._timers.append(self.reactor.callLater(seconds, turn))
            function()

        self._timers.append(self.reactor.callLater(seconds, turn))


def _deferred(awaitable: Awaitable[Any]) -> Deferred[Any]:
    return awaitable if isinstance(awaitable, Deferred) else Deferred.fromCoroutine(awaitable)  # type: ignore[arg-type]


async def _within(waiting: Deferred[Any], seconds: float, reactor: Any) -> None:
    waiting.addTimeout(seconds, reactor)
    try:
        await waiting
    except Exception as error:
        log.warning("did not end in time", error=repr(error))
