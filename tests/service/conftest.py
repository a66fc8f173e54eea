"""The campus that tests of services run on: once on SQLite, once on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalkbell.database import Database
from chalkbell.dispatch import ServiceDefinition
from chalkbell.migrate import migrate
from services.directory.__main__ import definition as directory
from tests.postgresql import PostgreSQL
from tests.service.campus import CHEAP, ServiceCampus


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine that this run of the test is on."""
    return request.param


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[ServiceDefinition], Path]:
    """An empty, migrated SQLite file of a service: made once, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")

    def file(definition: ServiceDefinition) -> Path:
        made = folder / f"{definition.name}.sqlite3"
        if not made.exists():
            database = Database(f"sqlite:///{made}", definition.name)
            migrate(database, definition.migrations)
            database.dispose()
        return made

    return file


@pytest.fixture
def new_service_database(
    engine: str, tmp_path: Path, migrated_files: Callable[[ServiceDefinition], Path], request: pytest.FixtureRequest
) -> Iterator[Callable[[ServiceDefinition], Database]]:
    """A function that makes a migrated database for a service on this run's engine; gone after the test."""
    opened: list[Database] = []

    def on_sqlite(definition: ServiceDefinition) -> Database:
        file = tmp_path / f"{definition.name}.sqlite3"
        shutil.copyfile(migrated_files(definition), file)
        return Database(f"sqlite:///{file}", definition.name, threads=2)

    def on_postgresql(definition: ServiceDefinition) -> Database:
        server: PostgreSQL = request.getfixturevalue("postgresql")

        def prepare(url: str) -> None:
            database = Database(url, definition.name)
            migrate(database, definition.migrations)
            database.dispose()

        make: Callable[..., str] = request.getfixturevalue("new_database")
        template = server.template(f"service {definition.name}", prepare)
        return Database(make(template), definition.name, threads=2)

    def make(definition: ServiceDefinition) -> Database:
        opened.append(on_sqlite(definition) if engine == "sqlite" else on_postgresql(definition))
        return opened[-1]

    if engine == "postgresql":
        request.getfixturevalue("new_database")  # so that it is torn down after us
    yield make
    for database in opened:
        database.dispose()


@pytest.fixture
def campus(engine: str, new_service_database: Callable[[ServiceDefinition], Database]) -> ServiceCampus:
    """A campus with the directory on it and nobody in it. Let your service join: `campus.join(definition)`."""
    campus = ServiceCampus(new_service_database, engine)
    campus.join(directory, CHEAP)
    return campus
