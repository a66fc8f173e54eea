"""What a running service does with another's events: its listeners, in one transaction with its cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog
from twisted.internet.defer import Deferred

from chalkbell import observe
from chalkbell.bus import Bus
from chalkbell.contracts import Envelope, Position
from chalkbell.contracts.shared import EventsHeads, Heads
from chalkbell.dispatch import Dispatcher, ServiceDefinition
from chalkbell.store import Transaction
from chalkbell.stream import listening

log = structlog.get_logger()


class Hearer(Protocol):
    """The part of a running service that hearing needs."""

    name: str
    definition: ServiceDefinition
    dispatcher: Dispatcher
    bus: Bus
    reactor: Any

    def in_thread(self, write: bool, function: Callable[..., Any], *arguments: Any) -> Deferred[Any]: ...

    def after_commit(self, transaction: Transaction) -> None: ...


class Listener:
    """The handler of a service's follower on `source`."""

    def __init__(self, runtime: Hearer, source: str) -> None:
        self.runtime = runtime
        self.source = source

    async def positions(self) -> dict[str, Position]:
        """The cursors."""
        found = await self.runtime.in_thread(False, listening.cursors, self.runtime.dispatcher, self.source)
        return {scope: Position(epoch=cursor.epoch, seq=cursor.seq) for scope, cursor in found.items()}

    async def events(self, scope: str, events: Sequence[Envelope]) -> None:
        """Act on them."""
        runtime = self.runtime
        if not any(listening.is_heard(runtime.dispatcher, envelope) for envelope in events) and events[-1].seq % 50:
            return  # nothing to do: the cursor need not be written for each
        transaction = await runtime.in_thread(True, listening.hear, runtime.dispatcher, list(events))
        observe.HEARD.labels(runtime.name, self.source).inc(len(events))
        for event in events:
            log.debug("heard", service=runtime.name, topic=event.topic, seq=event.seq, correlation_id=event.correlation_id)
        if transaction is not None:
            runtime.after_commit(transaction)

    async def fresh(self, scope: str) -> Position | None:
        """Take a fresh copy where the service can, else go on from where the stream stands."""
        runtime = self.runtime
        answers: list[tuple[Any, Any]] = []
        position: Position | None = None
        for resync in runtime.definition.handlers.resyncs.get(self.source, []):
            answer = await runtime.bus.ask(resync.ask(scope))
            answers.append((resync, answer))
            # of several copies the oldest counts: events that one of them holds already are heard again, and say the whole new state
            if position is None or answer.position.seq < position.seq:
                position = answer.position
        if position is None:
            heads: Heads = await runtime.bus.ask(EventsHeads(scopes=[scope]), service=self.source)
            position = Position(epoch=heads.epoch, seq=heads.heads.get(scope, 0))
            log.warning("events missed for good", service=runtime.name, source=self.source, scope=scope, now_at=position.seq)
        transaction = await runtime.in_thread(True, listening.take_copy, runtime.dispatcher, self.source, scope, answers, position)
        runtime.after_commit(transaction)
        return position
