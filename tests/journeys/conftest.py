"""A running campus with all services, and a mail server, for the journeys that disturb nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalkbell.router.process import RouterProcess
from tests.faults.mailbox import Mailbox
from tests.journeys.examples import EXAMPLES
from tests.journeys.school import School
from tests.running import Running


@pytest.fixture(scope="package")
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    box = Mailbox()
    box.start()
    yield box
    box.stop()


@pytest.fixture(scope="package")
def whole_campus(mailbox: Mailbox) -> Iterator[Running]:
    """A router and all services in one process, on SQLite. Its page is the example for the browser."""
    setters = json.dumps(["quince-managers", "damson-managers"])
    with Running(**mailbox.settings, CHALKBELL_NOTIFIER_TASK_SETTERS=setters) as campus:
        # the example for the browser in the place of the pages: it has to be on the campus's own origin
        campus.router.settings = replace(campus.router.settings, pages=EXAMPLES / "browser")
        campus.router.process = RouterProcess(campus.router.settings)
        campus.start()
        yield campus
        for process in campus.processes:
            assert "incident" not in process.log.read_text(), "something went wrong inside a service"


@pytest.fixture(scope="package")
def quince(whole_campus: Running) -> School:
    """A school."""
    return School(whole_campus, "quince").open()


@pytest.fixture(scope="package")
def damson(whole_campus: Running) -> School:
    """Another school, which has nothing to do with the first."""
    return School(whole_campus, "damson").open()
