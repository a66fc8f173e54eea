"""Crossbar: a subscriber whose connection is closing makes those after it miss the event. Run it with a Python that has Crossbar.

`Broker.processPublish` hands an event to its receivers in a loop that knows `PayloadExceededError` alone. A websocket that has said
goodbye but still has bytes to send raises `Disconnected`, which ends the loop. Exits with 0 when it is so, with 1 when it is not.
"""

import sys

import txaio

txaio.use_twisted()

from autobahn.twisted.component import Component  # noqa: E402
from autobahn.wamp.types import PublishOptions  # noqa: E402
from node import node  # noqa: E402
from twisted.internet import reactor, task  # noqa: E402
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults  # noqa: E402

STAYING, GOING = 20, 5
heard: list[str] = []


def joined(url: str) -> Deferred:
    """A session."""
    ready: Deferred = Deferred()
    component = Component(transports=url, realm="realm1")
    component.on_join(lambda session, details: ready.callback(session))
    component.start(reactor)
    return ready


async def show(url: str) -> None:
    """Twenty-five subscribe; five of them stop reading, are sent more than the kernel takes, and close."""
    publisher, *subscribers = await gatherResults([joined(url) for _ in range(STAYING + GOING + 1)])
    going, staying = subscribers[:GOING], subscribers[GOING:]
    for session in staying:
        await session.subscribe(lambda text: heard.append(text) if text == "after" else None, "topic")
    for session in going:
        await session.subscribe(lambda text: None, "topic")
        session._transport.transport.pauseProducing()
    acknowledge = PublishOptions(acknowledge=True)
    for _ in range(100):
        await publisher.publish("topic", "x" * 100_000, options=acknowledge)
    for session in going:
        session._transport.sendClose(1000)
    await task.deferLater(reactor, 0.5, lambda: None)
    await publisher.publish("topic", "after", options=acknowledge)
    await task.deferLater(reactor, 2, lambda: None)
    print(f"{len(heard)} of the {STAYING} who stayed got the event that was published while {GOING} others were closing")


with node() as (url, log):
    done = ensureDeferred(show(url))
    done.addErrback(lambda failure: failure.printTraceback()).addBoth(lambda _: reactor.stop())
    reactor.callLater(60, reactor.stop)
    reactor.run()
    print(*[line for line in log.read_text(errors="replace").splitlines() if "Disconnected" in line][-1:])
sys.exit(0 if len(heard) < STAYING else 1)
