"""Speaking to a mail server: one connection for many messages, and what is known of each when it breaks."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from services.notifier.jobs.letters import Letter
from services.notifier.rules.deliveries import Outcome, Verdict, verdict_of


class ServerDown(Exception):
    """The mail server cannot be spoken to at the moment. Says why; nothing was sent."""


class SmtpPost:
    """A mail server, connected to when there is something to send."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        self.sender = parseaddr(settings.sender)[1]
        self._server: smtplib.SMTP | None = None

    def ready(self) -> None:
        """Connect, make the connection private and sign in, unless that is so already."""
        if self._server is not None:
            return
        try:
            self._server = self._connect()
        except (OSError, smtplib.SMTPException, ssl.SSLError, ValueError) as error:
            raise ServerDown(f"{self.settings.smtp_host}:{self.settings.smtp_port}: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        timeout = settings.smtp_timeout
        if settings.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.smtp_host, settings.smtp_port, timeout=timeout, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=timeout)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            server.close()
            raise
        return server

    def send(self, letter: Letter, message: EmailMessage) -> Outcome:
        """Hand over one message. Only from its last byte to the server's answer can it be unknown whether it was taken."""
        server = self._server
        assert server is not None, "ready() comes first"
        handed_over = False
        try:
            refused = self._address(server, letter.address)
            if refused is None:
                code, words = server.docmd("data")
                if code == 354:
                    server.send(_dotted(message))
                    handed_over = True
                    code, words = server.getreply()
                refused = Outcome(verdict_of(code), _words(code, words))
            if refused.verdict is Verdict.TAKEN:
                return Outcome(Verdict.TAKEN)
            if refused.error.startswith("421"):
                self.close()
            else:
                server.rset()
            return refused
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if handed_over:
                return Outcome(Verdict.UNKNOWN, f"The connection broke before the mail server's answer: {error}")
            return Outcome(Verdict.NOT_NOW, f"The connection broke: {error}")

    def _address(self, server: smtplib.SMTP, address: str) -> Outcome | None:
        """Say from whom and to whom; how that was refused, or None."""
        options = ["SMTPUTF8", "BODY=8BITMIME"] if not address.isascii() else []
        if options and not server.has_extn("smtputf8"):
            return Outcome(Verdict.NEVER, "The mail server takes no addresses with letters beyond ASCII.")
        code, words = server.mail(self.sender, options)
        if code != 250:
            # it is us whom the server does not like: that can be mended, and then the message is still good
            return Outcome(Verdict.NOT_NOW, _words(code, words))
        code, words = server.rcpt(address)
        return None if code in (250, 251) else Outcome(verdict_of(code), _words(code, words))

    def close(self) -> None:
        """Say goodbye, if there is still somebody to say it to."""
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _dotted(message: EmailMessage) -> bytes:
    """The message's lines, ended as the protocol wants, dots doubled, and the dot that ends it all."""
    lines = message.as_bytes().splitlines()
    return b"".join(b"." + line + b"\r\n" if line.startswith(b".") else line + b"\r\n" for line in lines) + b".\r\n"


def _words(code: int, words: bytes) -> str:
    return f"{code} {words.decode(errors='replace')}"
