"""Holding what was acknowledged against what followers received and what the databases hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chalkbell.testing.history import entries
from chalkbell.testing.history.changes import Changes
from chalkbell.testing.history.faults import Fault, Kind, Report
from chalkbell.testing.history.following import Followers
from chalkbell.testing.history.record import History

Log = dict[str, list[entries.Recorded]]


def check(history: History) -> Report:
    """Compare, and report the counts and every fault found. Note first what the databases hold: see `History`."""
    notes = list(history.notes)
    changes = Changes(notes)
    log: Log = defaultdict(list)
    stands: dict[str, entries.Stands] = {}
    for note in notes:
        if isinstance(note, entries.Recorded):
            log[note.stream].append(note)
        elif isinstance(note, entries.Stands):
            stands[note.stream] = note
    followers = Followers(changes, log)
    for at, note in enumerate(notes):
        followers.take(at, note)
    faults = [
        *_strays(changes),
        *_unseen(changes, followers, stands),
        *_recorded(changes, log, stands),
        *_lost(changes, log, stands, followers),
        *_order(changes, log),
        *followers.faults(stands),
        *_places(notes, changes, log),
    ]
    return Report(
        attempted=len(changes),
        acknowledged=sum(bool(change.acknowledged) for change in changes.values()),
        refused=sum(change.refused for change in changes.values()),
        unknown=sum(not change.acknowledged and not change.refused for change in changes.values()),
        given_up=sum(change.given_up for change in changes.values()),
        followers=followers.count,
        deliveries=followers.deliveries,
        recorded=sum(len(events) for events in log.values()),
        faults=faults,
    )


def _strays(changes: Changes) -> Iterator[Fault]:
    for name in changes.strays:
        yield Fault(Kind.PHANTOM, "", "", f"{name} was answered, and nobody had asked for it")


def _unseen(changes: Changes, followers: Followers, stands: dict[str, entries.Stands]) -> Iterator[Fault]:
    """A stream that matters and whose end nobody noted cannot be judged: that must not look like success."""
    for stream in sorted({change.stream for change in changes.values()} | followers.streams):
        if stream not in stands:
            yield Fault(Kind.NOT_CONVERGED, stream, "", "what the database holds of it was not noted")


def _recorded(changes: Changes, log: Log, stands: dict[str, entries.Stands]) -> Iterator[Fault]:
    """The database's own stream: no hole, nothing twice, nothing that nobody asked for."""
    for stream in sorted({*log, *stands}):
        events = log.get(stream, [])
        seqs = Counter(event.seq for event in events)
        for seq, count in seqs.items():
            if count > 1:
                yield Fault(Kind.DOUBLED, stream, "", f"{count} events are number {seq}")
        if stand := stands.get(stream):
            kept = range(stand.kept_from, stand.seq + 1)
            for missing in kept:
                if missing not in seqs:
                    yield Fault(Kind.LOST, stream, "", f"there is no event {missing} of {stand.seq}")
            for beyond in sorted(set(seqs) - set(kept)):
                yield Fault(Kind.PHANTOM, stream, "", f"there is an event {beyond}, and the stream ends at {stand.seq}")
        names = Counter(event.change for event in events if event.change is not None)
        for name, count in names.items():
            if count > 1:
                yield Fault(Kind.DOUBLED, stream, "", f"{name} is recorded {count} times")
            if why := changes.wrong(name, stream):
                yield Fault(Kind.PHANTOM, stream, "", f"recorded, and {why}")


def _lost(changes: Changes, log: Log, stands: dict[str, entries.Stands], followers: Followers) -> Iterator[Fault]:
    there = {(stream, event.change) for stream, events in log.items() for event in events}
    for name, change in changes.items():
        stand = stands.get(change.stream)
        if not change.stands or stand is None or (change.stream, name) in there:
            continue
        if not followers.saw_before(name, stand):
            yield Fault(Kind.LOST, change.stream, "", f"{name} was acknowledged and is not recorded")


def _order(changes: Changes, log: Log) -> Iterator[Fault]:
    """What was acknowledged before another was asked for stands before it."""
    for stream, events in log.items():
        first_answered: int | None = None
        later = ""
        for event in sorted(events, key=lambda event: -event.seq):
            change = changes.get(event.change or "")
            if change is None:
                continue
            if first_answered is not None and change.attempted > first_answered:
                detail = f"{event.change} is recorded before {later}, which was acknowledged before anybody asked for it"
                yield Fault(Kind.OUT_OF_ORDER, stream, "", detail)
            if change.surely is not None and (first_answered is None or change.surely < first_answered):
                first_answered, later = change.surely, event.change or ""


def _places(notes: list[entries.Any], changes: Changes, log: Log) -> Iterator[Fault]:
    """Effects elsewhere: once for each change that is recorded or acknowledged, and for no other."""
    covered: dict[str, set[str]] = defaultdict(set)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for note in notes:
        if isinstance(note, entries.Covered):
            covered[note.place].add(note.stream)
        elif isinstance(note, entries.Found):
            found[note.place][note.change] += 1
    recorded = {event.change for events in log.values() for event in events}
    for place, streams in covered.items():
        for name, count in found[place].items():
            change = changes.get(name)
            stream = change.stream if change else ""
            if count > 1:
                yield Fault(Kind.DOUBLED, stream, place, f"{name} is there {count} times")
            if why := changes.wrong(name, stream):
                yield Fault(Kind.PHANTOM, stream, place, f"there, and {why}")
            elif change and name not in recorded and not change.acknowledged:
                yield Fault(Kind.PHANTOM, stream, place, f"{name} is there and is not recorded")
        for name, change in changes.items():
            if change.stream in streams and name not in found[place] and (change.stands or name in recorded):
                yield Fault(Kind.LOST, change.stream, place, f"{name} is not there")
