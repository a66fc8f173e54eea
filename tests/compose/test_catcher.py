"""The mail catcher keeps what it says it took."""

from __future__ import annotations

import email
import smtplib
from email.message import EmailMessage
from pathlib import Path

from twisted.internet import reactor

from chalkbell.testing.mail import Catcher, MailServer
from tests.routing import in_reactor


def send(port: int, message: EmailMessage, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.send_message(message, "bell@example.edu", recipients)


def test_what_was_taken_is_there(tmp_path: Path) -> None:
    """A file for each recipient, complete, when the sender hears that it was taken; numbers go on after a restart."""
    message = EmailMessage()
    message["Subject"] = "Grüße"
    message["Message-ID"] = "<1@example.edu>"
    message.set_content("First line\n.a dot\nümlaut\n")
    for turn in (0, 1):
        listening = in_reactor(lambda: reactor.listenTCP(0, MailServer(Catcher(tmp_path)), interface="127.0.0.1"))
        try:
            send(listening.getHost().port, message, "ada@example.edu", "ben@example.edu")
        finally:
            in_reactor(listening.stopListening)
        assert sorted(path.name for path in tmp_path.iterdir()) == [f"{n}.eml" for n in range(1, 2 * turn + 3)]
    kept = [email.message_from_bytes(path.read_bytes()) for path in sorted(tmp_path.iterdir())]
    assert [each["Delivered-To"] for each in kept] == ["ada@example.edu", "ben@example.edu"] * 2
    assert {each["Message-ID"] for each in kept} == {"<1@example.edu>"}
    body = kept[0].get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().splitlines() == ["First line", ".a dot", "ümlaut"]
