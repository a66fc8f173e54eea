"""What can be wrong with a history."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


class Kind(enum.Enum):
    """The ways in which a promise is broken."""

    LOST = "lost"
    """Acknowledged, and not there; or passed over by a follower that is past its place."""
    PHANTOM = "phantom"
    """There, though it was refused, or nobody asked for it, or the database does not hold it."""
    DOUBLED = "doubled"
    """One change twice, or one event handed over twice."""
    OUT_OF_ORDER = "out of order"
    """Handed over after a later one; or recorded before a change that was acknowledged before it was asked for."""
    DIFFERENT = "different"
    """One place in one history, and two see different events there."""
    WRONG_PERSON = "seen by the wrong person"
    """Handed to somebody who might not read it."""
    NOT_CONVERGED = "not converged"
    """After quiet a follower is not where the database is."""


@dataclass(frozen=True)
class Fault:
    """One fault: what kind, in which stream, who saw it (a follower or a place; empty: the database), and the particulars."""

    kind: Kind
    stream: str
    who: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.stream}{f', {self.who}' if self.who else ''}: {self.detail}"


@dataclass(frozen=True)
class Report:
    """What was looked at, and what is wrong with it."""

    attempted: int
    acknowledged: int
    refused: int
    unknown: int
    """Attempts that never got an answer: each may have happened, once, or not."""
    given_up: int
    """Acknowledged changes that a restored backup took back, rightly."""
    followers: int
    deliveries: int
    recorded: int
    faults: Sequence[Fault]

    @property
    def counts(self) -> dict[Kind, int]:
        """How many faults of each kind, those without any too."""
        counted = Counter(fault.kind for fault in self.faults)
        return {kind: counted[kind] for kind in Kind}

    def lines(self, most: int = 20) -> list[str]:
        """For people: the counts, and the first faults in words."""
        said = [
            f"{self.attempted} changes attempted: {self.acknowledged} acknowledged, {self.refused} refused, {self.unknown} unknown",
            f"{self.recorded} events recorded, {self.deliveries} deliveries to {self.followers} followers",
            ", ".join(f"{count} {kind.value}" for kind, count in self.counts.items()),
        ]
        if self.given_up:
            said.insert(1, f"{self.given_up} acknowledged changes taken back by a restored backup")
        said += [str(fault) for fault in self.faults[:most]]
        if len(self.faults) > most:
            said.append(f"and {len(self.faults) - most} more")
        return said
