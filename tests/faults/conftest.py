"""A running campus on each database, and a mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.faults.mailbox import Mailbox
from tests.postgresql import PostgreSQL
from tests.running import Running

SERVICES = ("directory", "workload", "workflow", "notifier")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    box = Mailbox()
    box.start()
    yield box
    box.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_campus(request: pytest.FixtureRequest, mailbox: Mailbox) -> Iterator[Callable[[], Running]]:
    """A function that makes a campus, not yet started, on each kind of database."""
    made: list[Running] = []

    def make() -> Running:
        url = None
        if request.param == "postgresql":
            new_database: Callable[[], str] = request.getfixturevalue("new_database")
            url = new_database()
        made.append(Running(url, **mailbox.settings))
        return made[-1]

    if request.param == "postgresql":
        request.getfixturevalue("new_database")
    yield make
    for campus in made:
        campus.close()


@pytest.fixture
def campus_on_durable(durable_postgresql: PostgreSQL, mailbox: Mailbox) -> Iterator[Running]:
    """A campus on a PostgreSQL server that the test may stop and start."""
    url = durable_postgresql.url(durable_postgresql.create_database())
    with Running(url, **mailbox.settings) as campus:
        yield campus
