"""`python -m benchmarks.lanes`: fan-out of the bare router with and without our fast lanes, interleaved, in one run.

The router has one core, the load the other. 256 bytes of payload, websocket and JSON. For each number of subscribers: deliveries a
second with eight publications in flight, and the time from a publication to its last subscriber with one at a time. Medians over the
rounds, with the lowest and the highest. It ends by itself and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import statistics
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

from benchmarks.bare import bare_router, child, end
from benchmarks.subscribers import Subscriber, join

TOPIC = "bench.lanes"
PAYLOAD = "x" * 256
ROUTER_CORE, LOAD_CORE = 0, 1
PATIENCE = 120.0


class Load:
    """Subscribers and a publisher in one process, on a bare router."""

    def __init__(self, port: int, count: int) -> None:
        self.selector = selectors.DefaultSelector()
        self.subscribers: list[Subscriber] = []
        for _ in range(count):
            subscriber = Subscriber(port, "/")
            join(subscriber, "", "", f"{TOPIC}.")
            self.selector.register(subscriber.socket, selectors.EVENT_READ, subscriber)
            self.subscribers.append(subscriber)
        self.publisher = Subscriber(port, "/")
        join(self.publisher, "", "", "bench.nothing.")
        self.selector.register(self.publisher.socket, selectors.EVENT_READ, None)
        self.sent = 0
        self.acknowledged = 0
        self.frames = 0

    def publish(self) -> None:
        """Publish once more."""
        self.sent += 1
        self.publisher.send([16, self.sent, {"acknowledge": True}, f"{TOPIC}.x", [PAYLOAD]])

    def hear(self) -> None:
        """Take what has arrived anywhere."""
        for key, _ in self.selector.select(5):
            if key.data is None:
                self.publisher.buffer += self.publisher.socket.recv(262_144)
                while b"[17," in self.publisher.buffer:
                    self.publisher.buffer = self.publisher.buffer[self.publisher.buffer.index(b"[17,") + 4 :]
                    self.acknowledged += 1
            else:
                before = key.data.frames
                key.data.count(b"\0")
                self.frames += key.data.frames - before

    def run(self, publications: int, in_flight: int) -> float:
        """Publish so often with so many unacknowledged; seconds until every subscriber had all."""
        began = time.monotonic()
        sent, acknowledged, frames = self.sent + publications, self.acknowledged, self.frames + publications * len(self.subscribers)
        while self.frames < frames:
            while self.sent < sent and self.sent - self.acknowledged < in_flight:
                self.publish()
            self.hear()
            if time.monotonic() - began > PATIENCE:
                raise RuntimeError(
                    f"{frames - self.frames} deliveries did not come; {self.acknowledged - acknowledged} acknowledged"
                )
        return time.monotonic() - began


def load(port: int, count: int, deliveries: int, single: int) -> None:
    """The process of the load: measure once and print what was found as JSON."""
    os.sched_setaffinity(0, {LOAD_CORE})
    found = Load(port, count)
    found.run(5, 1)
    publications = max(20, deliveries // count)
    seconds = found.run(publications, 8)
    alone = [found.run(1, 1) * 1000 for _ in range(single)]
    sys.stdout.write(json.dumps({"rate": publications * count / seconds, "last": statistics.median(alone)}) + "\n")


def measure(rounds: int, counts: list[int], deliveries: int, single: int, talk: Console) -> dict[str, list[float]]:
    """Everything, with and without in turns."""
    found: dict[str, list[float]] = {}
    with bare_router() as (without, _), bare_router(fastlanes=True) as (with_lanes, _):
        pin(with_lanes, without)
        for turn in range(rounds):
            for count in counts:
                for name, port in (("without", without), ("with", with_lanes)):
                    talk.print(f"round {turn + 1} of {rounds}: {count} subscribers, {name}")
                    process = child(
                        [sys.executable, "-m", "benchmarks.lanes", "load", str(port), str(count), str(deliveries), str(single)]
                    )
                    try:
                        assert process.stdout is not None
                        result = json.loads(process.stdout.readline() or b"{}")
                    finally:
                        end(process)
                    for what in ("rate", "last"):
                        found.setdefault(f"{what} {count} {name}", []).append(result[what])
    return found


def pin(*ports: int) -> None:
    """Let the processes that listen on these ports run on the router's core alone."""
    for port in ports:
        listening = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
        for number in {part.split(",")[0] for part in listening.split("pid=")[1:]}:
            os.sched_setaffinity(int(number), {ROUTER_CORE})


def show(found: dict[str, list[float]], rounds: int, counts: list[int]) -> None:
    """Print what was found."""
    table = Table(title=f"Fan-out of the bare router, medians of {rounds} interleaved rounds (lowest to highest)")
    for column in ("subscribers", "what", "without", "with fast lanes", "ratio"):
        table.add_column(column, justify="right" if column != "what" else "left")
    for count in counts:
        for what, name, form in (("rate", "deliveries/s, 8 in flight", ",.0f"), ("last", "ms to the last, 1 in flight", ".1f")):
            pair = [found[f"{what} {count} {which}"] for which in ("without", "with")]
            cells = [f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})" for values in pair]
            ratio = statistics.median(pair[1]) / statistics.median(pair[0])
            table.add_row(str(count), name, *cells, f"{ratio:.2f}")
    Console().print(table)


def main() -> None:
    """Parse, measure, print."""
    if sys.argv[1:2] == ["load"]:
        load(*map(int, sys.argv[2:6]))
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lanes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--subscribers", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--deliveries", type=int, default=200_000, help="about so many in each measurement")
    parser.add_argument("--single", type=int, default=21, help="publications one at a time")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    found = measure(arguments.rounds, arguments.subscribers, arguments.deliveries, arguments.single, Console(stderr=True))
    if arguments.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        show(found, arguments.rounds, arguments.subscribers)


if __name__ == "__main__":
    main()
