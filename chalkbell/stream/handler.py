"""What becomes of followed events, and where one's position is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from chalkbell.contracts import Envelope, Position, TooOld


class FollowHandler(Protocol):
    """What becomes of the events."""

    async def positions(self) -> dict[str, Position]:
        """Where one stood last, by scope."""
        ...

    async def events(self, scope: str, events: Sequence[Envelope]) -> None:
        """Take the next events of a scope. Raising means: again later, from the same event."""
        ...

    async def fresh(self, scope: str) -> Position | None:
        """Take a fresh snapshot: the events are no longer kept or the history is another. Answers where it was true; None: from the start."""
        ...


class Following:
    """The handler of a program that keeps its position in memory: hands each event to a function, once and in order.

    `snapshot(scope)` is awaited when the history is another or too old, and answers the `Position` it was true at; without it one starts
    again where the stream stands (from the start of what is kept is not possible then).
    """

    def __init__(
        self,
        on_event: Callable[[Envelope], Awaitable[None] | None],
        start: dict[str, Position] | None = None,
        snapshot: Callable[[str], Awaitable[Position]] | None = None,
    ) -> None:
        self.on_event = on_event
        self.start = start or {}
        self.snapshot = snapshot
        self._given: dict[str, tuple[str, int]] = {}

    async def positions(self) -> dict[str, Position]:
        """Where to begin."""
        return self.start

    async def events(self, scope: str, events: Sequence[Envelope]) -> None:
        """Hand over one by one."""
        for envelope in events:
            epoch, seq = self._given.get(scope, ("", 0))
            if envelope.epoch == epoch and envelope.seq <= seq:
                continue  # handed over already, before one that failed
            result = self.on_event(envelope)
            if result is not None:
                await result
            self._given[scope] = (envelope.epoch, envelope.seq)

    async def fresh(self, scope: str) -> Position | None:
        """Take a fresh snapshot where the program has one."""
        if self.snapshot is None:
            raise TooOld(f"The events of {scope} are no longer kept. Take a fresh snapshot and follow from there.")
        return await self.snapshot(scope)
