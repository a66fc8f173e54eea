"""A mail server for tests, real on the wire, that can be told to misbehave."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 taken"


class Postbox:
    """Takes messages; `refuse` maps addresses to replies, `answers` holds the replies to the next messages' data.

    An answer of `drop` takes the message and breaks the connection instead of answering.
    """

    def __init__(self, **options: Any) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuse: dict[str, str] = {}
        self.refuse_sender = ""
        self.answers: list[str] = []
        self.connections = 0
        self.options = options
        self._controller: Controller | None = None
        self.port = 0

    @property
    def settings(self) -> dict[str, Any]:
        """What the notifier must be told to find it."""
        return {"smtp_host": "127.0.0.1", "smtp_port": self.port, "smtp_timeout": 10, "mails_per_minute": 0}

    def start(self) -> None:
        """Listen on a free port, or the one it had."""
        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port, **self.options)
        self._controller.start()
        self.port = self._controller.port
        self.connections -= 1  # its own knock

    def stop(self) -> None:
        """Listen no more."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def subjects(self) -> dict[str, list[str]]:
        """The subjects of what came, by recipient."""
        found: dict[str, list[str]] = {}
        for to, message in zip(self.recipients, self.messages, strict=True):
            found.setdefault(to, []).append(str(message["Subject"]))
        return found

    # what aiosmtpd asks

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer == TAKEN or answer == "drop":
            content = envelope.content
            assert isinstance(content, bytes)
            self.recipients += envelope.rcpt_tos
            self.messages.append(message_from_bytes(content, policy=SMTPUTF8))  # type: ignore[arg-type]
        if answer == "drop":
            transport = server.transport
            assert transport is not None
            transport.abort()
            await asyncio.sleep(0)
        return answer


class _Controller(Controller):
    """Binds any free port and counts connections."""

    def __init__(self, postbox: Postbox, **options: Any) -> None:
        self.postbox = postbox
        super().__init__(postbox, **options)

    def factory(self) -> SMTP:
        self.postbox.connections += 1
        return super().factory()

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
