"""`make bench-storm`: the router is killed and starts again, and everybody comes back at once.

Each client opens a websocket, signs in with a token, subscribes, and asks for the events since the one that it had last; it counts as
back when it was given all of them. Clients are compiled C in one thread; they all knock in the same moment, without the pauses by
which real ones spread themselves. All processes share the machine.
"""

from __future__ import annotations

import argparse
import resource

from benchmarks.own.common import campus, rounds, seconds_of
from benchmarks.peers import protocols as speak
from benchmarks.peers.load import Load
from benchmarks.peers.protocols import Step
from chalkbell.contracts import Refusal
from chalkbell.contracts.workload import FilledModule, FillPackage, ReadPackage
from tests.faults.school import LECTURERS, PACKAGE
from tests.running import Running, until

#: What router and services need of the connections that the router takes by default, 2,000.
MOST = 1_900


def steps(campus: Running, missed: int) -> list[Step]:
    """What a client does that comes back. `missed` events happened since its last."""
    workload = f"chalkbell.workload.v1.{PACKAGE}."
    head = campus.ask(ReadPackage(package=PACKAGE)).position
    since = {"scope": PACKAGE, "epoch": head.epoch, "seq": head.seq - missed, "limit": 1000}
    asked = speak.wamp([48, 2, {}, "chalkbell.workload.v1.events.since", [], since])
    # the answer has the last event in it
    return [
        *speak.wamp_join("/ws", "campus", LECTURERS[0], campus.token(LECTURERS[0])),
        speak.wamp_subscribe(workload, "prefix"),
        Step(asked, f'"seq":{head.seq},'.encode()),
    ]


def services_back(campus: Running) -> bool:
    """Whether the services answer again."""
    try:
        campus.ask(ReadPackage(package=PACKAGE))
    except Refusal:
        return False
    return True


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="make bench-storm", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=1000, help=f"at most {MOST:,}")
    parser.add_argument("--missed", type=int, default=20, help="events that each has missed")
    arguments = parser.parse_args()
    clients, missed = min(arguments.clients, MOST), min(arguments.missed, 200)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with campus() as (running, _):
        port = running.router.settings.port

        def once(turn: int) -> dict[str, float]:
            modules = [FilledModule(code=f"ST{number:04}", name=f"Module {number} ({turn})") for number in range(missed)]
            running.ask(FillPackage(package=PACKAGE, modules=modules))
            comes_back = steps(running, missed)
            restart = seconds_of(running.router.restart)
            services = seconds_of(lambda: until(lambda: services_back(running), "services back"))
            with Load("websocket", port, clients, comes_back, comes_back, at_once=clients) as load:
                return {
                    "router back after s": restart,
                    "services after further s": services,
                    "all clients back after further s": load.connecting,
                    "clients a second": clients / load.connecting,
                }

        rounds(arguments.rounds, f"{clients:,} clients come back, each {missed} events behind", once)


main()
