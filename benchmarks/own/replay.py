"""`make bench-replay`: a hundred thousand recorded events are replayed to one who was away from the beginning.

The events are changes of modules, recorded by the workload service as always. The follower is ours in Python: it subscribes, asks
page by page, checks that no number is missing, and hands over each event once. All processes share the machine.
"""

from __future__ import annotations

import argparse

from rich.progress import Progress

from benchmarks.own.common import campus, rounds, seconds_of, talk
from chalkbell.contracts.workload import FilledModule, FillPackage, ReadPackage
from tests.faults.school import LECTURERS, PACKAGE

#: Modules that are changed by one call.
BATCH = 500


def main() -> None:
    """Record, then measure."""
    parser = argparse.ArgumentParser(prog="make bench-replay", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=100_000)
    arguments = parser.parse_args()
    with campus() as (running, _):
        with Progress(console=talk) as progress:
            task = progress.add_task(f"recording {arguments.events:,} events", total=arguments.events)
            turn = 0
            while (head := running.ask(ReadPackage(package=PACKAGE)).position.seq) < arguments.events:
                progress.update(task, completed=head)
                count = min(BATCH, arguments.events - head)
                modules = [FilledModule(code=f"RE{number:04}", name=f"Module {number} ({turn})") for number in range(count)]
                running.operator.ask(FillPackage(package=PACKAGE, modules=modules), timeout=120)
                turn += 1
            progress.update(task, completed=head)

        def once(turn: int) -> dict[str, float]:
            reader = running.person(LECTURERS[turn % len(LECTURERS)])
            took = seconds_of(lambda: reader.follow("workload", PACKAGE).wait_for(head, 600))
            return {"seconds": took, "events a second": head / took}

        rounds(arguments.rounds, f"replay of {head:,} events", once)


main()
