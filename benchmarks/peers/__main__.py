"""`make bench-peers`: fan-out and calls of several servers in one interleaved run, each server on one core, the load on the other.

It explains itself, ends by itself and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.peers.cores import LOAD, SERVER
from benchmarks.peers.figures import Results
from benchmarks.peers.measure import Plan, run
from benchmarks.peers.servers import SERVERS, running
from benchmarks.peers.written import BUILT, DOCUMENTED, write

talk = Console(stderr=True)


def machine() -> str:
    """What it ran on, in a line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, Linux {platform.release()}, Python {platform.python_version()}"


def parse() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make bench-peers", description=__doc__)
    plan = Plan()
    parser.add_argument("--rounds", type=int, default=plan.rounds)
    parser.add_argument("--subscribers", type=int, nargs="+", default=plan.counts)
    parser.add_argument("--bytes", type=int, nargs="+", default=plan.sizes, help="size of what is published")
    parser.add_argument("--in-flight", type=int, nargs="+", default=plan.in_flight, help="publishes not yet with everybody")
    parser.add_argument("--seconds", type=float, default=plan.seconds, help="about how long one measurement takes")
    parser.add_argument("--only", nargs="+", choices=[kind.name for kind in SERVERS], help="only these servers")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="where figures, tables and charts are written")
    return parser.parse_args()


def main() -> None:
    """Measure, and end the thread of the stand-ins, which would keep this process alive."""
    try:
        measure_and_tell()
    finally:
        from twisted.internet import reactor

        if reactor.running:  # type: ignore[attr-defined]
            reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]


def measure_and_tell() -> None:
    """Measure and say what was found."""
    # ended by somebody, it ends what it started
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # a shell that starts us in the background has it ignored
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = parse()
    load_before = os.getloadavg()[0]
    os.sched_setaffinity(0, {LOAD})
    # a descriptor for each connection, in the load and in the server
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    plan = Plan(arguments.rounds, arguments.subscribers, arguments.bytes, arguments.in_flight, arguments.seconds)
    kinds = [kind for kind in SERVERS if not arguments.only or kind.name in arguments.only]
    if SERVER == LOAD:
        talk.print("There is one core: server and load share it, and the figures say little.")
    talk.print(f"{machine()}. Servers on core {SERVER}, the load (compiled C, one thread) on core {LOAD}.")
    results = Results()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with running(kinds, talk.print) as servers, Progress(*columns, console=talk) as progress:
        task = progress.add_task("", total=plan.steps(len(servers)))
        begun = False

        def step(what: str) -> None:
            nonlocal begun
            if not talk.is_terminal:
                talk.print(what)
            progress.update(task, description=what, advance=1 if begun else 0)
            begun = True

        run(plan, servers, results, step, talk.print)
        progress.advance(task)
        names = [server.name for server in servers]
        about: dict[str, Any] = {
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "load_before": load_before,
            "machine": machine(),
            "servers": {server.name: {"version": server.version, "what": server.what} for server in servers},
            "rounds": plan.rounds,
            "subscribers": plan.counts,
            "bytes": plan.sizes,
            "in_flight": plan.in_flight,
        }
    # what is not everything does not belong into the documentation
    everything = len(names) == len(SERVERS) and plan.counts == Plan().counts and plan.sizes == Plan().sizes
    into = arguments.into or (DOCUMENTED if everything and plan.in_flight == Plan().in_flight else BUILT)
    sys.stdout.write(write(into, about, results))
    talk.print(f"Figures, tables and charts: {into}")


main()
