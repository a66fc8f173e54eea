"""From the record to the router: every recorded event is published, in the order of its stream, at least once.

A wake-up after the commit makes it prompt, a poll makes it sure. What was committed by this process is published straight from
memory when it is next in order; all else is read from the table. `published` is marked a little later and in bulk: a crash in between
publishes again, and followers drop what they have.
"""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import msgspec
from sqlalchemy import select
from twisted.internet.defer import Deferred, DeferredList

from chalkbell.background import background
from chalkbell.contracts import PREFIX, Envelope
from chalkbell.database import Database
from chalkbell.store import SHARDS
from chalkbell.stream import tables
from chalkbell.stream.lease import Leases, guarded
from chalkbell.stream.replay import envelope_of

BATCH = 500
MARK_AFTER = 0.5
ANNOUNCE_AFTER = (5.0, 60.0)


class Publisher(Protocol):
    """The part of the bus that a relay needs."""

    @property
    def joined(self) -> bool: ...

    def publish(self, topic: str, event: Any) -> Deferred[Any]: ...

    def publish_passing(self, topic: str, event: Any) -> None: ...


def lease_name(shard: int) -> str:
    """The lease of a shard's relay."""
    return f"relay-{shard}"


def shard_of(scope: str) -> int:
    """The shard that a scope's stream belongs to."""
    return zlib.crc32(scope.encode()) % SHARDS


RELAY_LEASES = [lease_name(shard) for shard in range(SHARDS)]


class Relay:
    """The relay of one process of a service: active for the shards whose lease it holds.

    `in_thread(write, function, *arguments)` runs a function in a database thread and answers a Deferred.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        leases: Leases,
        bus: Publisher,
        reactor: Any,
        in_thread: Callable[..., Awaitable[Any]],
        published: Callable[[int], None] = lambda count: None,
    ) -> None:
        self.service = service
        self.database = database
        self.leases = leases
        self.bus = bus
        self.reactor = reactor
        self.in_thread = in_thread
        self._count = published
        self._done: dict[str, int] = {}
        """The last event of each scope that the router has from us, while our lease lasts."""
        self._fence_of: dict[str, int] = {}
        self._waiting: dict[str, dict[int, Envelope]] = {}
        self._publishing: set[str] = set()
        self._look_again: set[str] = set()
        self._unmarked: dict[str, int] = {}
        self._marking = False
        self._sweeping = False
        self._sweep_again = False
        self._announcements: dict[str, list[Any]] = {}
        self.epoch = ""

    # offered by this process

    def offer(self, envelopes: Sequence[Envelope]) -> None:
        """Take events that this process has just committed. Another process's relay is woken for those that are not ours."""
        elsewhere = False
        for envelope in envelopes:
            scope = envelope.scope
            fence = self.leases.fence(lease_name(shard_of(scope)))
            if fence is None:
                elsewhere = True
                continue
            self.epoch = envelope.epoch
            if self._fence_of.get(scope) != fence or scope not in self._done:
                self.wake()
                continue
            if envelope.seq > self._done[scope]:
                self._waiting.setdefault(scope, {})[envelope.seq] = envelope
                self._push(scope, fence)
        if elsewhere and self.bus.joined:
            self.bus.publish_passing(f"{PREFIX}{self.service}.v1.relay.woken", {})

    def _push(self, scope: str, fence: int) -> None:
        """Publish what is next in order from memory."""
        waiting = self._waiting.get(scope)
        if not waiting or scope in self._publishing or not self.bus.joined:
            return
        batch: list[Envelope] = []
        seq = self._done[scope] + 1
        while seq in waiting and len(batch) < BATCH:
            batch.append(waiting.pop(seq))
            seq += 1
        if not waiting:
            del self._waiting[scope]
        if not batch:
            self.wake()  # an event before it was committed by another process, or is still on its way here
            return
        self._publish(scope, fence, batch)

    def _publish(self, scope: str, fence: int, batch: list[Envelope]) -> Deferred[None]:
        self._publishing.add(scope)
        self._done[scope] = batch[-1].seq
        sending = [self.bus.publish(envelope.topic, msgspec.to_builtins(envelope)) for envelope in batch]

        def sent(results: Any) -> None:
            self._publishing.discard(scope)
            if scope in self._look_again:
                self._look_again.discard(scope)
                self.reactor.callLater(0, self.wake)
            if all(success for success, _ in results):
                self._count(len(batch))
                self._unmarked[scope] = max(self._unmarked.get(scope, 0), batch[-1].seq)
                self._mark_soon()
                self._announce_later(scope, batch[-1])
                self._push(scope, fence)
            else:
                # the router did not take all: read again from the last mark
                self._forget(scope)
                self.reactor.callLater(0.2, self.wake)

        return DeferredList(sending, consumeErrors=True).addCallback(sent)  # type: ignore[return-value]

    def _forget(self, scope: str) -> None:
        self._done.pop(scope, None)
        self._waiting.pop(scope, None)
        self._unmarked.pop(scope, None)

    # read from the table

    def wake(self) -> None:
        """Look into the table for what is unpublished, as soon as possible."""
        if self._sweeping:
            self._sweep_again = True
            return
        if not self.bus.joined:
            return
        self._sweeping = True
        background(self._sweep(), "relay", service=self.service).addBoth(self._swept)

    def _swept(self, _: Any) -> None:
        self._sweeping = False
        if self._sweep_again:
            self._sweep_again = False
            self.wake()

    async def _sweep(self) -> None:
        fences = {shard: fence for shard in range(SHARDS) if (fence := self.leases.fence(lease_name(shard))) is not None}
        if not fences:
            return
        while True:
            found = await self.in_thread(False, self._unpublished, list(fences))
            if not found:
                return
            progressed = False
            for scope, events in found:
                fence = fences[shard_of(scope)]
                if self._fence_of.get(scope) != fence:
                    self._forget(scope)
                    self._fence_of[scope] = fence
                if scope in self._publishing:
                    self._look_again.add(scope)
                    continue
                done = self._done.get(scope, 0)
                batch = [envelope for envelope in events if envelope.seq > done]
                if not batch and done:
                    self._unmarked[scope] = done
                    self._mark_soon()
                if batch:
                    progressed = True
                    self.epoch = batch[0].epoch
                    await self._publish(scope, fence, batch)
            if not progressed or not self.bus.joined:
                return

    def _unpublished(self, shards: list[int]) -> list[tuple[str, list[Envelope]]]:
        stream, event = tables.stream, tables.event
        found: list[tuple[str, list[Envelope]]] = []
        with self.database.transaction(write=False) as connection:
            epoch = self.database.epoch(connection)
            waiting = connection.execute(
                select(stream.c.scope, stream.c.published)
                .where(stream.c.published < stream.c.seq, stream.c.shard.in_(shards))
                .limit(200)
            ).all()
            for scope, published in waiting:
                after = max(published, self._done.get(scope, 0))
                rows = connection.execute(
                    select(event).where(event.c.scope == scope, event.c.seq > after).order_by(event.c.seq).limit(BATCH)
                ).mappings()
                found.append((scope, [envelope_of(self.service, epoch, row) for row in rows]))
        return found

    # marked in bulk

    def _mark_soon(self) -> None:
        if not self._marking:
            self._marking = True
            self.reactor.callLater(MARK_AFTER, self._start_marking)

    def _start_marking(self) -> None:
        background(self.mark(), "relay marks", service=self.service)

    async def mark(self) -> None:
        """Write down what the router has."""
        self._marking = False
        marks, self._unmarked = self._unmarked, {}
        if marks:
            try:
                fences = {scope: self._fence_of.get(scope, -1) for scope in marks}
                left = await self.in_thread(True, self._write_marks, marks, fences)
            except BaseException:
                self._unmarked = marks | self._unmarked
                raise
            if left:
                self._unmarked = left | self._unmarked
                self._mark_soon()

    def _write_marks(self, marks: dict[str, int], fences: dict[str, int]) -> dict[str, int]:
        """Mark the streams that nobody is recording to at this moment; answers the others, for later.

        Who records to several streams locks them in whatever order they come: who waited for one here, holding others, would be
        in their way and they in ours.
        """
        table = tables.stream
        with self.database.transaction(write=True) as connection:
            free = set(
                connection.execute(
                    select(table.c.scope).where(table.c.scope.in_(marks)).with_for_update(skip_locked=True)
                ).scalars()
            )
            for scope in sorted(free):
                seq = marks[scope]
                connection.execute(
                    table.update()
                    .where(table.c.scope == scope, table.c.published < seq, guarded(lease_name(shard_of(scope)), fences[scope]))  # type: ignore[arg-type]
                    .values(published=seq)
                )
        return {scope: seq for scope, seq in marks.items() if scope not in free}

    # heads announced again

    def _announce_later(self, scope: str, last: Envelope) -> None:
        for call in self._announcements.pop(scope, ()):
            if call.active():
                call.cancel()
        self._announcements[scope] = [self.reactor.callLater(delay, self._announce, scope, last) for delay in ANNOUNCE_AFTER]

    def _announce(self, scope: str, last: Envelope) -> None:
        if not any(call.active() for call in self._announcements.get(scope, ())):
            self._announcements.pop(scope, None)
        head = Envelope(
            service=self.service,
            scope=scope,
            name="head_announced",
            epoch=last.epoch,
            seq=0,
            at=last.at,
            by=f"service.{self.service}",
            data={"epoch": last.epoch, "seq": last.seq},
        )
        self.bus.publish_passing(head.topic, msgspec.to_builtins(head))

    def stop(self) -> None:
        """Announce no more."""
        for calls in self._announcements.values():
            for call in calls:
                if call.active():
                    call.cancel()
        self._announcements.clear()
