"""What Prometheus may read of the router: a page of its own, on a port that is kept internal."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastlanes.figures import figures
from twisted.web.resource import Resource
from twisted.web.server import Site

HELP = {
    "chalkbell_router_sessions": ("gauge", "Sessions that have joined, by role."),
    "chalkbell_router_messages_total": ("counter", "WAMP messages, by direction and kind."),
    "chalkbell_router_fast_lanes": ("gauge", "1 when the fast lanes are installed."),
    "chalkbell_router_cut_off_total": ("counter", "Sessions ended because too much waited for a reader that was too slow."),
    "chalkbell_router_missed_total": ("counter", "Events that could not be handed to a session, mostly because it was going away."),
    "chalkbell_router_waiting_bytes": ("gauge", "Bytes that wait for readers, in all and for the slowest."),
    "chalkbell_router_resident_bytes": ("gauge", "Memory of the router's worker."),
    "chalkbell_router_cpu_seconds_total": ("counter", "Processor time of the router's worker."),
}


def listen(reactor: Any, host: str, port: int, component: Any) -> Any:
    """Serve `/metrics`. `component` is the courtyard, through which the router is seen."""
    root = Resource()
    root.putChild(b"metrics", Page(component))
    return reactor.listenTCP(port, Site(root), interface=host)


class Page(Resource):
    """The page, in Prometheus's text format."""

    isLeaf = True

    def __init__(self, component: Any) -> None:
        super().__init__()
        self.component = component

    def render_GET(self, request: Any) -> bytes:
        request.setHeader(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
        request.setHeader(b"cache-control", b"no-store")
        return text(self.component).encode()


def text(component: Any) -> str:
    """All samples with their help, each metric's together."""
    lines: list[str] = []
    told: set[str] = set()
    for name, labels, value in samples(component._transport._router):
        if name not in told:
            told.add(name)
            kind, meaning = HELP[name]
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]
        lines.append(f"{name}{labels} {value}")
    return "\n".join(lines) + "\n"


def samples(router: Any) -> Iterator[tuple[str, str, float]]:
    """Name, labels and value of each sample."""
    sessions = list(router._session_id_to_session.values())
    for role, number in sorted(Counter(str(session._authrole) for session in sessions).items()):
        yield "chalkbell_router_sessions", f'{{role="{role}"}}', number
    for direction, kinds in router._message_stats.items():
        for kind, number in sorted(kinds.items()):
            yield "chalkbell_router_messages_total", f'{{direction="{direction}",kind="{kind}"}}', number
    lanes = figures()
    yield "chalkbell_router_fast_lanes", "", lanes["installed"]
    yield "chalkbell_router_cut_off_total", "", lanes["cut_off"]
    yield "chalkbell_router_missed_total", "", lanes["missed"]
    waiting = [_waiting(session._transport) for session in sessions]
    yield "chalkbell_router_waiting_bytes", '{of="all"}', sum(waiting)
    yield "chalkbell_router_waiting_bytes", '{of="slowest"}', max(waiting, default=0)
    if resident := _resident():
        yield "chalkbell_router_resident_bytes", "", resident
    yield "chalkbell_router_cpu_seconds_total", "", time.process_time()


def _waiting(transport: Any) -> int:
    """Bytes that wait for one session. Twisted's TCP and unix connections keep them in two buffers; others are not counted."""
    connection = getattr(transport, "transport", None)
    try:
        return len(connection.dataBuffer) - connection.offset + connection._tempDataLen
    except (AttributeError, TypeError):
        return 0


def _resident() -> int:
    """Bytes of memory in use, where Linux tells; otherwise 0."""
    try:
        with open("/proc/self/statm", encoding="ascii") as numbers:
            return int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
