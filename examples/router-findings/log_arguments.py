"""Crossbar and autobahn: the arguments of debug and trace messages are coloured although nothing is logged. Run it with a Python that
has Crossbar.

Each delivery formats and colours several texts for messages that the log level throws away: a fifth of the router's time in a large
fan-out. Exits with 0 when it is so, with 1 when it is not any more.
"""

import sys

import txaio

txaio.use_twisted()

from autobahn.twisted.component import Component  # noqa: E402
from autobahn.wamp.types import PublishOptions  # noqa: E402
from node import node  # noqa: E402
from twisted.internet import reactor  # noqa: E402
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults  # noqa: E402

SUBSCRIBERS, EVENTS = 20, 50
found: list[float] = []


def joined(url: str) -> Deferred:
    """A session."""
    ready: Deferred = Deferred()
    component = Component(transports=url, realm="realm1")
    component.on_join(lambda session, details: ready.callback(session))
    component.start(reactor)
    return ready


async def show(url: str) -> None:
    """Publish, and ask how often something was coloured meanwhile."""
    publisher, *subscribers = await gatherResults([joined(url) for _ in range(SUBSCRIBERS + 1)])
    for session in subscribers:
        await session.subscribe(lambda text: None, "topic")
    before = await publisher.call("coloured")
    for _ in range(EVENTS):
        await publisher.publish("topic", "text", options=PublishOptions(acknowledge=True))
    found.append((await publisher.call("coloured") - before) / SUBSCRIBERS / EVENTS)
    print(f"{found[0]:.1f} texts coloured for each delivery, and none logged: the level is warn")


with node(component="counting.Counting") as (url, log):
    done = ensureDeferred(show(url))
    done.addErrback(lambda failure: failure.printTraceback()).addBoth(lambda _: reactor.stop())
    reactor.callLater(60, reactor.stop)
    reactor.run()
sys.exit(0 if found and found[0] > 1 else 1)
