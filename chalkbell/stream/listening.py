"""Acting on another service's events exactly once: the effect and the cursor are one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select

from chalkbell.contracts import Envelope, Position
from chalkbell.dispatch import Dispatcher
from chalkbell.handlers import Resync
from chalkbell.store import Store, Transaction
from chalkbell.stream import tables


@dataclass(frozen=True)
class Cursor:
    """How far this service has come in another's stream."""

    epoch: str
    seq: int


def cursors(dispatcher: Dispatcher, service: str) -> dict[str, Cursor]:
    """All cursors on another service's streams, by scope."""
    table = tables.cursor
    with dispatcher.database.transaction(write=False) as connection:
        rows = connection.execute(select(table).where(table.c.service == service)).mappings().all()
    return {row["scope"]: Cursor(row["epoch"], row["seq"]) for row in rows}


def is_heard(dispatcher: Dispatcher, envelope: Envelope) -> bool:
    """Whether this service does anything on such an event."""
    return (envelope.service, envelope.name) in dispatcher.handlers.listeners


def hear(dispatcher: Dispatcher, envelopes: list[Envelope]) -> Transaction | None:
    """Act on events of one scope, consecutive and in order, and move the cursor, in one transaction.

    Those that the cursor has passed already (another process was faster, or they were published twice) are left out.
    """
    if not envelopes:
        return None
    first = envelopes[0]

    def run(transaction: Transaction) -> None:
        cursor = _locked_cursor(transaction, first.service, first.scope, first.epoch)
        seq = cursor.seq if cursor.epoch == first.epoch else 0
        for envelope in envelopes:
            if envelope.seq <= seq:
                continue
            transaction.correlation_id = envelope.correlation_id
            for function in dispatcher.handlers.listeners.get((envelope.service, envelope.name), ()):
                topic = dispatcher.handlers.topics[envelope.service, envelope.name]
                event = msgspec.convert(envelope.data, topic.event)
                function(event, envelope, dispatcher.definition.store(transaction))
            seq = envelope.seq
        _move(transaction, first.service, first.scope, first.epoch, seq)

    _, transaction = dispatcher.transact(run, write=True, by=f"service.{dispatcher.definition.name}")
    return transaction


def take_copy(
    dispatcher: Dispatcher, service: str, scope: str, answers: list[tuple[Resync, Any]], position: Position
) -> Transaction:
    """Replace what this service knows of a scope by a fresh snapshot, and set the cursor to where the snapshot was true."""

    def run(transaction: Transaction) -> None:
        _locked_cursor(transaction, service, scope, position.epoch)
        for resync, answer in answers:
            resync.apply(answer, scope, dispatcher.definition.store(transaction))
        _move(transaction, service, scope, position.epoch, position.seq)

    _, transaction = dispatcher.transact(run, write=True, by=f"service.{dispatcher.definition.name}")
    return transaction


def tell(dispatcher: Dispatcher, functions: list[Any], what: Any) -> Transaction | None:
    """Tell the service of sessions that ended or are there."""
    if not functions:
        return None

    def run(transaction: Transaction) -> None:
        for function in functions:
            function(what, dispatcher.definition.store(transaction))

    _, transaction = dispatcher.transact(run, write=True, by=f"service.{dispatcher.definition.name}")
    return transaction


def _locked_cursor(transaction: Transaction, service: str, scope: str, epoch: str) -> Cursor:
    table = tables.cursor
    store = Store(transaction)
    store.insert_if_absent(table, {"service": service, "scope": scope, "epoch": epoch, "seq": 0})
    row = store.row(select(table).where(table.c.service == service, table.c.scope == scope).with_for_update())
    assert row is not None
    return Cursor(row["epoch"], row["seq"])


def _move(transaction: Transaction, service: str, scope: str, epoch: str, seq: int) -> None:
    table = tables.cursor
    transaction.connection.execute(
        table.update().where(table.c.service == service, table.c.scope == scope).values(epoch=epoch, seq=seq)
    )
