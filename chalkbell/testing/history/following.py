"""What each follower was handed, event by event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chalkbell.testing.history import entries
from chalkbell.testing.history.changes import Changes
from chalkbell.testing.history.faults import Fault, Kind

LONGEST_GAP = 100_000
"""Of a longer gap only its ends are kept in mind."""


@dataclass
class _Followed:
    """Where a follower stands in one stream."""

    person: str
    epoch: str
    base: int
    """What the last snapshot was true at."""
    seq: int
    handed: dict[int, str | None] = field(default_factory=dict[int, "str | None"])
    changes: set[str] = field(default_factory=set[str])
    missing: set[int] = field(default_factory=set[int])


class Followers:
    """All followers. `take` each note in order, then ask for `faults`."""

    def __init__(self, changes: Changes, log: Mapping[str, list[entries.Recorded]]) -> None:
        self.deliveries = 0
        self._changes = changes
        self._faults: list[Fault] = []
        self._followed: dict[tuple[str, str], _Followed] = {}
        self._ended: set[str] = set()
        self._allowed: set[tuple[str, str]] = set()
        self._forbidden: dict[tuple[str, str], int] = {}
        self._guarded: set[str] = set()
        self._places: dict[tuple[str, str, int], tuple[str | None, str, str]] = {
            (event.stream, event.epoch, event.seq): (event.change, event.content, "the database")
            for events in log.values()
            for event in events
        }
        self._in_log = set(self._places)
        self._seen: dict[str, list[tuple[str, str, int]]] = {}

    @property
    def count(self) -> int:
        """How many followers there were."""
        return len({follower for follower, _ in self._followed})

    @property
    def streams(self) -> set[str]:
        """The streams that somebody followed."""
        return {stream for _, stream in self._followed}

    def take(self, at: int, note: entries.Any) -> None:
        """Look at the next note."""
        match note:
            case entries.Allowed(person=person, stream=stream):
                self._guarded.add(stream)
                self._allowed.add((person, stream))
                self._forbidden.pop((person, stream), None)
            case entries.Forbidden(person=person, stream=stream):
                self._guarded.add(stream)
                self._forbidden.setdefault((person, stream), at)
            case entries.Began():
                self._began(note)
            case entries.Received():
                self._received(note)
            case entries.Ended(follower=follower):
                self._ended.add(follower)
            case _:
                pass

    def saw_before(self, change: str, stand: entries.Stands) -> bool:
        """Whether somebody was handed a change whose event is no longer kept."""
        return any(
            (stream, epoch) == (stand.stream, stand.epoch) and seq < stand.kept_from
            for stream, epoch, seq in self._seen.get(change, ())
        )

    def faults(self, stands: Mapping[str, entries.Stands]) -> Iterator[Fault]:
        """What is wrong, now that all is quiet."""
        yield from self._faults
        for (follower, stream), followed in self._followed.items():
            for missing in _ranges(followed.missing):
                yield Fault(Kind.LOST, stream, follower, f"passed over {missing} of {followed.epoch}")
            stand = stands.get(stream)
            if stand is None:
                continue
            for seq in sorted(followed.handed):
                if followed.epoch == stand.epoch and seq >= stand.kept_from and (stream, stand.epoch, seq) not in self._in_log:
                    yield Fault(Kind.PHANTOM, stream, follower, f"was handed {seq}, which the database does not hold")
            if follower in self._ended or self._may_not(followed.person, stream):
                continue
            if (followed.epoch, followed.seq) != (stand.epoch, stand.seq):
                detail = f"is at {followed.seq} of {followed.epoch}, the database at {stand.seq} of {stand.epoch}"
                yield Fault(Kind.NOT_CONVERGED, stream, follower, detail)

    def _may_not(self, person: str, stream: str) -> bool:
        return stream in self._guarded and ((person, stream) not in self._allowed or (person, stream) in self._forbidden)

    def _fault(self, kind: Kind, note: entries.Received | entries.Began, detail: str) -> None:
        self._faults.append(Fault(kind, note.stream, note.follower, detail))

    def _began(self, note: entries.Began) -> None:
        before = self._followed.get((note.follower, note.stream))
        fresh = _Followed(note.person, note.epoch, note.seq, note.seq)
        if before and before.epoch == note.epoch:
            fresh.handed, fresh.changes = before.handed, before.changes
            fresh.missing = {seq for seq in before.missing if seq > note.seq}
            if note.seq < before.seq:
                self._fault(Kind.OUT_OF_ORDER, note, f"goes back from {before.seq} to a snapshot of {note.seq}")
        self._followed[note.follower, note.stream] = fresh

    def _received(self, note: entries.Received) -> None:
        self.deliveries += 1
        followed = self._followed.get((note.follower, note.stream))
        if followed is None:
            self._fault(Kind.OUT_OF_ORDER, note, f"is handed {note.seq} before it has begun")
            followed = self._followed[note.follower, note.stream] = _Followed("", note.epoch, note.seq - 1, note.seq - 1)
        if followed.epoch != note.epoch:
            self._fault(Kind.OUT_OF_ORDER, note, f"is handed {note.seq} of {note.epoch} without a fresh snapshot of that history")
            fresh = _Followed(followed.person, note.epoch, note.seq - 1, note.seq - 1)
            followed = self._followed[note.follower, note.stream] = fresh
        self._place(note)
        self._right(note, followed.person)
        self._number(note, followed)

    def _number(self, note: entries.Received, followed: _Followed) -> None:
        """Whether this is the next one."""
        if note.seq in followed.handed:
            self._fault(Kind.DOUBLED, note, f"is handed {note.seq} again")
            return
        if note.seq <= followed.base:
            self._fault(Kind.DOUBLED, note, f"is handed {note.seq}, which its snapshot of {followed.base} had")
            return
        followed.handed[note.seq] = note.change
        if note.change is not None:
            if note.change in followed.changes:
                self._fault(Kind.DOUBLED, note, f"is handed {note.change} a second time, as {note.seq}")
            followed.changes.add(note.change)
            self._seen.setdefault(note.change, []).append((note.stream, note.epoch, note.seq))
        if note.seq <= followed.seq:
            followed.missing.discard(note.seq)
            self._fault(Kind.OUT_OF_ORDER, note, f"is handed {note.seq} after {followed.seq}")
            return
        gap = range(followed.seq + 1, note.seq)
        followed.missing.update(gap if len(gap) <= LONGEST_GAP else (gap[0], gap[-1]))
        followed.seq = note.seq

    def _place(self, note: entries.Received) -> None:
        """Whether the event is one that there is, and the one that others see in this place."""
        if why := self._changes.wrong(note.change, note.stream):
            self._fault(Kind.PHANTOM, note, f"is handed {note.seq}, and {why}")
        place = (note.stream, note.epoch, note.seq)
        change, content, who = self._places.setdefault(place, (note.change, note.content, note.follower))
        if (change, content) != (note.change, note.content):
            what = f"{note.change} {note.content}".strip()
            self._fault(Kind.DIFFERENT, note, f"sees {what} at {note.seq}, and {who} {f'{change} {content}'.strip()}")

    def _right(self, note: entries.Received, person: str) -> None:
        if note.stream not in self._guarded:
            return
        if (person, note.stream) not in self._allowed:
            self._fault(Kind.WRONG_PERSON, note, f"{person} is handed {note.seq} and was never allowed to read it")
            return
        since = self._forbidden.get((person, note.stream))
        change = self._changes.get(note.change or "")
        if since is not None and change is not None and change.attempted > since:
            self._fault(Kind.WRONG_PERSON, note, f"{person} is handed {note.seq}, asked for after the right to read it was taken")


def _ranges(numbers: set[int]) -> Iterator[str]:
    first = last = None
    for number in sorted(numbers):
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None:
            yield f"{first}" if first == last else f"{first} to {last}"
        first = last = number
    if first is not None:
        yield f"{first}" if first == last else f"{first} to {last}"
