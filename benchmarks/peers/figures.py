"""What was measured, and what is said of it: medians over the rounds, with their spread."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Cell:
    """What one row of figures is of: `kind` is `fan-out` (to `count` subscribers) or `calls` (`count` unused)."""

    kind: str
    server: str
    count: int
    size: int
    in_flight: int


@dataclass(frozen=True)
class Spread:
    """The median of the rounds, the least and the most."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: Iterable[float]) -> Spread:
        """The spread of at least one value."""
        every = sorted(values)
        return Spread(statistics.median(every), every[0], every[-1])


@dataclass(frozen=True)
class Figures:
    """One measurement. `rate` is deliveries (or calls) a second; `took` and `slowest` are milliseconds from a publish to its last
    subscriber (from a call to its answer), the median and the 99th percentile; `processor` is microseconds of the server's processor
    time for each delivery (or call); `load` is the share of its core that the load used.
    """

    rate: float
    took: float
    slowest: float
    processor: float
    load: float


def figures(count: int, seconds: float, took: list[float], processor: float, load: float) -> Figures:
    """What a measurement of so many deliveries for each of the events says. Times in seconds."""
    deliveries = count * len(took)
    ordered = sorted(took)
    slowest = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return Figures(
        rate=deliveries / seconds,
        took=statistics.median(ordered) * 1000,
        slowest=slowest * 1000,
        processor=processor / deliveries * 1e6,
        load=load / seconds,
    )


class Results:
    """All measurements of a run, and what each server takes for a connection."""

    def __init__(self) -> None:
        self.measured: dict[Cell, list[Figures]] = {}
        #: Bytes for each connection, and milliseconds until one is connected and subscribed: by server and number of connections.
        self.memory: dict[tuple[str, int], list[float]] = {}
        self.connecting: dict[tuple[str, int], list[float]] = {}

    def keep(self, cell: Cell, found: Figures) -> None:
        """One more round of a cell."""
        self.measured.setdefault(cell, []).append(found)

    def connected(self, server: str, count: int, memory: float, seconds: float) -> None:
        """One more round of connecting."""
        self.memory.setdefault((server, count), []).append(memory / count)
        self.connecting.setdefault((server, count), []).append(seconds / count * 1000)

    def spread(self, cell: Cell, figure: str) -> Spread | None:
        """The spread of a figure over the rounds; None if it was not measured."""
        rounds = self.measured.get(cell)
        return Spread.of(getattr(one, figure) for one in rounds) if rounds else None

    def as_json(self) -> dict[str, Any]:
        """All of it, every round, and the medians."""
        return {
            "measured": [
                {
                    **asdict(cell),
                    "median": {name: statistics.median(getattr(one, name) for one in rounds) for name in asdict(rounds[0])},
                    "rounds": [asdict(one) for one in rounds],
                }
                for cell, rounds in self.measured.items()
            ],
            "connections": [
                {
                    "server": server,
                    "count": count,
                    "bytes_each": statistics.median(values),
                    "milliseconds_each": statistics.median(self.connecting[server, count]),
                    "rounds": values,
                }
                for (server, count), values in self.memory.items()
            ],
        }

    @staticmethod
    def from_json(found: dict[str, Any]) -> Results:
        """The results that were written."""
        results = Results()
        for row in found["measured"]:
            cell = Cell(row["kind"], row["server"], row["count"], row["size"], row["in_flight"])
            results.measured[cell] = [Figures(**one) for one in row["rounds"]]
        for row in found["connections"]:
            results.memory[row["server"], row["count"]] = row["rounds"]
            results.connecting[row["server"], row["count"]] = [row["milliseconds_each"]]
        return results
