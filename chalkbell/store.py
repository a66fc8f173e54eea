"""What every service's store can do: read and write rows, and record events in the same transaction."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Executable, Row, RowMapping, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from chalkbell.contracts import Envelope, Event, Position, topic_of
from chalkbell.stream import tables

SHARDS = 8
"""Streams are spread over so many shards; each has one active relay. Part of the data: never change it."""


@dataclass
class Transaction:
    """One open transaction and what it will do when it has committed."""

    connection: Connection
    service: str
    epoch: str
    now: datetime
    by: str
    correlation_id: str = ""
    settings: Any = None
    recorded: list[Envelope] = field(default_factory=list[Envelope])
    passing: list[Envelope] = field(default_factory=list[Envelope])
    ended_sessions: list[str] = field(default_factory=list[str])
    audited_scopes: set[str] = field(default_factory=set[str])
    wake_jobs: bool = False
    _unwritten: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def flush(self) -> None:
        """Write the events recorded so far; called before the commit."""
        if self._unwritten:
            self.connection.execute(tables.event.insert(), self._unwritten)
            self._unwritten = []

    def append(self, row: dict[str, Any]) -> None:
        """Keep an event row for `flush`, which writes all in one statement."""
        self._unwritten.append(row)


class Store:
    """Rows to plain objects and back. Each service derives its own."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.connection = transaction.connection

    @property
    def now(self) -> datetime:
        """The moment of this transaction, the same for all that it writes, UTC."""
        return self.transaction.now

    @property
    def on_sqlite(self) -> bool:
        """Whether rows are kept in SQLite, where a writer is alone and needs no row locks."""
        return self.connection.dialect.name == "sqlite"

    @property
    def settings(self) -> Any:
        """The service's own settings: an instance of the section that its definition names."""
        return self.transaction.settings

    def rows(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[RowMapping]:
        """All rows, as mappings by column name."""
        return self.connection.execute(statement, parameters or {}).mappings().all()

    def row(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> RowMapping | None:
        """The first row or None."""
        return self.connection.execute(statement, parameters or {}).mappings().first()

    def value(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        found: Row[Any] | None = self.connection.execute(statement, parameters or {}).first()
        return found[0] if found else None

    def execute(self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> int:
        """Change rows; how many were."""
        return self.connection.execute(statement, parameters).rowcount

    def insert(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Insert rows, in one statement."""
        if rows:
            self.connection.execute(table.insert(), [dict(row) for row in rows])

    def upsert(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Insert rows, or replace those with the same primary key. All rows have the same columns."""
        if not rows:
            return
        insert = sqlite.insert(table) if self.on_sqlite else postgresql.insert(table)
        keys = [column.name for column in table.primary_key]
        others = {name: insert.excluded[name] for name in rows[0] if name not in keys}
        statement = insert.on_conflict_do_update(index_elements=keys, set_=others) if others else insert.on_conflict_do_nothing()
        self.connection.execute(statement, [dict(row) for row in rows])

    def insert_if_absent(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Insert those rows whose primary or unique keys are not there yet."""
        if rows:
            insert = sqlite.insert(table) if self.on_sqlite else postgresql.insert(table)
            self.connection.execute(insert.on_conflict_do_nothing(), [dict(row) for row in rows])

    def record(self, event: Event) -> Position:
        """Record that this has happened, in the same commit as the change it tells of. Answers where in the stream it stands.

        From here to the commit the scope's stream is locked. Who records in several scopes takes them in sorted order
        (`record_all` does), so that no two wait for each other.
        """
        declared = topic_of(type(event))
        if declared.service != self.transaction.service:
            raise ValueError(f"{self.transaction.service} cannot record {declared.pattern}")
        scope = declared.scope_of(event)
        if declared.passing:
            self.transaction.passing.append(self._envelope(scope, declared.name, 0, event))
            return Position(epoch=self.transaction.epoch, seq=0)
        seq = self._next_seq(scope)
        envelope = self._envelope(scope, declared.name, seq, event)
        self.transaction.recorded.append(envelope)
        self.transaction.append(
            {
                "scope": scope,
                "seq": seq,
                "name": declared.name,
                "at": envelope.at,
                "by": envelope.by,
                "correlation_id": envelope.correlation_id,
                "data": msgspec.json.encode(envelope.data).decode(),
            }
        )
        return Position(epoch=self.transaction.epoch, seq=seq)

    def record_all(self, events: Sequence[Event]) -> None:
        """Record several events, in the order of their scopes and within each as given."""
        for event in sorted(events, key=lambda event: topic_of(type(event)).scope_of(event)):
            self.record(event)

    def position(self, scope: str) -> Position:
        """Where the scope's stream stands in this transaction: put it into every answer that a live page starts from."""
        seq = self.value(select(tables.stream.c.seq).where(tables.stream.c.scope == scope))
        return Position(epoch=self.transaction.epoch, seq=seq or 0)

    def positions(self, scopes: Sequence[str]) -> dict[str, Position]:
        """Where each of these scopes' streams stands in this transaction, in one statement: for an answer about several."""
        table = tables.stream
        found = {row["scope"]: row["seq"] for row in self.rows(select(table.c.scope, table.c.seq).where(table.c.scope.in_(scopes)))}
        return {scope: Position(epoch=self.transaction.epoch, seq=found.get(scope, 0)) for scope in scopes}

    def end_sessions(self, person: str) -> None:
        """After the commit, end all sessions of this person (directory only: the router lets nobody else)."""
        self.transaction.ended_sessions.append(person)

    def audit_subscriptions(self, scope: str) -> None:
        """After the commit, ask again for everybody subscribed to this scope whether they may, and end what they may not."""
        self.transaction.audited_scopes.add(scope)

    def wake_jobs(self) -> None:
        """After the commit, let this process's jobs look for work at once instead of at their next turn."""
        self.transaction.wake_jobs = True

    def _envelope(self, scope: str, name: str, seq: int, event: Event) -> Envelope:
        transaction = self.transaction
        return Envelope(
            service=transaction.service,
            scope=scope,
            name=name,
            epoch=transaction.epoch if seq else "",
            seq=seq,
            at=transaction.now,
            by=transaction.by,
            data=msgspec.to_builtins(event),
            correlation_id=transaction.correlation_id,
        )

    def _next_seq(self, scope: str) -> int:
        statement = _NEXT_SEQ_SQLITE if self.on_sqlite else _NEXT_SEQ_POSTGRESQL
        parameters = {"scope": scope, "seq": 1, "shard": zlib.crc32(scope.encode()) % SHARDS, "changed": self.now}
        return int(self.connection.execute(statement, parameters).scalar_one())


def _next_seq(insert: Callable[[Table], Any]) -> Any:
    statement = insert(tables.stream)
    return statement.on_conflict_do_update(
        index_elements=["scope"], set_={"seq": tables.stream.c.seq + 1, "changed": statement.excluded.changed}
    ).returning(tables.stream.c.seq)


_NEXT_SEQ_SQLITE = _next_seq(sqlite.insert)
_NEXT_SEQ_POSTGRESQL = _next_seq(postgresql.insert)
