"""The callee of the bare router: gives back what it gets. Rawsocket and CBOR, as our services have them."""

from __future__ import annotations

import sys
from typing import Any

import txaio

txaio.use_twisted()

from autobahn.twisted.component import Component  # noqa: E402
from twisted.internet import reactor  # noqa: E402

from benchmarks.bare import ECHO  # noqa: E402


def main(path: str) -> None:
    """Register and answer until killed."""
    transport = {
        "type": "rawsocket",
        "url": "rs://localhost",
        "endpoint": {"type": "unix", "path": path},
        "serializer": "cbor",
        "max_retries": -1,
        "initial_retry_delay": 0.2,
    }
    component = Component(transports=[transport], realm="campus")

    @component.on_join
    async def joined(session: Any, details: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        await session.register(lambda **fields: fields, ECHO)
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    component.start(reactor)
    reactor.run()  # type: ignore[attr-defined]


main(sys.argv[1])
