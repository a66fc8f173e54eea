"""From a letter to the message that travels."""

from __future__ import annotations

import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr

from services.notifier.jobs.letters import Letter


class CannotBeSent(Exception):
    """No message can be made of this letter. Says why."""


def message(letter: Letter, sender: str) -> EmailMessage:
    """The message to one recipient. Nothing in a name or subject becomes a header of its own."""
    made = EmailMessage(policy=SMTP if letter.address.isascii() else SMTPUTF8)
    try:
        made["From"] = _address(*parseaddr(sender))
        made["To"] = _address(letter.name, letter.address)
        made["Subject"] = one_line(letter.subject)
        made["Date"] = format_datetime(letter.decided)
        made["Message-ID"] = letter.message_id
        made["Auto-Submitted"] = "auto-generated"
        made["List-Unsubscribe"] = f"<{one_line(letter.unsubscribe)}>"
        if letter.urgent:
            made["Importance"] = "high"
        made.set_content(letter.text, cte="quoted-printable")
        made.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    except (ValueError, IndexError, UnicodeError) as error:
        raise CannotBeSent(f"No message can be made for this address: {error}") from error
    return made


def one_line(words: str) -> str:
    """The words without line breaks, other controls and invisible marks of direction, which could make one header look like two."""
    return " ".join("".join(" " if unicodedata.category(c) in _UNWANTED else c for c in words).split())


_UNWANTED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _address(name: str, address: str) -> Address:
    user, _, domain = one_line(address).rpartition("@")
    return Address(one_line(name), user, domain)
