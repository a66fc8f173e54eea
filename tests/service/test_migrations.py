"""A migrated database is what the models say."""

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

from chalkbell.database import Database
from chalkbell.directory_copy import DirectoryCopy
from chalkbell.directory_copy.tables import DIRECTORY
from chalkbell.dispatch import ServiceDefinition
from chalkbell.migrate import migrate, pending
from chalkbell.stream.tables import STREAM

SERVICES = sorted(main.parent.name for main in (Path(__file__).parents[2] / "services").glob("*/__main__.py"))
VERSION_TABLES = {"stream_version", "service_version"}


def definition_of(service: str) -> ServiceDefinition:
    """What a service's `__main__` declares."""
    return importlib.import_module(f"services.{service}.__main__").definition


def declared(service: str, definition: ServiceDefinition) -> list[MetaData]:
    """All tables that a service's code believes in."""
    try:
        model = importlib.import_module(f"services.{service}.model")
    except ModuleNotFoundError:
        model = None
    own = {id(value): value for value in vars(model).values() if isinstance(value, MetaData)} if model else {}
    copies = [DIRECTORY] if issubclass(definition.store, DirectoryCopy) else []
    return [STREAM, *copies, *(metadata for metadata in own.values() if metadata not in (STREAM, DIRECTORY))]


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrated_schema_is_the_models(service: str, new_service_database: Callable[[ServiceDefinition], Database]) -> None:
    """Nothing is in the database that the model does not declare, nor the other way round: tables, columns, types, indexes."""
    definition = definition_of(service)
    database = new_service_database(definition)
    with database.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, kind, parents: name not in VERSION_TABLES}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, declared(service, definition)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_again_finds_nothing_to_do(service: str, new_service_database: Callable[[ServiceDefinition], Database]) -> None:
    """A migrated database has nothing pending, and migrating it once more changes nothing."""
    definition = definition_of(service)
    database = new_service_database(definition)
    assert pending(database, definition.migrations) == []
    assert migrate(database, definition.migrations) == []
