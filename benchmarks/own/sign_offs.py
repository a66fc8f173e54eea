"""`make bench-sign-offs`: sign-offs, each decided, written to SQLite with a flush to disk, and answered.

First one person's, one after another; then those of seven people at once. All processes share the machine.
"""

from __future__ import annotations

import argparse
import statistics

from benchmarks.own.common import campus, rounds, seconds_of
from tests.faults.school import LECTURERS, Client, finish, in_threads

LANES = 7


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="make bench-sign-offs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=210, help="sign-offs of a round, of each kind")
    arguments = parser.parse_args()
    with campus(modules=LANES + 1) as (running, assessments):
        people = [running.person(LECTURERS[number % 4]) for number in range(LANES + 1)]
        caller, *lanes = (Client(person, assessment) for person, assessment in zip(people, assessments, strict=True))
        for client in (caller, *lanes):
            client.sign_off(2)

        def once(turn: int) -> dict[str, float]:
            alone = sorted(seconds_of(lambda: caller.sign_off(1)) * 1000 for _ in range(arguments.count))
            each = max(1, arguments.count // LANES)
            together = seconds_of(lambda: finish(in_threads(lanes, each), 300))
            return {
                "median ms": statistics.median(alone),
                "99th percentile ms": alone[int(len(alone) * 0.99)],
                "of seven people a second": each * LANES / together,
            }

        rounds(arguments.rounds, f"{arguments.count} recorded sign-offs", once)


main()
