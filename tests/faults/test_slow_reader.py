"""A reader that stops reading while 200 MB are published: the others are undisturbed, and the reader is complete after it resumes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from chalkbell.testing.history import History, check
from tests.faults.memory import of_group
from tests.faults.streaming import EPOCH, SCOPE, Reader, Source
from tests.routing import Router, StandIns
from tests.running import until

pytestmark = [pytest.mark.router, pytest.mark.timeout(300)]
EVENT_BYTES, EVENTS = 32_000, 6_500
#: What the router may grow by with the fast lanes in; its queue for one connection is 8 MB.
GROWTH = 20e6


@pytest.fixture(params=[True, False], ids=["fast lanes", "stock"])
def source(request: pytest.FixtureRequest) -> Iterator[tuple[Router, Source]]:
    router = Router(fastlanes=request.param)
    router.start()
    stand_ins = StandIns(router)
    for person in ("ada", "ben", "sleeper"):
        stand_ins.people[person] = "person"
    yield router, Source(stand_ins, EVENT_BYTES)
    router.close()


def test_a_reader_that_stops_reading(source: tuple[Router, Source], record_property: Any) -> None:
    """With the fast lanes in, the router grows by no more than 20 MB; without, by what it keeps for the sleeper."""
    router, publisher = source
    history = History()
    readers = [Reader(router, person, history) for person in ("ada", "ben", "sleeper")]
    try:
        publisher.publish(300)
        until(lambda: all(reader.last == publisher.head for reader in readers), "all readers have begun")
        assert router.process.pid
        before = most = of_group(router.process.pid)
        readers[2].stop_reading()
        began = time.monotonic()
        done = threading.Event()
        watching = threading.Thread(
            target=lambda: [peaks.append(of_group(router.process.pid or 0)) for _ in iter(lambda: done.wait(0.1), True)]
        )
        peaks: list[int] = []
        watching.start()
        publisher.publish(EVENTS)
        until(lambda: all(reader.last == publisher.head for reader in readers[:2]), "the others have everything")
        seconds = time.monotonic() - began
        done.set()
        watching.join()
        most = max(peaks)
        asleep = readers[2].last
        readers[2].read_again()
        until(lambda: readers[2].last == publisher.head, "the sleeper has everything", more=lambda: f"{readers[2].last}")
    finally:
        for reader in readers:
            reader.close()
    for seq in range(1, publisher.head + 1):
        history.recorded(SCOPE, EPOCH, seq)
    history.stands(SCOPE, EPOCH, publisher.head)
    growth = (most - before) / 1e6
    megabytes = EVENTS * EVENT_BYTES / 1e6
    print(f"{megabytes:.0f} MB in {seconds:.1f} s; the router grew by {growth:.0f} MB; the sleeper slept at {asleep}")
    record_property("growth", growth)
    assert check(history).faults == []
    assert [reader.joins for reader in readers[:2]] == [1, 1], "others were cut off"
    if router.settings.fastlanes:
        assert growth * 1e6 <= GROWTH
