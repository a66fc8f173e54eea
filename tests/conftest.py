"""What every test gets: a clean environment, Hypothesis's profiles, a PostgreSQL server."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.postgresql import PostgreSQL
from tools.system_parts import find_chromium, find_postgresql

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IN_CI = bool(os.environ.get("CI"))

# Before anything of ours is imported: no setting of the person who runs the tests reaches one of them, nor a process
# that one starts. Colours would be in the output that tests read.
for variable in [name for name in os.environ if name.startswith("CHALKBELL_")]:
    del os.environ[variable]
os.environ["NO_COLOR"] = "1"

hypothesis.settings.register_profile("local", deadline=None)
# In CI the examples are the same every time: a change is judged by what it changes.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "local")


def missing(what: str) -> None:
    """Skip the test because `what` is not on this machine; in CI fail, for there nothing is skipped in silence."""
    if IN_CI:
        pytest.fail(f"{what} is missing, and in CI no test is skipped for that")
    pytest.skip(f"{what} is missing: run `make setup`")


def _server(*, durable: bool) -> Iterator[PostgreSQL]:
    if find_postgresql() is None:
        missing("PostgreSQL")
    server = PostgreSQL(durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The session's server, quick and careless of power cuts. Tests that stop one take `durable_postgresql`."""
    yield from _server(durable=False)


@pytest.fixture
def durable_postgresql() -> Iterator[PostgreSQL]:
    """A server of the test's own that flushes what it commits; it may be stopped, started and crashed."""
    yield from _server(durable=True)


@pytest.fixture
def new_database(postgresql: PostgreSQL) -> Iterator[Callable[..., str]]:
    """A function that makes a fresh database on the session's server and returns its URL; gone after the test.

    `new_database(template=name)` copies one that `postgresql.template` prepared.
    """
    names: list[str] = []

    def make(template: str = "template0") -> str:
        names.append(postgresql.create_database(template))
        return postgresql.url(names[-1])

    yield make
    for name in names:
        postgresql.drop_database(name)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The session's browser, for the pages and the example for browsers."""
    from playwright.sync_api import sync_playwright

    found = find_chromium()
    if found is None:
        missing("Chromium")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()
