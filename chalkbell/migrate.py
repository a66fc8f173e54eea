"""Bring a service's tables up to date: once, under a lock, with a copy of an SQLite file before."""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateSchema

from chalkbell.database import Database

# alembic keeps the running migration in globals of its own: one at a time in a process
_one_at_a_time = threading.Lock()
STREAM_MIGRATIONS = Path(__file__).parent / "stream" / "migrations"


def migrate(database: Database, migrations: Path) -> list[str]:
    """Run what has not been run: the shared stream tables', then the service's own in the folder `migrations`.

    Safe to be called by many processes at once: the others wait and find nothing left. Answers the revisions that were run. Before
    anything is changed an SQLite file that holds data is copied beside itself, as `<file>.before-<revision>`.
    """
    done: list[str] = []
    with _one_at_a_time, _lock(database):
        for folder, version_table in ((STREAM_MIGRATIONS, "stream_version"), (migrations, "service_version")):
            done += _upgrade(database, folder, version_table)
    if done:
        database.forget_epoch()
    return done


def pending(database: Database, migrations: Path) -> list[str]:
    """The revisions that `migrate` would run."""
    waiting: list[str] = []
    for folder, version_table in ((STREAM_MIGRATIONS, "stream_version"), (migrations, "service_version")):
        with database.engine.connect() as connection:
            waiting += _missing(_scripts(folder), _current(connection, version_table))
    return waiting


def _scripts(folder: Path) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(folder))
    return ScriptDirectory.from_config(config)


def _current(connection: Connection, version_table: str) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": version_table}).get_current_revision()


def _missing(scripts: ScriptDirectory, current: str | None) -> list[str]:
    found = [script.revision for script in scripts.walk_revisions("base", "heads")]
    found.reverse()
    return found[found.index(current) + 1 :] if current else found


def _upgrade(database: Database, folder: Path, version_table: str) -> list[str]:
    scripts = _scripts(folder)
    with database.transaction(write=True) as connection:
        current = _current(connection, version_table)
    missing = _missing(scripts, current)
    if not missing:
        return []
    if database.file and current:
        _copy(database.file, database.file.with_name(f"{database.file.name}.before-{missing[-1]}"))

    def upgrade(revision: Any, context: Any) -> Any:
        return scripts._upgrade_revs("heads", revision)  # pyright: ignore[reportPrivateUsage]  # alembic's own env.py goes this way

    config = Config()
    with EnvironmentContext(config, scripts, fn=upgrade) as environment, database.transaction(write=True) as connection:
        environment.configure(
            connection=connection, version_table=version_table, render_as_batch=True, transaction_per_migration=False
        )
        environment.run_migrations()
    return missing


@contextlib.contextmanager
def _lock(database: Database) -> Iterator[None]:
    if database.file:
        with database.file.with_name(database.file.name + ".migrating").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    key = zlib.crc32(b"chalkbell-migrate-" + database.schema.encode())
    with database.engine.connect() as connection:
        connection.execute(text("select set_config('lock_timeout', '120s', false)"))
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": key})
        connection.execute(CreateSchema(database.schema, if_not_exists=True))
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("select pg_advisory_unlock(:key)"), {"key": key})
            connection.commit()
            connection.invalidate()  # its lock_timeout is not that of the pool's others


def _copy(source: Path, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(source)) as reading, contextlib.closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
