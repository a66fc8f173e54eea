"""`make soak`: a campus under attack for some minutes, and what the checker says of it.

It starts a router, services and (for PostgreSQL) a server of its own in a temporary folder, ends by itself, and leaves nothing
behind. Exit codes: 0 all is well, 1 a promise was broken, 2 usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from soak.adversary import WEIGHTS
from soak.run import Plan, Result, soak
from tools.system_parts import find_postgresql

talk = Console(stderr=True, highlight=False)
DATABASES = {"sqlite": False, "postgresql": True}


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300, help="how long the adversary works on each database (300)")
    parser.add_argument("--kills", type=int, default=0, help="go on until so many processes were killed on each database")
    parser.add_argument("--seed", type=int, help="replay the deeds of an earlier run")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both", help="on which database (both)")
    parser.add_argument("--deeds", default="", help=f"only these, separated by commas: {', '.join(WEIGHTS)}")
    parser.add_argument("--rest", type=float, default=1.0, help="at most so many seconds between two deeds (1)")
    parser.add_argument("--history", type=Path, help="write all that was noted into this file, one JSON object a line")
    return parser.parse_args(arguments)


def main() -> int:
    """Run it and say what came of it."""
    asked = options()
    deeds = [deed.strip() for deed in asked.deeds.split(",") if deed.strip()]
    if unknown := sorted(set(deeds) - set(WEIGHTS)):
        talk.print(f"There is no deed {', '.join(unknown)}. Deeds: {', '.join(WEIGHTS)}.")
        return 2
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    names = [asked.database] if asked.database in DATABASES else list(DATABASES)
    good = True
    for name in names:
        if DATABASES[name] and find_postgresql() is None:
            talk.print("PostgreSQL is not on this machine: this half is left out. `make setup` says what is missing.")
            good = False
            continue
        history = asked.history.with_stem(f"{asked.history.stem}-{name}") if asked.history else None
        plan = Plan(seed, asked.seconds, asked.kills, deeds, DATABASES[name], asked.rest, history)
        began = time.monotonic()

        def tell(line: str, name: str = name, began: float = began) -> None:
            talk.print(f"{name} {time.monotonic() - began:6.0f} s  {line}")

        talk.print(f"seed {seed}: `python -m soak --seed {seed}` does the same again")
        result = soak(plan, tell)
        show(name, plan, result)
        good = good and result.good
    return 0 if good else 1


def show(name: str, plan: Plan, result: Result) -> None:
    """The counts, on stdout."""
    console = Console(highlight=False)
    table = Table(title=f"soak on {name}, seed {plan.seed}", show_header=False)
    table.add_row("deeds", ", ".join(f"{count} × {deed}" for deed, count in result.deeds.most_common()))
    table.add_row("kills", f"{sum(result.kills.values())}: " + ", ".join(f"{count} {who}" for who, count in result.kills.items()))
    table.add_row("refusals", ", ".join(f"{count} {refusal}" for refusal, count in result.refusals.most_common()) or "none")
    table.add_row("until quiet", f"{result.seconds_to_quiet:.1f} s")
    console.print(table)
    for line in (*result.report.lines(), *result.problems):
        console.print(line)
    console.print("all is well" if result.good else f"NOT WELL: replay with --seed {plan.seed} --database {name}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
