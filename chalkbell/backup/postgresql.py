"""PostgreSQL: a schema for each service, copied table by table in one transaction, put back in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, MetaData, Table, inspect, select, text

from chalkbell.backup.archive import BackupProblem, Held, Manifest, Progress, describe
from chalkbell.database import Database
from chalkbell.migrate import migrate

ROWS = 1000
"""Rows in one statement, and in one fetch."""
STATEMENT_TIMEOUT = "set local statement_timeout = 0"


def copy(databases: Mapping[str, Database], folder: Path, progress: Progress) -> dict[str, Held]:
    """Write every table of every service as lines of JSON, all as they are at one moment; services go on meanwhile."""
    held: dict[str, Held] = {}
    engine = next(iter(databases.values())).engine
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            connection.execute(text(STATEMENT_TIMEOUT))
            schemas = set(inspect(connection).get_schema_names())
            there = [
                name
                for name in sorted(databases)
                if name in schemas and "stream_epoch" in inspect(connection).get_table_names(name)
            ]
            for number, name in enumerate(there):
                progress("Copying", number, len(there))
                tables = _tables(connection, name)
                (folder / name).mkdir()
                for table in tables:
                    _write(connection, table, folder / name / f"{table.name}.jsonl")
                parts = [describe(folder, f"{name}/{table.name}.jsonl") for table in tables]
                held[name] = Held(epoch=_epoch(connection, name), revisions=_revisions(connection, name), parts=parts)
            progress("Copying", len(there), len(there))
    return held


def put_back(
    databases: Mapping[str, Database],
    migrations: Mapping[str, Path],
    manifest: Manifest,
    folder: Path,
    epochs: Mapping[str, str],
    progress: Progress,
) -> None:
    """Replace all rows of all services in one transaction: all or nothing."""
    for name, database in databases.items():
        migrate(database, migrations[name])
        database.forget_epoch()
    engine = next(iter(databases.values())).engine
    with engine.connect() as connection, connection.begin():
        connection.execute(text(STATEMENT_TIMEOUT))
        _nobody_runs(connection, sorted(databases))
        _same_revisions(connection, manifest)
        for number, name in enumerate(sorted(databases)):
            progress("Restoring", number, len(databases))
            tables = _tables(connection, name)
            if name in manifest.services:
                _replace(connection, tables, folder / name)
                _renew(connection, name, manifest, epochs)
            else:
                # what it remembers is of another history: it begins anew
                _forget_cursors(connection, name)
        progress("Restoring", len(databases), len(databases))
    for database in databases.values():
        database.forget_epoch()


def _tables(connection: Connection, schema: str) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection, schema=schema)
    return list(metadata.sorted_tables)


def _epoch(connection: Connection, schema: str) -> str:
    return str(connection.execute(text(f'select epoch from "{schema}".stream_epoch')).scalar_one())


def _revisions(connection: Connection, schema: str) -> list[str]:
    tables = ("stream_version", "service_version")
    return [
        str(one) for table in tables for one in connection.execute(text(f'select version_num from "{schema}".{table}')).scalars()
    ]


def _write(connection: Connection, table: Table, path: Path) -> None:
    with path.open("wb") as file:
        file.write(msgspec.json.encode([str(column.name) for column in table.columns]) + b"\n")
        rows = connection.execution_options(yield_per=ROWS).execute(select(table))
        for row in rows:
            file.write(msgspec.json.encode(list(row)) + b"\n")


def _nobody_runs(connection: Connection, services: list[str]) -> None:
    for name in services:
        # who starts now waits here, and finds the restored campus
        connection.execute(text(f'lock table "{name}".lease in access exclusive mode'))
        question = text(f"select holder from \"{name}\".lease where holder <> '' and until > :now limit 1")
        holder = connection.execute(question, {"now": datetime.now(UTC)}).scalar()
        if holder:
            raise BackupProblem(
                f"{name} is running ({holder}), or was a few seconds ago. Stop all services first; nothing was changed."
            )


def _same_revisions(connection: Connection, manifest: Manifest) -> None:
    for name, held in manifest.services.items():
        present = _revisions(connection, name)
        if present != held.revisions:
            raise BackupProblem(
                f"The tables of {name} are those of another version: {', '.join(held.revisions)} in the backup, {', '.join(present)} here."
                f" Restore it with Chalkbell {manifest.version}, then start this one. Nothing was changed."
            )


def _replace(connection: Connection, tables: list[Table], folder: Path) -> None:
    names = [f'"{table.schema}"."{table.name}"' for table in tables]
    for name in names:
        # ledgers refuse to be changed, also by us
        connection.execute(text(f"alter table {name} disable trigger user"))
    connection.execute(text(f"truncate {', '.join(names)} cascade"))
    for table, name in zip(tables, names, strict=True):
        for rows in _batches(table, folder / f"{table.name}.jsonl"):
            connection.execute(table.insert(), rows)
        connection.execute(text(f"alter table {name} enable trigger user"))


def _batches(table: Table, path: Path) -> Iterator[list[dict[str, Any]]]:
    with path.open("rb") as file:
        names: list[str] = msgspec.json.decode(file.readline())
        kinds = [table.columns[name].type.python_type for name in names]
        rows: list[dict[str, Any]] = []
        for line in file:
            values = msgspec.json.decode(line)
            rows.append(
                {
                    name: None if value is None else msgspec.convert(value, kind, strict=False)
                    for name, kind, value in zip(names, kinds, values, strict=True)
                }
            )
            if len(rows) == ROWS:
                yield rows
                rows = []
        if rows:
            yield rows


def _renew(connection: Connection, schema: str, manifest: Manifest, epochs: Mapping[str, str]) -> None:
    connection.execute(text(f'update "{schema}".stream_epoch set epoch = :epoch'), {"epoch": epochs[schema]})
    for other, held in manifest.services.items():
        connection.execute(
            text(f'update "{schema}".stream_cursor set epoch = :new where service = :service and epoch = :old'),
            {"new": epochs[other], "service": other, "old": held.epoch},
        )
    connection.execute(text(f"update \"{schema}\".lease set holder = ''"))


def _forget_cursors(connection: Connection, schema: str) -> None:
    connection.execute(text(f'delete from "{schema}".stream_cursor'))
