"""A campus with the notifier on it, its outbox, and a mail server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.campus import ServiceCampus
from tests.service.notifier.office import Office
from tests.service.notifier.postbox import Postbox


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """The folder that messages are laid into."""
    return tmp_path / "outbox"


@pytest.fixture
def office(campus: ServiceCampus, outbox: Path) -> Office:
    """Everybody, no task yet; mail goes into the outbox."""
    office = Office(campus, mail="file", outbox=str(outbox))
    office.populate()
    return office


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server."""
    postbox = Postbox()
    postbox.start()
    yield postbox
    postbox.stop()


@pytest.fixture
def smtp_office(campus: ServiceCampus, postbox: Postbox) -> Office:
    """Everybody, no task yet; mail goes to the mail server."""
    office = Office(campus, mail="smtp", **postbox.settings)
    office.populate()
    return office
