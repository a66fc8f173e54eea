"""The interleaved run: every round measures every server, one after another, so that all suffer the same noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.peers.figures import Cell, Results, figures
from benchmarks.peers.load import Load, LoadFailed, Took
from benchmarks.peers.protocols import marked
from benchmarks.peers.server import Server

#: Events and calls of one measurement: at most, and at least, where that is not less than two for each in flight. And the most
#: bytes of what is sent.
MOST, FEWEST, MOST_BYTES = 20_000, 5, 20_000_000


@dataclass(frozen=True)
class Plan:
    """What is measured. `seconds` is about how long one measurement takes."""

    rounds: int = 3
    counts: list[int] = field(default_factory=lambda: [10, 100, 1000, 5000])
    sizes: list[int] = field(default_factory=lambda: [256, 4096])
    in_flight: list[int] = field(default_factory=lambda: [1, 8])
    seconds: float = 1.0

    def steps(self, servers: int) -> int:
        """How many steps of progress there are with so many servers."""
        return self.rounds * servers * (len(self.counts) + 1)


def run(plan: Plan, servers: list[Server], results: Results, progress: Callable[[str], None], tell: Callable[[str], None]) -> None:
    """Measure it all into `results`. `progress` hears of each step before it is taken, `tell` of what failed and is left out."""
    for turn in range(plan.rounds):
        for count in plan.counts:
            for server in servers:
                progress(f"round {turn + 1} of {plan.rounds}: {server.name}, {count} subscribers")
                if server.most is None or count <= server.most:
                    try:
                        _fan_out(plan, server, count, results)
                    except LoadFailed as failure:
                        tell(f"{server.name}, {count} subscribers: {failure}")
        for server in servers:
            progress(f"round {turn + 1} of {plan.rounds}: {server.name}, calls")
            try:
                _calls(plan, server, results)
            except LoadFailed as failure:
                tell(f"{server.name}, calls: {failure}")


def _fan_out(plan: Plan, server: Server, count: int, results: Results) -> None:
    before = server.used().memory
    with Load(server.framing, server.port, count, server.subscriber(), server.publisher()) as load:
        results.connected(server.name, count, server.used().memory - before, load.connecting)
        for size in plan.sizes:
            for in_flight in plan.in_flight:

                def publish(events: int, size: int = size, in_flight: int = in_flight) -> Took:
                    return load.publish([server.event(marked(number, size)) for number in range(events)], in_flight)

                _measured(server, Cell("fan-out", server.name, count, size, in_flight), publish, plan.seconds, results)


def _calls(plan: Plan, server: Server, results: Results) -> None:
    caller = server.caller()
    if caller is None:
        return
    with Load(server.framing, server.port, max(plan.in_flight), caller, server.publisher()) as load:
        for in_flight in plan.in_flight:

            def call(calls: int, in_flight: int = in_flight) -> Took:
                return load.call([server.call(marked(number, 256)) for number in range(calls)], in_flight)

            _measured(server, Cell("calls", server.name, 0, 256, in_flight), call, plan.seconds, results)


def _measured(server: Server, cell: Cell, go: Callable[[int], Took], seconds: float, results: Results) -> None:
    """Measure until it has taken about so long. Each time tells how many events that needs; those before were to warm up."""
    most = min(MOST, MOST_BYTES // cell.size)
    events = max(FEWEST, 2 * cell.in_flight)
    for _ in range(4):
        before = server.used().processor
        took = go(events)
        processor = server.used().processor - before
        if took.seconds > seconds / 2 or events == most:
            break
        events = min(most, max(events, round(took.events / took.seconds * seconds)))
    results.keep(cell, figures(max(1, cell.count), took.seconds, took.took, processor, took.load_cpu))
