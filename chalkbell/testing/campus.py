"""A campus of services in memory, with neither router nor reactor.

campus = MemoryCampus(clock=FrozenClock())
campus.add(workload.definition, database)
campus.call(AddModule(...), by="ada-stone", role="administrator")
campus.settle()          # every event has reached every listener
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import select

from chalkbell.clock import Clock
from chalkbell.contracts import Envelope, NotFound, Position, Request, procedure_of
from chalkbell.contracts.shared import Events, EventsSince
from chalkbell.database import Database
from chalkbell.dispatch import Dispatcher, ServiceDefinition
from chalkbell.errands import Errand
from chalkbell.handlers import Call, Caller, Job, LiveSession, SignedOut
from chalkbell.migrate import migrate
from chalkbell.settings import Section
from chalkbell.store import Transaction
from chalkbell.stream import listening, replay, tables
from chalkbell.testing.clock import FrozenClock

A = TypeVar("A")


@dataclass
class Member:
    """A service on the memory campus."""

    dispatcher: Dispatcher
    transactions: list[Transaction] = field(default_factory=list[Transaction])

    @property
    def ended_sessions(self) -> list[str]:
        """People whose sessions this service had ended."""
        return [person for transaction in self.transactions for person in transaction.ended_sessions]

    @property
    def audited_scopes(self) -> set[str]:
        """Scopes whose subscriptions this service had looked at again."""
        return {scope for transaction in self.transactions for scope in transaction.audited_scopes}

    @property
    def passing(self) -> list[Envelope]:
        """Passing events published."""
        return [envelope for transaction in self.transactions for envelope in transaction.passing]


class MemoryCampus:
    """Services that call and hear each other in this process, synchronously. Their databases are real."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock: Clock = clock or FrozenClock()
        self.members: dict[str, Member] = {}

    def add(self, definition: ServiceDefinition, database: Database, settings: Section | None = None) -> Member:
        """Migrate the service's database and let it join."""
        migrate(database, definition.migrations)
        replay.add_shared_procedures(definition.name, definition.handlers, list)
        member = Member(Dispatcher(definition, database, self.clock, settings))
        self.members[definition.name] = member
        return member

    def call(self, ask: Request[A], *, by: str, role: str = "person", service: str | None = None, session: int | None = None) -> A:
        """Ask as this person. Raises the `Refusal` that they would get. The answer is decoded as another program would."""
        declared = procedure_of(type(ask), service)
        fields = msgspec.to_builtins(ask)
        answer = self.call_uri(declared.uri, {k: v for k, v in fields.items() if v is not None}, by=by, role=role, session=session)
        return msgspec.convert(answer, declared.answer)

    def call_uri(
        self, uri: str, fields: dict[str, Any], *, by: str, role: str = "person", session: int | None = None
    ) -> dict[str, Any]:
        """Ask with raw fields, as they come over the wire."""
        name = uri.split(".")[1]
        if name not in self.members:
            raise NotFound(f"nobody answers {uri}")
        member = self.members[name]
        answer, transaction = member.dispatcher.answer(uri, fields, Caller(by, role, session))
        if transaction:
            member.transactions.append(transaction)
        return answer

    def ask_as_router(self, uri: str, arguments: list[Any]) -> Any:
        """Call a procedure that only the router calls, such as the authenticator."""
        member = self.members[uri.split(".")[1]]
        function = member.dispatcher.handlers.router_procedures[uri]

        def run(transaction: Transaction) -> Any:
            call = Call(Caller("router", "router"), transaction.now)
            return function(arguments, call, member.dispatcher.definition.store(transaction))

        answer, transaction = member.dispatcher.transact(run, write=True, by="router")
        member.transactions.append(transaction)
        return answer

    def settle(self, rounds: int = 20) -> int:
        """Bring every event to every service that listens, until nothing happens any more. Answers how many were heard."""
        heard = 0
        for _ in range(rounds):
            moved = sum(self._bring(member, service) for member in self.members.values() for service in self._followed(member))
            heard += moved
            if not moved:
                return heard
        raise AssertionError("the services never come to rest: an event leads to itself")

    def events(self, service: str, scope: str, after: int = 0) -> list[Envelope]:
        """The recorded events of a stream."""
        found: Events = self.call(
            EventsSince(scope=scope, seq=after, epoch=self.epoch(service), limit=1000),
            by="service.test",
            role="service-test",
            service=service,
        )
        return found.events

    def epoch(self, service: str) -> str:
        """The epoch of a service's streams."""
        database = self.members[service].dispatcher.database
        with database.transaction(write=False) as connection:
            return database.epoch(connection)

    def run_job(self, service: str, name: str) -> datetime | None:
        """Run a job or errand of a service now. Answers when it wants to run next."""
        member = self.members[service]
        handler = next(job for job in member.dispatcher.handlers.jobs if job.name == name)
        if not handler.in_transaction:
            errand = Errand(member.dispatcher, member.transactions.append, lambda: True)
            return handler.run(errand)

        def run(transaction: Transaction) -> datetime | None:
            return handler.run(Job(transaction.now), member.dispatcher.definition.store(transaction))

        answer, transaction = member.dispatcher.transact(run, write=True, by=f"service.{service}")
        member.transactions.append(transaction)
        return answer

    def end_session(self, session: int) -> None:
        """A session has left the router."""
        for member in self.members.values():
            self._tell(member, member.dispatcher.handlers.sessions_ended, session)

    def sign_out(self, person: str) -> None:
        """The router has ended all sessions of a person."""
        for member in self.members.values():
            self._tell(member, member.dispatcher.handlers.signed_out, SignedOut(person, self.clock.now()))

    def show_sessions(self, sessions: list[LiveSession]) -> None:
        """The services join anew and are told who is there."""
        for member in self.members.values():
            self._tell(member, member.dispatcher.handlers.sessions_seen, sessions)

    @staticmethod
    def _tell(member: Member, functions: list[Any], what: Any) -> None:
        transaction = listening.tell(member.dispatcher, functions, what)
        if transaction:
            member.transactions.append(transaction)

    def within(self, service: str, function: Callable[[Any], A], *, write: bool = False) -> A:
        """Run `function(store)` of a service in a transaction, to look at what it keeps."""
        member = self.members[service]

        def run(transaction: Transaction) -> A:
            return function(member.dispatcher.definition.store(transaction))

        return member.dispatcher.transact(run, write=write, by="service.test")[0]

    def _followed(self, member: Member) -> Iterator[str]:
        return (service for service in member.dispatcher.handlers.follows if service in self.members)

    def _bring(self, member: Member, service: str) -> int:
        source = self.members[service].dispatcher
        have = listening.cursors(member.dispatcher, service)
        heard = 0
        with source.database.transaction(write=False) as connection:
            epoch = source.database.epoch(connection)
            streams = connection.execute(select(tables.stream.c.scope, tables.stream.c.seq)).all()
        for scope, head in streams:
            cursor = have.get(scope)
            seq = cursor.seq if cursor and cursor.epoch == epoch else 0
            if seq >= head:
                continue
            transaction = listening.hear(member.dispatcher, self.events(service, scope, seq))
            if transaction:
                member.transactions.append(transaction)
            heard += head - seq
        return heard

    def resync(self, name: str, service: str, scope: str) -> None:
        """Let a service take a fresh copy of another's scope, as it does after `too_old`."""
        member = self.members[name]
        answers: list[tuple[Any, Any]] = []
        position: Position | None = None
        for handler in member.dispatcher.handlers.resyncs.get(service, []):
            answer = self.call(handler.ask(scope), by=f"service.{name}", role=f"service-{name}")
            answers.append((handler, answer))
            position = answer.position
        assert position is not None
        member.transactions.append(listening.take_copy(member.dispatcher, service, scope, answers, position))
