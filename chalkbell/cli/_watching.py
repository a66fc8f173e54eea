"""Following streams and printing what comes."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from twisted.internet.defer import Deferred

from chalkbell.bus import Bus
from chalkbell.cli import _out
from chalkbell.cli._campus import connect
from chalkbell.cli._who import Who, joined
from chalkbell.contracts import PREFIX, Envelope, NotFound, Position, Refusal
from chalkbell.contracts.shared import EventsHeads
from chalkbell.stream.follow import Follower, Following
from chalkbell.surroundings import Surroundings

SHOWN = 160
"""Characters of an event's data that are shown on a line."""


class Watching:
    """Prints events of services (a scope of one, or all that there is), each once and in order."""

    def __init__(self, services: list[str], scope: str, since: int | None, count: int, *, passing: bool, as_json: bool) -> None:
        self.services = services
        self.scope = scope
        self.since = since
        self.left = count
        self.limited = bool(count)
        self.passing = passing
        self.as_json = as_json
        self.console = Console(highlight=False, soft_wrap=True)
        self.ended: Deferred[None] = Deferred()

    async def run(self, reactor: Any, where: Surroundings, who: Who) -> None:
        """Until enough has come, or it is cancelled. Raises the refusal of who may not watch this."""
        address, credentials, leave = await joined(reactor, where, who)
        followers: list[Follower] = []

        async def on_join(bus: Bus) -> None:
            for service in self.services:
                if self.passing:
                    prefix = f"{PREFIX}{service}.v1.{self.scope}." if self.scope else f"{PREFIX}{service}.v1."
                    await bus.subscribe(prefix, self._passed, prefix=True)
            for follower in followers:
                await follower.joined()

        def on_leave() -> None:
            if followers and not self.ended.called:
                _out.say("The connection is lost: nothing is missed, it goes on when the campus is back.", style="yellow")
            for follower in followers:
                follower.left()

        try:
            first = await connect(reactor, address, credentials)
            try:
                starts = [await self._start(first, service) for service in self.services]
            finally:
                await first.stop()
            bus = Bus(reactor, address, credentials, on_join=on_join, on_leave=on_leave)
            for service, start in zip(self.services, starts, strict=True):
                scopes = [self.scope] if self.scope else None
                followers.append(Follower(bus, service, Following(self._came, start), scopes, refused=self._refused))
            try:
                await bus.start()
                await self.ended
            finally:
                for follower in followers:
                    follower.stop()
                await bus.stop()
        finally:
            await leave()

    async def _start(self, bus: Bus, service: str) -> dict[str, Position]:
        """Where to begin: after all that there is, or where `since` says."""
        heads = await bus.ask(EventsHeads(scopes=[self.scope] if self.scope else None), service=service)
        if self.scope and self.scope not in heads.heads and not await self._may(bus, service):
            raise NotFound(f"{service} has no stream {self.scope} that you may read.")
        if self.since is not None:
            return {self.scope: Position(epoch=heads.epoch, seq=self.since - 1)}
        named = heads.heads or ({self.scope: 0} if self.scope else {})
        return {scope: Position(epoch=heads.epoch, seq=seq) for scope, seq in named.items()}

    async def _may(self, bus: Bus, service: str) -> bool:
        from chalkbell.contracts.shared import EventsSince

        with contextlib.suppress(NotFound):
            await bus.ask(EventsSince(scope=self.scope), service=service)
            return True
        return False

    def _came(self, envelope: Envelope) -> None:
        if self.ended.called:
            return
        self._print(envelope)
        if self.limited:
            self.left -= 1
            if not self.left:
                self.ended.callback(None)

    def _passed(self, topic: str, payload: Any) -> None:
        with contextlib.suppress(msgspec.ValidationError):
            envelope = msgspec.convert(payload, Envelope)
            if envelope.seq == 0 and envelope.name != "head_announced":
                self._print(envelope)

    def _print(self, envelope: Envelope) -> None:
        try:
            if self.as_json:
                _out.data(envelope, indent=0)
                return
            content = msgspec.json.encode(
                {name: value for name, value in envelope.data.items() if value not in (None, "", [], {})}
            ).decode()
            shown = content if len(content) <= SHOWN else content[: SHOWN - 1] + "…"
            number = f"#{envelope.seq}" if envelope.seq else "passing"
            self.console.print(
                f"[dim]{envelope.at.astimezone():%H:%M:%S}[/] {envelope.service} [bold]{escape(envelope.scope)}[/] {number} "
                f"[cyan]{envelope.name}[/] by {escape(envelope.by)} [dim]{escape(shown)}[/]"
            )
            sys.stdout.flush()
        except BrokenPipeError:
            if not self.ended.called:
                self.ended.callback(None)

    def _refused(self, scope: str, refusal: Refusal) -> None:
        if not self.ended.called:
            self.ended.errback(refusal)
