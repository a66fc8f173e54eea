"""Databases as a campus has them: on PostgreSQL all services in one database, a schema each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalkbell.database import Database
from chalkbell.dispatch import ServiceDefinition
from tests.postgresql import PostgreSQL


@pytest.fixture
def new_service_database(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[ServiceDefinition], Database]]:
    """A function that makes an empty database for a service; gone after the test."""
    server: PostgreSQL | None = request.getfixturevalue("postgresql") if engine == "postgresql" else None
    shared = server.url(server.create_database()) if server else ""
    opened: list[Database] = []

    def make(definition: ServiceDefinition) -> Database:
        url = shared or f"sqlite:///{tmp_path / definition.name}.sqlite3"
        opened.append(Database(url, definition.name, threads=2))
        return opened[-1]

    yield make
    for database in opened:
        database.dispose()
