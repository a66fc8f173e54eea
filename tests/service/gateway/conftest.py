"""The HTTP face on a real port, over a campus in memory with the real directory on it."""

from collections.abc import Iterator

import pytest

from services.gateway.face import Face
from services.gateway.settings import Settings
from tests.routing import in_reactor, reactor
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import give_password
from tests.service.gateway.client import Browser, CampusDoors
from tests.service.people import administrator, populate, student


@pytest.fixture
def engine() -> str:
    """What is tried here is HTTP: one database will do."""
    return "sqlite"


@pytest.fixture
def doors(campus: ServiceCampus) -> CampusDoors:
    """The way into a campus with a few people on it."""
    populate(campus, ["ada-stone", student("bo-lind"), administrator("root-ann")], {"cs-staff": ["ada-stone"]})
    give_password(campus, "ada-stone")
    give_password(campus, "root-ann")
    return CampusDoors(campus)


@pytest.fixture
def face(doors: CampusDoors) -> Iterator[Face]:
    """The face, listening."""
    face = Face(doors, Settings(port=0, body_size=20_000), reactor)
    in_reactor(face.start)
    yield face
    in_reactor(face.stop)


@pytest.fixture
def browser(face: Face) -> Iterator[Browser]:
    """Somebody who sends requests and keeps cookies."""
    with Browser(face.port) as browser:
        yield browser
