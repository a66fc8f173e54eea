"""Following streams: every event once and in order, whatever is lost, doubled or late on the way.

Subscribe first, then ask where the streams stand, replay what is missing, drop what one has, repair gaps, and do it again after every
join. What to do with the events, and where one's position is kept, is the handler's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
import structlog
from twisted.internet.defer import Deferred

from chalkbell.contracts import PREFIX, Envelope, NotAllowed, NotFound, Position, Refusal, TooOld
from chalkbell.contracts.shared import Events, EventsHeads, EventsSince, Heads
from chalkbell.stream.handler import FollowHandler, Following

__all__ = ["FollowHandler", "Follower", "FollowerBus", "Following"]

log = structlog.get_logger()
BATCH = 500
PENDING_LIMIT = 2_000
RETRY_AFTER = (0.1, 0.3, 1.0, 3.0, 5.0)


class FollowerBus(Protocol):
    """The part of the bus that a follower needs."""

    reactor: Any

    @property
    def joined(self) -> bool: ...

    async def ask(self, request: Any, *, service: str | None = None, timeout: float = ..., correlation_id: str = "") -> Any: ...

    async def subscribe(self, topic: str, handler: Callable[[str, Any], None], *, prefix: bool = False) -> Any: ...


@dataclass
class _Stream:
    epoch: str | None = None
    seq: int = 0
    head: int = 0
    head_epoch: str | None = None
    pending: dict[int, Envelope] = field(default_factory=dict[int, Envelope])
    busy: bool = False
    failures: int = 0


class Follower:
    """Follows one service: the scopes named, or all of them (which only services may).

    With `gather` seconds the first of several events waits for those behind it, so that the handler gets them together.
    `joined()` is to be called after every join of the bus, `left()` after every loss. `on_caught_up` is called whenever
    nothing is known to be missing.
    """

    def __init__(
        self,
        bus: FollowerBus,
        service: str,
        handler: FollowHandler,
        scopes: Sequence[str] | None = None,
        *,
        refused: Callable[[str, Refusal], None] | None = None,
        gather: float = 0.0,
    ) -> None:
        self.bus = bus
        self.service = service
        self.handler = handler
        self.scopes = list(scopes) if scopes is not None else None
        self.refused = refused
        self.gather = gather
        self._streams: dict[str, _Stream] = {}
        self._generation = 0
        self._loaded = False
        self._stopped = False
        self._heads_known = False
        self._waiting: list[Deferred[None]] = []
        self.last_error = ""

    @property
    def caught_up(self) -> bool:
        """Whether nothing is known to be missing."""
        return self._heads_known and not any(
            stream.busy or stream.pending or stream.head > stream.seq for stream in self._streams.values()
        )

    def position(self, scope: str) -> Position | None:
        """Where one stands in a scope."""
        stream = self._streams.get(scope)
        return Position(epoch=stream.epoch, seq=stream.seq) if stream and stream.epoch else None

    def when_caught_up(self) -> Deferred[None]:
        """Fires when nothing is known to be missing."""
        waiting: Deferred[None] = Deferred()
        self._waiting.append(waiting)
        self._tell()
        return waiting

    async def joined(self) -> None:
        """Subscribe on the new session, then find out what was missed. Raises a `Refusal` where that is not allowed."""
        self._generation += 1
        generation = self._generation
        self._heads_known = False
        if not self._loaded:
            for scope, position in (await self.handler.positions()).items():
                self._streams[scope] = _Stream(position.epoch or None, position.seq)
            self._loaded = True
        prefixes = (
            [f"{PREFIX}{self.service}.v1."] if self.scopes is None else [f"{PREFIX}{self.service}.v1.{s}." for s in self.scopes]
        )
        for prefix in prefixes:
            await self.bus.subscribe(prefix, self._heard, prefix=True)
        for scope in self.scopes or ():
            self._streams.setdefault(scope, _Stream())
        Deferred.fromCoroutine(self._ask_heads(generation)).addErrback(self._lost)

    def left(self) -> None:
        """The session is lost: nothing more comes until the next `joined`."""
        self._generation += 1
        self._heads_known = False

    def stop(self) -> None:
        """Follow no more."""
        self._stopped = True
        self._generation += 1

    def _lost(self, failure: Any) -> None:
        self.last_error = str(failure.value)
        log.warning("follower", service=self.service, error=repr(failure.value))

    async def _pause(self, failures: int) -> None:
        await self._sleep(RETRY_AFTER[min(failures, len(RETRY_AFTER) - 1)])

    async def _sleep(self, seconds: float) -> None:
        waiting: Deferred[None] = Deferred()
        self.bus.reactor.callLater(seconds, waiting.callback, None)
        await waiting

    async def _ask_heads(self, generation: int) -> None:
        failures = 0
        while generation == self._generation:
            try:
                heads: Heads = await self.bus.ask(EventsHeads(scopes=self.scopes), service=self.service)
            except (NotAllowed, NotFound) as refused:
                self._refuse(self.scopes or [], refused)
                return
            except Refusal as refused:
                self.last_error = str(refused)
                await self._pause(failures)
                failures += 1
                continue
            if generation != self._generation:
                return
            self.last_error = ""
            for scope, seq in heads.heads.items():
                self._announced(scope, heads.epoch, seq)
            for scope, stream in self._streams.items():
                # a stream that is no longer there belongs to another history
                if stream.epoch not in (None, heads.epoch):
                    self._announced(scope, heads.epoch, heads.heads.get(scope, 0))
            self._heads_known = True
            self._tell()
            return

    def _heard(self, topic: str, payload: Any) -> None:
        if topic.endswith(".reading_ended"):
            self._refuse([topic.split(".")[3]], NotAllowed("You may no longer read this."))
            return
        try:
            envelope = msgspec.convert(payload, Envelope)
        except (msgspec.ValidationError, TypeError):
            return  # a service's own business on its prefix, such as a relay's wake-up
        if envelope.name == "head_announced":
            self._announced(envelope.scope, str(envelope.data.get("epoch", "")), int(envelope.data.get("seq", 0)))
            return
        if envelope.seq == 0:
            return
        stream = self._streams.setdefault(envelope.scope, _Stream())
        if stream.epoch == envelope.epoch and envelope.seq <= stream.seq:
            return
        if len(stream.pending) < PENDING_LIMIT:
            stream.pending[envelope.seq] = envelope
        self._announced(envelope.scope, envelope.epoch, envelope.seq)

    def _announced(self, scope: str, epoch: str, seq: int) -> None:
        stream = self._streams.setdefault(scope, _Stream())
        if stream.head_epoch != epoch:
            stream.head_epoch, stream.head = epoch, seq
            stream.pending = {s: e for s, e in stream.pending.items() if e.epoch == epoch}
        stream.head = max(stream.head, seq)
        if not stream.busy and not self._stopped and (stream.head > stream.seq or stream.epoch != epoch):
            stream.busy = True
            Deferred.fromCoroutine(self._advance(scope, stream)).addErrback(self._lost)

    async def _advance(self, scope: str, stream: _Stream) -> None:
        generation = self._generation
        try:
            if self.gather:
                await self._sleep(self.gather)
            while not self._stopped and (stream.head > stream.seq or (stream.epoch and stream.epoch != stream.head_epoch)):
                if generation != self._generation and not self._next_in_memory(stream):
                    break
                try:
                    await self._step(scope, stream)
                    stream.failures = 0
                    self.last_error = ""
                except (NotAllowed, NotFound, TooOld) as refused:
                    self._refuse([scope], refused)
                    return
                except Exception as error:
                    self.last_error = f"{scope}: {error}"
                    if stream.failures in (0, 4) or stream.failures % 20 == 0:
                        log.warning("follower", service=self.service, scope=scope, error=repr(error), failures=stream.failures)
                    await self._pause(stream.failures)
                    stream.failures += 1
        finally:
            stream.busy = False
            self._tell()
        if generation != self._generation and not self._stopped and stream.head > stream.seq and self.bus.joined:
            self._announced(scope, stream.head_epoch or "", stream.head)

    def _next_in_memory(self, stream: _Stream) -> bool:
        return stream.epoch == stream.head_epoch and stream.seq + 1 in stream.pending

    async def _step(self, scope: str, stream: _Stream) -> None:
        if stream.epoch is not None and stream.epoch != stream.head_epoch:
            await self._start_afresh(scope, stream)
            return
        batch: list[Envelope] = []
        if stream.epoch is not None or stream.seq == 0:
            while (envelope := stream.pending.get(stream.seq + len(batch) + 1)) and len(batch) < BATCH:
                batch.append(envelope)
        if not batch:
            try:
                found: Events = await self.bus.ask(
                    EventsSince(scope=scope, epoch=stream.epoch, seq=stream.seq, limit=BATCH), service=self.service
                )
            except TooOld:
                await self._start_afresh(scope, stream)
                return
            batch = list(found.events)
            stream.head_epoch = found.epoch
            if not batch:
                stream.head = stream.seq
                stream.epoch = found.epoch
                return
        await self.handler.events(scope, batch)
        self._moved(stream, batch[-1].epoch, batch[-1].seq)

    async def _start_afresh(self, scope: str, stream: _Stream) -> None:
        position = await self.handler.fresh(scope)
        if position is None:
            self._moved(stream, None, 0)
            stream.head = max(stream.head, 1)
            return
        stream.head_epoch = position.epoch
        stream.head = max(position.seq, *(stream.pending or {0: None}))
        self._moved(stream, position.epoch, position.seq)

    def _moved(self, stream: _Stream, epoch: str | None, seq: int) -> None:
        stream.epoch, stream.seq = epoch, seq
        stream.head = max(stream.head, seq)
        if stream.pending:
            stream.pending = {s: e for s, e in stream.pending.items() if s > seq}

    def _refuse(self, scopes: Sequence[str], refused: Refusal) -> None:
        for scope in scopes:
            self._streams.pop(scope, None)
            if self.refused:
                self.refused(scope, refused)

    def _tell(self) -> None:
        if self.caught_up:
            waiting, self._waiting = self._waiting, []
            for deferred in waiting:
                deferred.callback(None)
