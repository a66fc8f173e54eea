"""What every service answers about its streams: replay, heads, who may read, health."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import func, select

import chalkbell
from chalkbell.contracts import PREFIX, PROCEDURES, TOPICS, Envelope, NotFound, PersonId, TooOld, procedure_of
from chalkbell.contracts.core import SLUG_PATTERN
from chalkbell.contracts.shared import (
    AskHealth,
    Describe,
    Description,
    Events,
    EventsHeads,
    EventsSince,
    Heads,
    Health,
    May,
    MayRead,
)
from chalkbell.handlers import Call, Caller, Handlers
from chalkbell.store import Store
from chalkbell.stream import tables

__all__ = ["PersonId", "add_shared_procedures", "events_since", "may_read"]
ANSWER = 128 * 1024
"""Characters that one replay answers with at most, but for a single event: the router takes no larger message than it must."""
ENVELOPE = 250
_SLUG = re.compile(SLUG_PATTERN)


def may_read(handlers: Handlers, scope: str, caller: Caller, store: Store) -> bool:
    """Whether this caller may read a scope: services and the operator may, others are asked of the service."""
    if caller.is_service or caller.role == "operator":
        return True
    if not _SLUG.match(scope):
        return False
    return bool(handlers.may_read and handlers.may_read(scope, caller, store))


def events_since(ask: EventsSince, store: Store) -> Events:
    """The events of a scope after `ask.seq`. Refused with `too_old` when they are gone or of another history."""
    epoch = store.transaction.epoch
    stream = store.row(select(tables.stream).where(tables.stream.c.scope == ask.scope))
    head: int = stream["seq"] if stream else 0
    kept_from: int = stream["kept_from"] if stream else 1
    if (
        (ask.epoch is not None and ask.epoch != epoch)
        or (ask.epoch is None and ask.seq)
        or ask.seq > head
        or ask.seq + 1 < kept_from
    ):
        raise TooOld(epoch=epoch, head=head, kept_from=kept_from)
    table = tables.event
    rows = store.rows(select(table).where(table.c.scope == ask.scope, table.c.seq > ask.seq).order_by(table.c.seq).limit(ask.limit))
    events: list[Envelope] = []
    size = 0
    for row in rows:
        size += len(row["data"]) + ENVELOPE
        if events and size > ANSWER:
            break
        events.append(envelope_of(store.transaction.service, epoch, row))
    return Events(epoch=epoch, head=head, events=events)


def envelope_of(service: str, epoch: str, row: Any) -> Envelope:
    """A stored event as it travels."""
    return Envelope(
        service=service,
        scope=row["scope"],
        name=row["name"],
        epoch=epoch,
        seq=row["seq"],
        at=row["at"],
        by=row["by"],
        correlation_id=row["correlation_id"],
        data=msgspec.json.decode(row["data"]),
    )


def add_shared_procedures(service: str, handlers: Handlers, problems: Callable[[], list[str]]) -> None:
    """Add to a service what all services answer. `problems` tells what is wrong with its process, in words."""

    def since(ask: EventsSince, call: Call, store: Store) -> Events:
        if not may_read(handlers, ask.scope, call.caller, store):
            raise NotFound
        return events_since(ask, store)

    def heads(ask: EventsHeads, call: Call, store: Store) -> Heads:
        table = tables.stream
        question = select(table.c.scope, table.c.seq)
        if ask.scopes is None:
            if not (call.caller.is_service or call.caller.role == "operator"):
                raise NotFound("Name the scopes that you follow.")
        else:
            allowed = [scope for scope in set(ask.scopes) if may_read(handlers, scope, call.caller, store)]
            question = question.where(table.c.scope.in_(allowed))
        found = {row["scope"]: row["seq"] for row in store.rows(question)}
        return Heads(epoch=store.transaction.epoch, heads=found)

    def may(ask: MayRead, call: Call, store: Store) -> May:
        return May(may=may_read(handlers, ask.scope, Caller(ask.person, ask.role), store))

    def health(ask: AskHealth, call: Call, store: Store) -> Health:
        table = tables.stream
        counted = store.row(
            select(func.count().label("streams"), func.coalesce(func.sum(table.c.seq - table.c.published), 0).label("waiting"))
        )
        assert counted
        found = problems()
        return Health(
            service=service,
            version=chalkbell.__version__,
            healthy=not found,
            problems=found,
            streams=counted["streams"],
            unpublished=int(counted["waiting"]),
        )

    def describe(ask: Describe, call: Call, store: Store) -> Description:
        return Description(
            service=service,
            version=chalkbell.__version__,
            procedures={
                uri: p.documentation.splitlines()[0]
                for uri, p in sorted(PROCEDURES.items())
                if uri.startswith(f"{PREFIX}{service}.")
            },
            topics={pattern: t.documentation.splitlines()[0] for pattern, t in sorted(TOPICS.items()) if t.service == service},
        )

    for request, function in (
        (EventsSince, since),
        (EventsHeads, heads),
        (MayRead, may),
        (AskHealth, health),
        (Describe, describe),
    ):
        declared = procedure_of(request, service)
        handlers.procedures[declared.uri] = (declared, function)
