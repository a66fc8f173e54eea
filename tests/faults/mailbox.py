"""A mail server that keeps what it accepts."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """A real SMTP server on a port of its own."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Message]] = []
        self._changed = threading.Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=0)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Accept."""
        with self._changed:
            for recipient in envelope.rcpt_tos:
                self.messages.append((recipient, message_from_bytes(envelope.content)))
            self._changed.notify_all()
        return "250 OK"

    def start(self) -> None:
        """Listen."""
        self._controller.port = _free_port()
        self._controller.start()

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    @property
    def settings(self) -> dict[str, str]:
        """The environment that makes the notifier send here."""
        return {
            "CHALKBELL_NOTIFIER_MAIL": "smtp",
            "CHALKBELL_NOTIFIER_SMTP_HOST": "127.0.0.1",
            "CHALKBELL_NOTIFIER_SMTP_PORT": str(self._controller.port),
            "CHALKBELL_NOTIFIER_MAILS_PER_MINUTE": "0",
            "CHALKBELL_NOTIFIER_LEASE_SECONDS": "3",
            "CHALKBELL_NOTIFIER_SMTP_TIMEOUT": "2",
        }

    @property
    def ids(self) -> Counter[str]:
        """How often each message, by its Message-ID, was accepted."""
        return Counter(str(message["Message-ID"]) for _, message in self.messages)

    def wait(self, count: int, patience: float = 60.0, more: Callable[[], str] = lambda: "") -> None:
        """Wait until so many different messages were accepted."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.ids) >= count, patience), (
                f"{len(self.ids)} of {count} messages\n{more()}"
            )


def _free_port() -> int:
    from tests.routing import free_port

    return free_port()
