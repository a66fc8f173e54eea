"""Noting what was asked, answered and received, from any number of threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

import msgspec

from chalkbell.testing.history import entries
from chalkbell.testing.history.entries import Outcome


class History:
    """Everything that was noted, in one order. No clock is needed: what was noted earlier happened earlier.

    For each change, note `attempt` before it is sent and one of `acknowledged`, `refused` and `unknown` after; sent again under
    the same name it is the same change. When all has gone quiet, note with `recorded`, `stands` and `found` what the databases hold,
    and let `check` compare.
    """

    def __init__(self, notes: Iterable[entries.Any] = ()) -> None:
        self.notes: list[entries.Any] = list(notes)
        self._lock = threading.Lock()

    def note(self, note: entries.Any) -> None:
        """Note one thing. Thread-safe, as all here is."""
        with self._lock:
            self.notes.append(note)

    # what was asked

    def attempt(self, change: str, stream: str) -> None:
        """Somebody is about to ask for a change in a stream."""
        self.note(entries.Attempted(change=change, stream=stream))

    def acknowledged(self, change: str) -> None:
        """The answer says that it is done."""
        self.note(entries.Answered(change=change, outcome=Outcome.ACKNOWLEDGED))

    def refused(self, change: str) -> None:
        """The answer says that it was not done and will not be."""
        self.note(entries.Answered(change=change, outcome=Outcome.REFUSED))

    def unknown(self, change: str) -> None:
        """No answer came, and nobody will ask again."""
        self.note(entries.Answered(change=change, outcome=Outcome.UNKNOWN))

    # who may see what

    def allowed(self, person: str, stream: str) -> None:
        """From now on this person may read the stream: note it before the right is given."""
        self.note(entries.Allowed(person=person, stream=stream))

    def forbidden(self, person: str, stream: str) -> None:
        """From now on this person may not: note it after the right was taken. Changes attempted later are none of theirs."""
        self.note(entries.Forbidden(person=person, stream=stream))

    # what followers were given

    def began(self, follower: str, person: str, stream: str, epoch: str, seq: int) -> None:
        """A follower of this person's has a first or a fresh snapshot of a stream, true at `seq`. 0: from the start."""
        self.note(entries.Began(follower=follower, person=person, stream=stream, epoch=epoch, seq=seq))

    def received(self, follower: str, stream: str, epoch: str, seq: int, change: str | None = None, content: str = "") -> None:
        """A follower's application was handed an event. `content` is anything that must be the same wherever the event is seen."""
        self.note(entries.Received(follower=follower, stream=stream, epoch=epoch, seq=seq, change=change, content=content))

    def ended(self, follower: str) -> None:
        """A follower is gone for good."""
        self.note(entries.Ended(follower=follower))

    # what was done to the whole

    def backed_up(self, backup: str) -> None:
        """A backup is about to be made."""
        self.note(entries.BackedUp(backup=backup))

    def restored(self, backup: str) -> None:
        """A backup was put back."""
        self.note(entries.Restored(backup=backup))

    # what there is, after quiet

    def recorded(self, stream: str, epoch: str, seq: int, change: str | None = None, content: str = "") -> None:
        """The database holds this event."""
        self.note(entries.Recorded(stream=stream, epoch=epoch, seq=seq, change=change, content=content))

    def stands(self, stream: str, epoch: str, seq: int, kept_from: int = 1) -> None:
        """The database's stream ends at `seq`; events from `kept_from` on are kept."""
        self.note(entries.Stands(stream=stream, epoch=epoch, seq=seq, kept_from=kept_from))

    def found(self, place: str, streams: Iterable[str], changes: Iterable[str]) -> None:
        """Somewhere else these changes of these streams are there, each as often as it is named, and no others."""
        for stream in streams:
            self.note(entries.Covered(place=place, stream=stream))
        for change in changes:
            self.note(entries.Found(place=place, change=change))

    # kept for later

    def write(self, path: Path) -> None:
        """Write all notes, one JSON object a line."""
        encoder = msgspec.json.Encoder()
        with self._lock, path.open("wb") as file:
            file.writelines(encoder.encode(note) + b"\n" for note in self.notes)

    @classmethod
    def read(cls, path: Path) -> History:
        """Read what `write` wrote."""
        decoder = msgspec.json.Decoder(entries.Any)
        with path.open("rb") as file:
            return cls(decoder.decode(line) for line in file)
