"""`make bench`: our sign-offs beside the bare router's echo and fan-out, in one run, with ratios.

Everything runs on this machine, interleaved in rounds, so that both suffer the same noise. It ends by itself and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.bare import ECHO, bare_router, child, end
from chalkbell.contracts.workload import FilledModule, FillPackage
from tests.faults.school import LECTURERS, PACKAGE, ROUND, Client, finish, in_threads, open_school
from tests.routing import in_reactor
from tests.running import Followed, Running

LANES = 7
#: Calls in a row before everybody is told of them: telling and mail take their share of the machine a moment later.
BURST = 30
console = Console()
talk = Console(stderr=True)


class Bare:
    """A program on the bare router: websocket and JSON for calls as people have, rawsocket for publishing as services have."""

    def __init__(self, url: str, path: str) -> None:
        self.people = self._join({"type": "websocket", "url": url, "serializers": ["json"]})
        self.service = self._join(
            {"type": "rawsocket", "url": "rs://localhost", "endpoint": {"type": "unix", "path": path}, "serializer": "cbor"}
        )

    def _join(self, transport: dict[str, Any]) -> Any:
        from autobahn.twisted.component import Component
        from twisted.internet import reactor
        from twisted.internet.defer import Deferred

        joined: Deferred[Any] = Deferred()

        def begin() -> Deferred[Any]:
            component = Component(transports=[transport], realm="campus")
            component.on_join(lambda session, details: joined.callback(session))
            component.start(reactor)
            return joined

        return in_reactor(begin)

    def echo(self, fields: dict[str, Any]) -> None:
        """Call the echo."""
        in_reactor(lambda: self.people.call(ECHO, **fields))

    def publish(self, topic: str, events: int, payload: Any) -> float:
        """Publish so many events, all at once, as our relay does with what it finds recorded. The moment before."""
        from autobahn.wamp.types import PublishOptions
        from twisted.internet.defer import DeferredList

        options = PublishOptions(acknowledge=True)

        def begin() -> Any:
            return DeferredList([self.service.publish(topic, payload, options=options) for _ in range(events)])

        began = time.monotonic()
        in_reactor(begin)
        return began


def timed(call: Callable[[], None], count: int) -> list[float]:
    """Milliseconds of each of so many calls, one after another."""
    found: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return found


def fan_out(
    port: int, path: str, count: int, topic: str, marker: str, events: int, publish: Callable[[], float], *who: str
) -> float:
    """Deliveries a second to so many websocket subscribers: from the moment that `publish` gives, or from the first delivery where
    that was earlier, to the last one.
    """
    process = child([sys.executable, "-m", "benchmarks.subscribers", str(port), path, str(count), topic, marker, str(events), *who])
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("the subscribers did not come up")
        began = publish()
        done = json.loads(process.stdout.readline())
        if done["missing"]:
            raise RuntimeError(f"{done['missing']} subscribers did not get everything")
        return float(done["frames"]) / (done["last"] - min(began, done["first"]))
    finally:
        end(process)


def one_after_another(client: Client) -> Callable[[], None]:
    """A function that signs off once each time it is called."""
    return lambda: client.sign_off(1)


def sign_off_all(clients: list[Client], count: int) -> float:
    """Let all clients sign off so many times in all, all at once. The moment before."""
    began = time.monotonic()
    finish(in_threads(clients, count // LANES), 300)
    return began


def fill(campus: Running, events: int, turn: str) -> float:
    """Change so many modules in one call: as many recorded events are there at once, for the relay to publish. The moment of
    the answer, which comes when they are recorded.
    """
    modules = [FilledModule(code=f"BM{number:04}", name=f"Module {number} ({turn})") for number in range(events)]
    campus.ask(FillPackage(package=PACKAGE, modules=modules))
    return time.monotonic()


def quiet(followed: Followed, clients: list[Client]) -> None:
    """Wait until everybody has been told of every sign-off, so that nothing of one measurement is left for the next."""
    signed = sum(client.signed for client in clients)
    followed.wait(lambda events: sum(event.name == "sign_off_notified" for event in events) >= signed, 300)


def measure(rounds: int, calls: int, followers: list[int], events: int) -> dict[str, Any]:
    """Run it all; medians over the rounds."""
    results: dict[str, Any] = {"rounds": rounds, "calls": calls, "events": events}
    with bare_router() as (port, path), Running() as campus, Progress(console=talk) as progress:
        task = progress.add_task("starting a campus", total=rounds * (3 + 3 * len(followers)))
        campus.start()
        assessments = open_school(campus, modules=8)
        bare = Bare(f"ws://127.0.0.1:{port}", path)
        program = campus.person("ada-stone")
        caller = Client(program, assessments[0])
        # as many lanes as the publisher of the bare router has, each with an assessment of its own (an eighth is the caller's)
        people = [campus.person(LECTURERS[number % 4]) for number in range(1, LANES + 1)]
        lanes = [Client(person, assessment) for person, assessment in zip(people, assessments[1:], strict=True)]
        for client in (caller, *lanes):
            client.sign_off(2)
        fields = {"assessment": assessments[0].id, "state": ROUND[0], "seen": 1, "request_id": "x" * 20}
        watched = campus.operator.follow("workflow", PACKAGE)
        # the bare router delivers the same bytes: the envelope of a real sign-off
        seen = watched.wait(lambda got: any(event.name == "signed_off" for event in got))
        envelope = msgspec.to_builtins(next(event for event in seen if event.name == "signed_off"))
        fill(campus, events, "before")
        changed = campus.operator.follow("workload", PACKAGE).wait(lambda got: any(event.name == "module_changed" for event in got))
        module = msgspec.to_builtins(next(event for event in changed if event.name == "module_changed"))
        token = campus.token("ben-field")
        found: dict[str, list[float]] = {}

        def keep(name: str, value: float) -> None:
            found.setdefault(name, []).append(value)
            progress.advance(task)

        for turn in range(rounds):
            quiet(watched, [caller, *lanes])
            progress.update(task, description="calls, one after another")
            echoes: list[float] = []
            sign_offs: list[float] = []
            for _ in range(calls // BURST):
                echoes += timed(lambda: bare.echo(fields), BURST)
                sign_offs += timed(one_after_another(caller), BURST)
                quiet(watched, [caller, *lanes])
            keep("echo", statistics.median(echoes))
            keep("sign_off", statistics.median(sign_offs))
            keep("sign_off on end", statistics.median(timed(one_after_another(caller), calls)))
            quiet(watched, [caller, *lanes])
            exact = events // LANES * LANES
            for count in followers:
                progress.update(task, description=f"{count} followers")
                keep(
                    f"bare {count}",
                    fan_out(
                        port,
                        "/",
                        count,
                        "bench.topic.",
                        ".x",
                        exact,
                        lambda exact=exact: bare.publish("bench.topic.x", exact, module),
                    ),
                )
                door = (campus.router.settings.port, "/ws", count)
                who = ("ben-field", token)
                changes = lambda turn=turn, count=count, exact=exact: fill(campus, exact, f"{turn}, {count}")  # noqa: E731
                keep(
                    f"recorded {count}",
                    fan_out(*door, f"chalkbell.workload.v1.{PACKAGE}.", ".module_changed", exact, changes, *who),
                )
                all_sign = lambda exact=exact: sign_off_all(lanes, exact)  # noqa: E731
                rate = fan_out(*door, f"chalkbell.workflow.v1.{PACKAGE}.", ".signed_off", exact, all_sign, *who)
                keep(f"sign-offs {count}", rate)
                quiet(watched, [caller, *lanes])
        results["payload_bytes"] = len(json.dumps(module))
        results["sign_off_bytes"] = len(json.dumps(envelope))
    results["median"] = {name: statistics.median(values) for name, values in found.items()}
    results["all"] = found
    return results


def show(results: dict[str, Any], followers: list[int]) -> None:
    """Print what was found."""
    median = results["median"]
    table = Table(title=f"Medians of {results['rounds']} interleaved rounds on this machine")
    for column in ("what", "bare router", "Chalkbell", "ratio", "aim"):
        table.add_column(column, justify="left" if column == "what" else "right")
    ratio = median["sign_off"] / median["echo"]
    table.add_row(
        "a call, websocket JSON: echo / recorded sign-off (median ms)",
        f"{median['echo']:.2f}",
        f"{median['sign_off']:.2f}",
        f"{ratio:.2f}",
        "at most 4",
    )
    table.add_row(
        f"the same, {results['calls']} on end: beside the telling and mailing of those before",
        "",
        f"{median['sign_off on end']:.2f}",
        f"{median['sign_off on end'] / median['echo']:.2f}",
        "",
    )
    for count in followers:
        bare, ours = median[f"bare {count}"], median[f"recorded {count}"]
        table.add_row(
            f"fan-out of recorded events to {count} websockets, {results['payload_bytes']} B (deliveries/s)",
            f"{bare:,.0f}",
            f"{ours:,.0f}",
            f"{ours / bare:.2f}",
            "at least 0.9",
        )
        signed = median[f"sign-offs {count}"]
        table.add_row(
            f"the same while {LANES} people sign off as fast as they can, {results['sign_off_bytes']} B",
            "",
            f"{signed:,.0f}",
            "",
            "",
        )
    console.print(table)
    console.print(
        "The echo gives back what it gets. Our sign-off is decided, written to SQLite with a flush to disk, and answered. Recorded events\n"
        "are those of one change of many modules, published by the relay; while people sign off, recording is what takes the time.\n"
        "Subscribers count frames in one process of their own; everything shares this machine's cores.",
        style="dim",
    )


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--calls", type=int, default=300, help="calls a round, one after another")
    parser.add_argument("--followers", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--events", type=int, default=210, help="events a round of fan-out")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    try:
        results = measure(arguments.rounds, arguments.calls, arguments.followers, arguments.events)
    finally:
        # its threads would keep this process alive
        from twisted.internet import reactor

        reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]
    if arguments.json:
        sys.stdout.write(json.dumps(results, indent=2) + "\n")
    else:
        show(results, arguments.followers)


main()
