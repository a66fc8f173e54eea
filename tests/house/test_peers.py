"""The benchmarks' load against the real servers, with tiny numbers: everything arrives, each once and in order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.peers.compiled import compiler
from benchmarks.peers.load import Load, LoadFailed
from benchmarks.peers.plain import Floor
from benchmarks.peers.protocols import marked
from benchmarks.peers.server import Missing, Server
from benchmarks.peers.servers import SERVERS

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
