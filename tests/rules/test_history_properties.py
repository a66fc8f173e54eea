"""A small world that keeps its promises never has a fault; whatever single thing is then spoilt is found."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import assume, given
from hypothesis import strategies as st

from chalkbell.testing.history import History, Kind, check, entries

STREAMS = ("red", "blue")


@dataclass
class World:
    """A database with streams, clients, followers who miss and catch up, backups: everything as promised."""

    chance: random.Random
    history: History = field(default_factory=History)
    log: dict[str, list[str | None]] = field(default_factory=lambda: {stream: [] for stream in STREAMS})
    at: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    open: list[str] = field(default_factory=list[str])
    epoch: int = 1
    made: int = 0
    backup: dict[str, list[str | None]] | None = None

    def follow(self) -> None:
        follower, stream = f"follower {self.chance.randrange(3)}", self.chance.choice(STREAMS)
        if (follower, stream) not in self.at:
            start = self.chance.randint(0, len(self.log[stream]))
            self.history.allowed(follower, stream)
            self.history.began(follower, follower, stream, f"e{self.epoch}", start)
            self.at[follower, stream] = start

    def ask(self) -> None:
        self.made += 1
        change, stream = f"change {self.made}", self.chance.choice(STREAMS)
        self.history.attempt(change, stream)
        fate = self.chance.random()
        if fate < 0.15:
            self.history.refused(change)
            return
        if fate < 0.3:
            self.history.attempt(change, stream)  # asked again under the same name
        if fate < 0.9:
            self.log[stream].append(change)
        if self.chance.random() < 0.2:
            self.log[stream].append(None)  # what somebody else did
        if fate < 0.75:
            self.history.acknowledged(change)
        else:
            self.history.unknown(change)

    def hear(self) -> None:
        if self.at:
            (follower, stream) = self.chance.choice(sorted(self.at))
            self._hear(follower, stream, self.chance.randint(self.at[follower, stream], len(self.log[stream])))

    def _hear(self, follower: str, stream: str, until: int) -> None:
        for seq in range(self.at[follower, stream] + 1, until + 1):
            change = self.log[stream][seq - 1]
            self.history.received(follower, stream, f"e{self.epoch}", seq, change, f"{change} in {stream}")
        self.at[follower, stream] = until

    def jump(self) -> None:
        if self.at:
            (follower, stream) = self.chance.choice(sorted(self.at))
            seq = self.chance.randint(self.at[follower, stream], len(self.log[stream]))
            self.history.began(follower, follower, stream, f"e{self.epoch}", seq)
            self.at[follower, stream] = seq

    def back_up(self) -> None:
        self.history.backed_up("backup")
        self.backup = {stream: list(events) for stream, events in self.log.items()}

    def restore(self) -> None:
        if self.backup is not None:
            self.log = {stream: list(events) for stream, events in self.backup.items()}
            self.history.restored("backup")
            self.epoch += 1
            self.backup = None
            for follower, stream in self.at:
                self.at[follower, stream] = self.chance.randint(0, len(self.log[stream]))
                self.history.began(follower, follower, stream, f"e{self.epoch}", self.at[follower, stream])

    def settle(self) -> History:
        for follower, stream in sorted(self.at):
            self._hear(follower, stream, len(self.log[stream]))
        for stream, events in self.log.items():
            for seq, change in enumerate(events, 1):
                self.history.recorded(stream, f"e{self.epoch}", seq, change, f"{change} in {stream}")
            self.history.stands(stream, f"e{self.epoch}", len(events))
        self.history.found("state", STREAMS, [change for events in self.log.values() for change in events if change])
        return self.history


@st.composite
def worlds(draw: st.DrawFn, backups: bool = True, least: int = 30) -> History:
    world = World(random.Random(draw(st.integers(0, 2**32))))
    deeds = [World.follow, World.ask, World.ask, World.hear, World.hear, World.jump]
    deeds += [World.back_up, World.restore] if backups else []
    for deed in draw(st.lists(st.sampled_from(deeds), min_size=least, max_size=60)):
        deed(world)
    return world.settle()


@given(worlds(least=0))
def test_a_world_that_keeps_its_promises_has_no_fault(history: History) -> None:
    assert [str(fault) for fault in check(history).faults] == []


def spoil(history: History, at: int, *instead: entries.Any) -> set[Kind]:
    """The kinds of fault after one note was replaced by others."""
    return {fault.kind for fault in check(History([*history.notes[:at], *instead, *history.notes[at + 1 :]])).faults}


def places(history: History, kind: type[entries.Note]) -> list[int]:
    found = [at for at, note in enumerate(history.notes) if isinstance(note, kind)]
    assume(found)
    return found


@given(worlds(backups=False), st.randoms())
def test_any_delivery_left_out_is_found(history: History, chance: random.Random) -> None:
    at = chance.choice(places(history, entries.Received))
    note = history.notes[at]
    # a later snapshot of the same follower would rightly cover it
    assume(not any(isinstance(n, entries.Began) and n.follower == note.follower for n in history.notes[at:]))  # type: ignore[union-attr]
    assert spoil(history, at) & {Kind.LOST, Kind.NOT_CONVERGED}


@given(worlds(), st.randoms())
def test_any_delivery_made_twice_is_found(history: History, chance: random.Random) -> None:
    at = chance.choice(places(history, entries.Received))
    assert Kind.DOUBLED in spoil(history, at, history.notes[at], history.notes[at])


def _same_reader(one: entries.Any, two: entries.Any) -> bool:
    return (
        isinstance(one, entries.Received)
        and isinstance(two, entries.Received)
        and (one.follower, one.stream) == (two.follower, two.stream)
    )


@given(worlds(), st.randoms())
def test_any_two_deliveries_exchanged_are_found(history: History, chance: random.Random) -> None:
    beside = [at for at in places(history, entries.Received) if _same_reader(*history.notes[at : at + 2])]
    assume(beside)
    at = chance.choice(beside)
    notes = list(history.notes)
    notes[at : at + 2] = [notes[at + 1], notes[at]]
    assert Kind.OUT_OF_ORDER in {fault.kind for fault in check(History(notes)).faults}


@given(worlds(), st.randoms())
def test_any_delivery_to_a_stranger_is_found(history: History, chance: random.Random) -> None:
    at = chance.choice(places(history, entries.Received))
    note = history.notes[at]
    assert isinstance(note, entries.Received)
    stranger = "a stranger's page"
    began = entries.Began(follower=stranger, person="a stranger", stream=note.stream, epoch=note.epoch, seq=note.seq - 1)
    heard = entries.Received(
        follower=stranger, stream=note.stream, epoch=note.epoch, seq=note.seq, change=note.change, content=note.content
    )
    assert Kind.WRONG_PERSON in spoil(history, at, note, began, heard)


@given(worlds(backups=False), st.randoms())
def test_any_acknowledged_change_that_the_database_lost_is_found(history: History, chance: random.Random) -> None:
    acknowledged = {
        n.change for n in history.notes if isinstance(n, entries.Answered) and n.outcome is entries.Outcome.ACKNOWLEDGED
    }
    lost = [at for at in places(history, entries.Recorded) if history.notes[at].change in acknowledged]  # type: ignore[union-attr]
    assume(lost)
    assert Kind.LOST in spoil(history, chance.choice(lost))


@given(worlds(backups=False), st.randoms())
def test_any_two_changes_recorded_in_the_wrong_order_are_found(history: History, chance: random.Random) -> None:
    recorded = [at for at in places(history, entries.Recorded) if history.notes[at].change]  # type: ignore[union-attr]
    answered: dict[str, int] = {}
    asked: dict[str, int] = {}
    for at, note in enumerate(history.notes):
        if isinstance(note, entries.Answered) and note.outcome is entries.Outcome.ACKNOWLEDGED:
            answered.setdefault(note.change, at)
        elif isinstance(note, entries.Attempted):
            asked.setdefault(note.change, at)
    pairs = [
        (one, two)
        for one in recorded
        for two in recorded
        if (a := history.notes[one]).stream == (b := history.notes[two]).stream  # type: ignore[union-attr]
        and asked[b.change] > answered.get(a.change, len(history.notes))  # type: ignore[union-attr]
    ]
    assume(pairs)
    one, two = chance.choice(pairs)
    first, second = history.notes[one], history.notes[two]
    assert isinstance(first, entries.Recorded)
    assert isinstance(second, entries.Recorded)
    notes = list(history.notes)
    notes[one] = entries.Recorded(stream=first.stream, epoch=first.epoch, seq=first.seq, change=second.change, content="")
    notes[two] = entries.Recorded(stream=first.stream, epoch=first.epoch, seq=second.seq, change=first.change, content="")
    assert Kind.OUT_OF_ORDER in {fault.kind for fault in check(History(notes)).faults}


@given(worlds(), st.randoms())
def test_any_refused_change_that_is_there_is_found(history: History, chance: random.Random) -> None:
    recorded = [
        at
        for at in places(history, entries.Answered)
        if any(isinstance(n, entries.Recorded) and n.change == history.notes[at].change for n in history.notes)  # type: ignore[union-attr]
    ]
    assume(recorded)
    at = chance.choice(recorded)
    name = history.notes[at].change  # type: ignore[union-attr]
    assert Kind.PHANTOM in spoil(history, at, entries.Answered(change=name, outcome=entries.Outcome.REFUSED))


@given(st.lists(st.integers(0, 400), max_size=40), worlds(least=0))
def test_notes_in_any_disorder_never_break_the_checker(order: list[int], history: History) -> None:
    check(History([history.notes[place % len(history.notes)] for place in order if history.notes]))
