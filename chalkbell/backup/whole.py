"""All services together: one moment copied, one new history begun."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import chalkbell
from chalkbell.backup import postgresql, sqlite
from chalkbell.backup.archive import FORMAT, BackupProblem, Manifest, Progress, pack, read_manifest, unpack
from chalkbell.database import Database

Databases = Mapping[str, Database]
"""The services' databases, by service; all on the same engine."""


@dataclass(frozen=True)
class Restored:
    """What was restored, the new epochs by service, and where what was there before lies (SQLite)."""

    manifest: Manifest
    epochs: dict[str, str]
    before: Path | None = None


def _nothing(what: str, done: int, total: int) -> None:
    return None


def write(databases: Databases, path: Path, progress: Progress = _nothing) -> Manifest:
    """Write what all services remember at this moment into one file. They may be running meanwhile, and wait a few milliseconds."""
    if path.exists():
        raise BackupProblem(f"{path} is there already. Name another file.")
    engine = _engine(databases)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.absolute().parent) as name:
        folder = Path(name)
        copy = sqlite.copy if engine == "sqlite" else postgresql.copy
        services = copy(databases, folder, progress)
        if not services:
            raise BackupProblem("There is nothing to back up: no service has a database here yet.")
        manifest = Manifest(format=FORMAT, version=chalkbell.__version__, engine=engine, made=datetime.now(UTC), services=services)
        pack(path, folder, manifest, progress)
    return manifest


def restore(databases: Databases, migrations: Mapping[str, Path], path: Path, progress: Progress = _nothing) -> Restored:
    """Put what a backup holds in the place of what is there: all of it or nothing. `migrations` are the services' folders of them.

    Raises `BackupProblem` while a service runs, for a damaged file, another engine's, or a later version's. An earlier version's is
    brought up to date when the services start (SQLite), or refused (PostgreSQL).
    """
    engine = _engine(databases)
    manifest = read_manifest(path)
    if manifest.engine != engine:
        raise BackupProblem(f"{path} is a copy of {manifest.engine}, and this campus is on {engine}. See CHALKBELL_DATABASE.")
    if unknown := sorted(manifest.services.keys() - databases.keys()):
        raise BackupProblem(
            f"{path} holds {', '.join(unknown)}, which this version does not have. Restore it with {manifest.version}."
        )
    for database in databases.values():
        database.dispose()
        database.forget_epoch()
    epochs = {name: secrets.token_hex(8) for name in manifest.services}
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=_staging(databases)) as name:
        folder = Path(name)
        if engine == "sqlite":
            with sqlite.nobody_runs(databases):
                manifest = unpack(path, folder, progress)
                before = sqlite.put_back(databases, migrations, manifest, folder, epochs, progress)
            return Restored(manifest, epochs, before)
        manifest = unpack(path, folder, progress)
        postgresql.put_back(databases, migrations, manifest, folder, epochs, progress)
        return Restored(manifest, epochs)


def _engine(databases: Databases) -> str:
    return "sqlite" if all(database.on_sqlite for database in databases.values()) else "postgresql"


def _staging(databases: Databases) -> Path | None:
    """On SQLite the folder of the files: what is laid there can be moved into place at once."""
    file = next(iter(databases.values())).file
    return file.parent if file else None
