"""Crossbar: what waits for a subscriber that does not read has no limit. Run it with a Python that has Crossbar, on Linux.

100 MB are published while one of two subscribers does not read; the router's worker keeps them all for it. Exits with 0 when it is so,
with 1 when it is not any more.
"""

import re
import subprocess
import sys
from pathlib import Path

import txaio

txaio.use_twisted()

from autobahn.twisted.component import Component  # noqa: E402
from autobahn.wamp.types import PublishOptions  # noqa: E402
from node import node  # noqa: E402
from twisted.internet import reactor  # noqa: E402
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults  # noqa: E402

MEGABYTES = 100
grown: list[float] = []


def joined(url: str) -> Deferred:
    """A session."""
    ready: Deferred = Deferred()
    component = Component(transports=url, realm="realm1")
    component.on_join(lambda session, details: ready.callback(session))
    component.start(reactor)
    return ready


def resident(url: str) -> float:
    """Megabytes of the process that listens there."""
    listening = subprocess.run(["ss", "-Hltnp", f"sport = :{url.rpartition(':')[2]}"], capture_output=True, text=True, check=True)
    found = re.search(r"pid=(\d+)", listening.stdout)
    assert found, listening.stdout
    status = Path(f"/proc/{found[1]}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


async def show(url: str) -> None:
    """One reads, one does not."""
    publisher, awake, asleep = await gatherResults([joined(url) for _ in range(3)])
    for session in (awake, asleep):
        await session.subscribe(lambda text: None, "topic")
    asleep._transport.transport.pauseProducing()
    before = resident(url)
    for _ in range(MEGABYTES):
        await publisher.publish("topic", "x" * 1_000_000, options=PublishOptions(acknowledge=True))
    grown.append(resident(url) - before)
    print(f"{MEGABYTES} MB published; the router's worker grew by {grown[0]:.0f} MB for one who does not read")


with node() as (url, log):
    done = ensureDeferred(show(url))
    done.addErrback(lambda failure: failure.printTraceback()).addBoth(lambda _: reactor.stop())
    reactor.callLater(90, reactor.stop)
    reactor.run()
sys.exit(0 if grown and grown[0] > MEGABYTES / 2 else 1)
