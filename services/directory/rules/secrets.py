"""What secrets look like, and what makes a password too easy to guess."""

from __future__ import annotations

import hashlib
import unicodedata

from chalkbell.contracts.directory import Person

SESSION, TICKET, TOKEN = "cs_", "ct_", "cb_"
"""What secrets begin with, so that people and scanners of published code know one when they see it."""

SHORTEST_PASSWORD = 10


def digest(secret: str) -> str:
    """What is kept of a secret that was made by us: such are too long to be guessed, so one round is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def normal(password: str) -> str:
    """A password as it is compared: the same signs are the same, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)


def is_weak(password: str, person: Person) -> bool:
    """Whether a password is too short, has hardly any different signs, or is what others know of this person."""
    known = normal(password).casefold()
    if len(known) < SHORTEST_PASSWORD or len(set(known)) < 5:
        return True
    words = {
        person.id,
        person.email,
        person.email.partition("@")[0],
        person.name,
        person.name.replace(" ", ""),
        "chalkbell",
        "password",
    }
    bare = known.strip("0123456789!?.-_ ")
    return any(bare == word.casefold() for word in words) or known in {"1234567890", "qwertyuiop", "0123456789", "abcdefghij"}
