"""The fast lanes in a started router: on, off, and on versions they were not tested with."""

import queue
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet import reactor

from chalkbell.bus import Bus, Ticket
from chalkbell.router import configuration
from chalkbell.router.configuration import ROUTER_DIRECTORY, Limits
from tests.inside import router_module
from tests.routing import PATIENCE, TICKET, Router, StandIns, in_reactor
from tests.running import until

PYTHON = ROUTER_DIRECTORY / ".venv" / "bin" / "python"
INSTALLED = "chalkbell_router_fast_lanes"


@pytest.fixture
def make() -> Iterator[type[Router]]:
    """Makes routers that are closed at the end."""
    made: list[Router] = []

    class Made(Router):
        def __init__(self, **settings: object) -> None:
            super().__init__(**settings)
            made.append(self)

    yield Made
    for router in made:
        router.close()


def says(router: Router, words: str) -> None:
    """Wait until the router's log has `words`."""
    until(lambda: words in "\n".join(list(router.process.said)), words, PATIENCE, lambda: "\n".join(router.process.said))


def carries_an_event(router: Router) -> bool:
    """Whether everything works: people join, follow and hear."""
    services = StandIns(router)
    services.readers.add(("cs-2026", "ada-stone"))
    heard = services.join("ada-stone", "person").subscribe("chalkbell.workflow.v1.cs-2026.", match="prefix")
    services.services["workflow"].publish("chalkbell.workflow.v1.cs-2026.signed_off", "well")
    return bool(heard.next() == "well")


def test_a_router_takes_its_fast_lanes(make: type[Router]) -> None:
    router = make(fastlanes=True)
    router.start()
    assert router.metrics()[INSTALLED] == 1
    assert not [line for line in router.process.said if "fast lanes" in line]
    assert carries_an_event(router)


def test_a_router_with_its_fast_lanes_switched_off_says_so_and_works(make: type[Router]) -> None:
    router = make(fastlanes=False)
    router.start()
    assert router.metrics()[INSTALLED] == 0
    says(router, "fast lanes: staying out, switched off by CHALKBELL_ROUTER_FASTLANES")
    assert carries_an_event(router)


def test_a_program_that_was_too_slow_is_ended_and_joins_again(make: type[Router]) -> None:
    """It learns the reason; whoever follows goes on from where it was, as after any lost connection."""
    router = make(fastlanes=True, limits=Limits(queue_size=1_000_000))
    router.start()
    services = StandIns(router)
    services.people["ada-stone"] = "person"
    services.readers.add(("cs-2026", "ada-stone"))
    joins: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    async def joined(bus: Bus) -> None:
        await bus.subscribe("chalkbell.workflow.v1.cs-2026.", lambda *_: None, prefix=True)
        joins.put(bus.id)

    bus: Bus = in_reactor(lambda: Bus(reactor, router.websocket_url, Ticket("ada-stone", TICKET), on_join=joined))
    in_reactor(bus.start)
    first = joins.get(timeout=PATIENCE)
    connection: Any = in_reactor(lambda: bus._protocol.transport)  # type: ignore[union-attr]
    in_reactor(connection.pauseProducing)
    try:
        while router.metrics()["chalkbell_router_cut_off_total"] == 0:
            for _ in range(20):
                services.services["workflow"].publish("chalkbell.workflow.v1.cs-2026.signed_off", "x" * 100_000)
        in_reactor(connection.resumeProducing)
        assert joins.get(timeout=PATIENCE) not in (None, first)
        assert router.metrics()["chalkbell_router_cut_off_total"] == 1
        says(router, "of ada-stone reads too slowly")
    finally:
        in_reactor(bus.stop)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        pytest.param("tested.py", '"autobahn": "', '"autobahn": "0.', "tested with 0.", id="another version"),
        pytest.param(
            "parts.py", "tcp.Connection.writeSomeData", "tcp.Connection.writeSome", "tcp.Connection.writeSome", id="another part"
        ),
        pytest.param(
            "inside/routing.py", "import Router\n", "import Ruter\n", "cannot import name 'Ruter'", id="a part that moved"
        ),
        pytest.param(
            "inside/routing.py", "send_of(Router.send)", "send_of(Router.sent)", "no attribute 'sent'", id="half installed"
        ),
    ],
)
def test_lanes_that_do_not_fit_stay_out_say_why_and_everything_works(
    make: type[Router], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, said: str
) -> None:
    ours = tmp_path / "router"
    for name in ("courtyard", "fastlanes"):
        shutil.copytree(ROUTER_DIRECTORY / name, ours / name, ignore=shutil.ignore_patterns("__pycache__"))
    changed = ours / "fastlanes" / file
    before = changed.read_text()
    changed.write_text(before.replace(old, new))
    assert changed.read_text() != before
    monkeypatch.setattr(configuration, "ROUTER_DIRECTORY", ours)
    monkeypatch.setenv("CHALKBELL_CROSSBAR", str(PYTHON.with_name("crossbar")))
    router = make(fastlanes=True)
    router.start()
    says(router, "fast lanes: staying out")
    says(router, said)
    assert router.metrics()[INSTALLED] == 0
    assert carries_an_event(router)


@pytest.fixture(scope="module")
def fingerprints() -> dict[str, str]:
    """The private parts of Twisted, autobahn and Crossbar as they are installed."""
    command = [PYTHON, "-m", "fastlanes.parts"]
    done = subprocess.run(command, cwd=ROUTER_DIRECTORY, capture_output=True, text=True, timeout=60, check=True)
    return {path: there for there, path in (line.split(" ", 1) for line in done.stdout.splitlines())}


@pytest.mark.parametrize("part", router_module("fastlanes/parts.py").PARTS, ids=lambda part: part.path)
def test_a_private_part_is_what_it_was_when_the_lanes_were_made(part: Any, fingerprints: dict[str, str]) -> None:
    """When this fails, read what changed in the part, and whether its reason in `parts` still holds."""
    assert fingerprints[part.path] == part.fingerprint, part.why
