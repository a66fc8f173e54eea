"""The benchmarks' load against the real servers, with tiny numbers: everything arrives, each once and in order."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.peers.compiled import compiler
from benchmarks.peers.load import Load, LoadFailed
from benchmarks.peers.plain import Floor
from benchmarks.peers.protocols import marked
from benchmarks.peers.server import Missing, Server
from benchmarks.peers.servers import SERVERS
from tests.running import ROOT, until

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler: apt-get install gcc libc6-dev")


@pytest.fixture(params=SERVERS, ids=lambda kind: kind.name)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    kind: type[Server] = request.param
    try:
        started = kind().__enter__()
    except Missing as reason:
        pytest.skip(str(reason))
    yield started
    started.__exit__()


@pytest.mark.router
def test_every_subscriber_gets_every_event_once_and_in_order_and_every_call_its_answer(server: Server) -> None:
    with Load(server.framing, server.port, 10, server.subscriber(), server.publisher()) as load:
        for size, in_flight in ((256, 1), (4096, 8)):
            took = load.publish([server.event(marked(number, size)) for number in range(20)], in_flight)
            assert took.events == len(took.took) == 20
            assert 0 < min(took.took) <= took.seconds
    assert server.used().memory > 0
    caller = server.caller()
    if caller is not None:
        with Load(server.framing, server.port, 4, caller, server.publisher()) as load:
            assert load.call([server.call(marked(number, 256)) for number in range(20)], 4).events == 20


def test_what_comes_twice_or_out_of_order_is_not_taken_for_delivered() -> None:
    with Floor() as floor, Load(floor.framing, floor.port, 3, floor.subscriber(), floor.publisher()) as load:
        events = [floor.event(marked(number, 64)) for number in (0, 2, 1, 1, 2)]
        with pytest.raises(LoadFailed, match="out of order"):
            load.publish(events, 8)


SMALL = ("--only", "floor", "--subscribers", "10", "--bytes", "64", "--seconds", "0.01")


def test_a_run_writes_its_figures_tables_and_charts(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.peers", *SMALL, "--rounds", "2", "--into", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures.json", "last.svg", "rate.svg", "tables.txt"]
    rows = json.loads((tmp_path / "figures.json").read_text())["measured"]
    assert [(row["kind"], row["in_flight"], len(row["rounds"])) for row in rows] == [
        ("fan-out", 1, 2),
        ("fan-out", 8, 2),
        ("calls", 1, 2),
        ("calls", 8, 2),
    ]
    assert done.stdout == (tmp_path / "tables.txt").read_text()


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_run_that_is_ended_leaves_no_process_behind(by: signal.Signals) -> None:
    command = [sys.executable, "-m", "benchmarks.peers", *SMALL, "--rounds", "100000"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, **quiet) as process:  # type: ignore[call-overload]
        found: list[int] = []

        def started() -> bool:
            found[:] = children(process.pid)
            return len(found) >= 2

        until(started, "a server and a load")
        process.send_signal(by)
    until(lambda: not any(lives(child) for child in found), "they have ended")


def children(parent: int) -> list[int]:
    """The processes that a process has started and that live."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [number for number in numbers if state(number)[1:2] == [str(parent)] and lives(number)]


def lives(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    return state(process)[:1] not in ([], ["Z"])


def state(process: int) -> list[str]:
    """What /proc says of a process after its name; nothing if there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
