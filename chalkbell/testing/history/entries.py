"""What a history is made of: one struct for each thing that can be noted, in the order in which it was noted."""

from __future__ import annotations

import enum

import msgspec


class Outcome(enum.Enum):
    """How an attempt ended, as far as the one who made it knows."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    """Told that nothing was changed, and that nothing will be."""
    UNKNOWN = "unknown"
    """No answer came: it may have happened, may happen later, or never."""


class Note(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One thing noted."""


class Attempted(Note, frozen=True, kw_only=True):
    """Somebody begins to ask for a change. `change` is a name that the application can find again in what it stores and publishes."""

    change: str
    stream: str


class Answered(Note, frozen=True, kw_only=True):
    """How the attempt ended."""

    change: str
    outcome: Outcome


class Allowed(Note, frozen=True, kw_only=True):
    """From here on this person may read a stream."""

    person: str
    stream: str


class Forbidden(Note, frozen=True, kw_only=True):
    """From here on this person may no longer: noted when whoever took the right away was told that it is taken."""

    person: str
    stream: str


class Began(Note, frozen=True, kw_only=True):
    """A follower stands at `seq`, by a first read or a fresh snapshot, and expects what comes after it."""

    follower: str
    person: str
    stream: str
    epoch: str
    seq: int


class Received(Note, frozen=True, kw_only=True):
    """The application behind a follower was handed an event. `change` is None where nobody in this history asked for it."""

    follower: str
    stream: str
    epoch: str
    seq: int
    change: str | None
    content: str


class Ended(Note, frozen=True, kw_only=True):
    """A follower is gone for good: what it has counts, that it lacks the rest does not."""

    follower: str


class BackedUp(Note, frozen=True, kw_only=True):
    """A backup begins. Everything acknowledged by now is in it."""

    backup: str


class Restored(Note, frozen=True, kw_only=True):
    """A backup was put back: changes acknowledged since it began may be gone, rightly."""

    backup: str


class Recorded(Note, frozen=True, kw_only=True):
    """After quiet: what the database holds at this place of a stream."""

    stream: str
    epoch: str
    seq: int
    change: str | None
    content: str


class Stands(Note, frozen=True, kw_only=True):
    """After quiet: where a stream stands in the database, and from which number on its events are kept."""

    stream: str
    epoch: str
    seq: int
    kept_from: int


class Found(Note, frozen=True, kw_only=True):
    """After quiet: a change's effect seen somewhere else, once for each time it is there: a row of state, a letter."""

    place: str
    change: str


class Covered(Note, frozen=True, kw_only=True):
    """After quiet: a place of `Found` was searched through for the changes of this stream."""

    place: str
    stream: str


Any = (
    Attempted
    | Answered
    | Allowed
    | Forbidden
    | Began
    | Received
    | Ended
    | BackedUp
    | Restored
    | Recorded
    | Stands
    | Found
    | Covered
)
