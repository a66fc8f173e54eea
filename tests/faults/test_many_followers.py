"""Many followers when the router restarts: all follow again, without a gap.

SOAK_FOLLOWERS says how many; 5,000 take some minutes, the suite is content with fewer:
SOAK_FOLLOWERS=5000 make test ARGS="tests/faults/test_many_followers.py -s"
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from chalkbell.router.configuration import Limits
from chalkbell.testing.history import History, check
from tests.faults.memory import of_group
from tests.faults.streaming import EPOCH, SCOPE, Reader, Source
from tests.routing import Router, StandIns
from tests.running import until

pytestmark = [pytest.mark.router, pytest.mark.timeout(600)]
FOLLOWERS = int(os.environ.get("SOAK_FOLLOWERS", "200"))
PATIENCE = 60 + FOLLOWERS / 20


def router_seconds(group: int) -> float:
    """Seconds of processor time that the router's processes have used."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def test_all_follow_again_after_a_restart_of_the_router() -> None:
    """Events published while they come back are there too, each once and in order, for everybody."""
    router = Router(limits=Limits(connections=FOLLOWERS + 100))
    history = History()
    readers: list[Reader] = []
    try:
        router.start()
        stand_ins = StandIns(router)
        stand_ins.people["ada"] = "person"
        source = Source(stand_ins, 256)
        began = time.monotonic()
        for number in range(FOLLOWERS):
            readers.append(Reader(router, "ada", history, f"page {number}"))
        joining = time.monotonic() - began
        source.publish(20)
        until(lambda: all(reader.last == source.head for reader in readers), "all have begun", PATIENCE)
        router.restart()
        began = time.monotonic()
        stand_ins = StandIns(router)
        stand_ins.people["ada"] = "person"
        source = Source(stand_ins, 256, source.head)
        source.publish(20)
        until(lambda: all(reader.bus.joined for reader in readers), "all have joined again", PATIENCE)
        joined = time.monotonic() - began
        source.publish(20)
        until(lambda: all(reader.last == source.head for reader in readers), "all have everything", PATIENCE)
        complete = time.monotonic() - began
        assert router.process.pid
        used, memory = router_seconds(router.process.pid), of_group(router.process.pid)
    finally:
        for reader in readers:
            reader.close()
        router.close()
    for seq in range(1, source.head + 1):
        history.recorded(SCOPE, EPOCH, seq)
    history.stands(SCOPE, EPOCH, source.head)
    report = check(history)
    print(
        f"{FOLLOWERS} followers joined first in {joining:.1f} s; after the restart all were back in {joined:.1f} s and complete in"
        f" {complete:.1f} s; the router used {used:.1f} s of processor time and {memory / 1e6:.0f} MB"
    )
    assert report.faults == []
    assert report.deliveries == FOLLOWERS * source.head
