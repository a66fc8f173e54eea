"""Telling a service which sessions there are and which have ended."""

from __future__ import annotations

from typing import Any

from chalkbell import endings
from chalkbell.background import background
from chalkbell.hearing import Hearer
from chalkbell.stream import listening

LOOK_AGAIN = 8.0
"""Seconds after joining that the sessions are looked at once more: those that were just beginning when a service came back, and ended
meanwhile, can only be told from the list by then."""


class Sessions:
    """What a service's `session_ended` and `sessions_seen` are told."""

    def __init__(self, service: Hearer) -> None:
        self.service = service
        self._again: Any = None

    async def joined(self) -> None:
        """After every join: listen for sessions that end, and find out who is there."""
        handlers = self.service.definition.handlers
        if handlers.sessions_ended:
            await self.service.bus.subscribe("wamp.session.on_leave", self._ended)
        if handlers.sessions_seen:
            await self._look()
            self.stop()
            self._again = self.service.reactor.callLater(LOOK_AGAIN, self._look_again)

    def stop(self) -> None:
        """Look no more."""
        if self._again is not None and self._again.active():
            self._again.cancel()

    async def _look(self) -> None:
        sessions = await endings.live_sessions(self.service)
        await self._tell(self.service.definition.handlers.sessions_seen, sessions)

    def _look_again(self) -> None:
        if self.service.bus.joined:
            background(self._look(), "looking at the sessions", service=self.service.name)

    def _ended(self, topic: str, session: Any) -> None:
        if isinstance(session, int):
            background(
                self._tell(self.service.definition.handlers.sessions_ended, session), "a session ended", service=self.service.name
            )

    async def _tell(self, functions: list[Any], what: Any) -> None:
        transaction = await self.service.in_thread(True, listening.tell, self.service.dispatcher, functions, what)
        if transaction is not None:
            self.service.after_commit(transaction)
