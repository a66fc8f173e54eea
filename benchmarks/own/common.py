"""A campus for the benchmarks, and how they tell what they found."""

from __future__ import annotations

import contextlib
import json
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console

from chalkbell.contracts.workflow import Assessment
from tests.faults.school import open_school
from tests.running import Running

talk = Console(stderr=True)


@contextlib.contextmanager
def campus(modules: int = 1) -> Iterator[tuple[Running, list[Assessment]]]:
    """A campus with a few lecturers and a package of so many modules. It ends with the block, as does the reactor's thread."""
    # ended by somebody, it ends what it started
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        talk.print("Starting a campus: router and services, SQLite ...")
        with Running() as running:
            running.start()
            yield running, open_school(running, modules)
    finally:
        from twisted.internet import reactor

        if reactor.running:  # type: ignore[attr-defined]
            reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]


def rounds(count: int, what: str, once: Callable[[int], dict[str, float]]) -> None:
    """Measure so many times, telling of each; then write the medians, the least and the most as JSON on standard output."""
    found: dict[str, list[float]] = {}
    for turn in range(count):
        talk.print(f"{what}, round {turn + 1} of {count} ...", end=" ")
        for name, value in once(turn).items():
            found.setdefault(name, []).append(value)
            talk.print(f"{name} {value:,.3g};", end=" ")
        talk.print()
    spread = {
        name: {"median": statistics.median(values), "least": min(values), "most": max(values)} for name, values in found.items()
    }
    sys.stdout.write(json.dumps({"what": what, "rounds": count, **spread}, indent=2) + "\n")


def seconds_of(do: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
