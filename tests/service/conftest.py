"""The campus that tests of services run on: once on SQLite, once on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

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


@pytest.fixture(scope="session")
def emptied_databases() -> dict[str, tuple[str, list[str]]]:
    """The PostgreSQL database of each service: its URL, and the tables to empty before a test. Much quicker than new ones."""
    return {}


@pytest.fixture
def new_service_database(
    engine: str, tmp_path: Path, migrated_files: Callable[[ServiceDefinition], Path], request: pytest.FixtureRequest
) -> Iterator[Callable[[ServiceDefinition], Database]]:
    """A function that makes an empty, migrated database for a service on this run's engine; gone after the test."""
    opened: list[Database] = []

    def on_sqlite(definition: ServiceDefinition) -> Database:
        file = tmp_path / f"{definition.name}.sqlite3"
        assert not file.exists(), f"{definition.name} has a database in this test already"
        shutil.copyfile(migrated_files(definition), file)
        opened.append(Database(f"sqlite:///{file}", definition.name, threads=2))
        return opened[-1]

    def on_postgresql(definition: ServiceDefinition) -> Database:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        ready: dict[str, tuple[str, list[str]]] = request.getfixturevalue("emptied_databases")
        assert all(database.schema != definition.name for database in opened), f"{definition.name} has a database already"
        known = ready.get(definition.name)
        database = Database(known[0] if known else server.url(server.create_database()), definition.name, threads=2)
        opened.append(database)
        migrate(database, definition.migrations)
        if known:
            empty(database, known[1])
        else:
            ready[definition.name] = (database.url.render_as_string(), empty_tables(database))
        return database

    def make(definition: ServiceDefinition) -> Database:
        return on_sqlite(definition) if engine == "sqlite" else on_postgresql(definition)

    yield make
    for database in opened:
        database.dispose()


def empty_tables(database: Database) -> list[str]:
    """The tables without rows: what a migration wrote is not for tests to remove."""
    with database.transaction(write=True) as connection:
        found = connection.execute(text("select tablename from pg_tables where schemaname = :name"), {"name": database.schema})
        names = [f'"{name}"' for name in found.scalars()]
        return [name for name in names if connection.execute(text(f"select 1 from {name} limit 1")).first() is None]


def empty(database: Database, tables: list[str]) -> None:
    """Remove every row of these tables, also where a trigger forbids it."""
    with database.transaction(write=True) as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text(f"truncate {', '.join(tables)} restart identity cascade"))


@pytest.fixture
def campus(engine: str, new_service_database: Callable[[ServiceDefinition], Database]) -> ServiceCampus:
    """A campus with the directory on it and nobody in it. Let your service join: `campus.join(definition)`."""
    campus = ServiceCampus(new_service_database, engine)
    campus.join(directory, CHEAP)
    return campus
