"""All servers that are compared."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from benchmarks.peers.brokers import Mosquitto, Nats
from benchmarks.peers.courtyard import Courtyard, WithoutLanes
from benchmarks.peers.django_channels import DjangoChannels
from benchmarks.peers.plain import BareCrossbar, Floor, SocketIo, Ws
from benchmarks.peers.server import Missing, Server

SERVERS: tuple[type[Server], ...] = (Courtyard, WithoutLanes, BareCrossbar, SocketIo, Ws, Nats, Mosquitto, DjangoChannels, Floor)


@contextlib.contextmanager
def running(kinds: list[type[Server]], tell: Callable[[str], None]) -> Iterator[list[Server]]:
    """Start those that can be had; `tell` hears of those that cannot."""
    with contextlib.ExitStack() as stack:
        servers: list[Server] = []
        for kind in kinds:
            try:
                servers.append(stack.enter_context(kind()))
            except Missing as reason:
                tell(f"{kind.name} is left out: {reason}")
        yield servers
