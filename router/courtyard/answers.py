"""Whose right to follow which scope was confirmed a moment ago. Pure: the clock is given.

A page that opens follows several topics of a scope one after another, and one question is enough for them. Only a yes is kept, by
person, for a few seconds at most; a no may become a yes at any moment, and costs the owner as much to say again as it is worth.
"""

from collections.abc import Callable
from typing import NamedTuple

#: Seconds for which a yes is believed.
LIFE = 5.0
#: Answers that are kept at most; the oldest goes first.
MOST = 10_000


class Asked(NamedTuple):
    """What was asked: whether `person`, in `role`, may read `scope` of `service`."""

    service: str
    scope: str
    person: str
    role: str


class Answers:
    """Answers of yes, each with the moment until which it is believed. `now` gives seconds on a clock that only goes forward."""

    def __init__(self, now: Callable[[], float], life: float = LIFE, most: int = MOST) -> None:
        self._now = now
        self._life = life
        self._most = most
        self._until: dict[Asked, float] = {}

    def __len__(self) -> int:
        return len(self._until)

    def remember(self, asked: Asked) -> None:
        """The answer was yes."""
        self._until.pop(asked, None)
        while len(self._until) >= self._most:
            del self._until[next(iter(self._until))]
        self._until[asked] = self._now() + self._life

    def believed(self, asked: Asked) -> bool:
        """Whether a yes to this is still believed."""
        until = self._until.get(asked)
        if until is None:
            return False
        if until <= self._now():
            del self._until[asked]
            return False
        return True

    def forget(self, service: str | None = None, scope: str | None = None, person: str | None = None) -> None:
        """Forget what was said of a service's scope, of a person, or of both; what is None may be anything."""
        gone = [
            asked
            for asked in self._until
            if service in (None, asked.service) and scope in (None, asked.scope) and person in (None, asked.person)
        ]
        for asked in gone:
            del self._until[asked]
