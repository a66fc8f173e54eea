"""What becomes of a message: its name, what an answer of the mail server means, when it is tried again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from enum import StrEnum

from chalkbell.contracts.notifier import DeliveryState

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
JITTER = 0.2


def delivery_id(kind: str, epoch: str, about: str, person: str) -> str:
    """The id of the one message of this kind, about this, to this person. `epoch`: the history in which `about` is a name."""
    return hashlib.sha256(f"{kind}\n{epoch}\n{about}\n{person}".encode()).hexdigest()[:32]


def message_id(delivery: str, sender: str) -> str:
    """The Message-ID of a delivery, at the domain of the sender's address; the same however often it is sent."""
    domain = "".join(c for c in parseaddr(sender)[1].rpartition("@")[2] if c.isascii() and (c.isalnum() or c in "-."))
    return f"<{delivery}@{domain[:200] or 'localhost'}>"


def wait(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts (1 after the first): doubling, up to a limit, spread by `chance` in 0..1."""
    doubled = FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 20)
    return min(doubled, LONGEST_WAIT) * (1 - JITTER + 2 * JITTER * chance)


class Verdict(StrEnum):
    """How an attempt ended."""

    TAKEN = "taken"
    """The mail server took the message."""
    NOT_NOW = "not_now"
    """It did not; another time it may."""
    NEVER = "never"
    """It did not and will not."""
    UNKNOWN = "unknown"
    """It was given the whole message and we heard no answer."""
    NOT_WANTED = "not_wanted"
    """Not sent on purpose."""


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended, and what was said."""

    verdict: Verdict
    error: str = ""


def verdict_of(code: int) -> Verdict:
    """What an SMTP reply code means for the message."""
    if 200 <= code < 300:
        return Verdict.TAKEN
    return Verdict.NEVER if 500 <= code < 600 else Verdict.NOT_NOW


def state_after(verdict: Verdict, attempts: int, most: int) -> DeliveryState:
    """The state of a message after an attempt, of which there may be so many."""
    if verdict is Verdict.TAKEN:
        return DeliveryState.SENT
    if verdict is Verdict.NOT_WANTED:
        return DeliveryState.DROPPED
    if verdict is Verdict.NEVER or attempts >= most:
        # also what may have been taken: a server that hangs up on a message every time gets it no more
        return DeliveryState.DEAD
    return DeliveryState.UNKNOWN if verdict is Verdict.UNKNOWN else DeliveryState.FAILED


def notice_subject(module: str, kind: str, title: str, state: str) -> str:
    """The subject of the message about a sign-off."""
    what = f"{kind} ({title})" if title else kind
    return f"{module} {what}: {state}"[:250]
