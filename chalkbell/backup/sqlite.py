"""SQLite: a file for each service, copied at one moment, put back by moving files."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from chalkbell.backup.archive import BackupProblem, Held, Manifest, Progress, describe
from chalkbell.database import Database
from chalkbell.migrate import pending

PLAN = "plan.json"
RESTORING = "restoring"
"""The folder of what is about to be moved into place: from when it is there, the restore is decided."""
BESIDE = ("", "-wal", "-shm")
PAGES = 2000


def copy(databases: Mapping[str, Database], folder: Path, progress: Progress) -> dict[str, Held]:
    """Copy every database that is there, all at one moment; services go on meanwhile."""
    files = {name: file for name, database in sorted(databases.items()) if (file := database.file) and file.exists()}
    held: dict[str, Held] = {}
    with contextlib.ExitStack() as opened:
        readers = _at_one_moment(files, opened)
        for number, (name, reader) in enumerate(readers.items()):
            progress("Copying", number, len(readers))
            target = folder / f"{name}.sqlite3"
            with contextlib.closing(sqlite3.connect(target)) as writing:
                reader.backup(writing, pages=PAGES)
                # the copy is one file, without a log beside it
                writing.execute("PRAGMA journal_mode=DELETE")
                held[name] = Held(epoch=_epoch(writing), revisions=_revisions(writing), parts=[])
            held[name] = Held(epoch=held[name].epoch, revisions=held[name].revisions, parts=[describe(folder, target.name)])
        progress("Copying", len(readers), len(readers))
    return held


def _at_one_moment(files: Mapping[str, Path], opened: contextlib.ExitStack) -> dict[str, sqlite3.Connection]:
    """A reader of each file, all of which see the same moment: nobody writes while they begin."""
    readers: dict[str, sqlite3.Connection] = {}
    with contextlib.ExitStack() as writers:
        for file in files.values():
            writer = writers.enter_context(contextlib.closing(sqlite3.connect(file, timeout=30, isolation_level=None)))
            writer.execute("BEGIN IMMEDIATE")
        for name, file in files.items():
            reader = opened.enter_context(contextlib.closing(sqlite3.connect(file, timeout=30, isolation_level=None)))
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            readers[name] = reader
    return readers


def _epoch(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT epoch FROM stream_epoch").fetchone()[0])


def _revisions(connection: sqlite3.Connection) -> list[str]:
    tables = ("stream_version", "service_version")
    return [str(row[0]) for table in tables for row in connection.execute(f"SELECT version_num FROM {table}")]


@contextlib.contextmanager
def nobody_runs(databases: Mapping[str, Database]) -> Iterator[None]:
    """Hold what every running service holds. Raises `BackupProblem` while one runs."""
    with contextlib.ExitStack() as held:
        for name, database in databases.items():
            assert database.file
            lock = held.enter_context(database.file.with_name(database.file.name + ".running").open("w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BackupProblem(f"{name} is running. Stop all services first; nothing was changed.") from error
        yield


def put_back(
    databases: Mapping[str, Database],
    migrations: Mapping[str, Path],
    manifest: Manifest,
    folder: Path,
    epochs: Mapping[str, str],
    progress: Progress,
) -> Path | None:
    """Check and prepare the files in `folder`, then move them into place; answers where the former files lie."""
    for number, name in enumerate(manifest.services):
        progress("Checking", number, len(manifest.services))
        _prepare(folder / f"{name}.sqlite3", name, migrations[name], manifest, epochs)
    progress("Checking", len(manifest.services), len(manifest.services))
    data = folder.parent
    before = data / f"before-restore-{datetime.now():%Y%m%d-%H%M%S}"  # noqa: DTZ005  # for people, in their own time
    # services that the backup knows nothing of begin anew: what they remember is of another history
    plan = {"before": before.name, "services": sorted(databases)}
    (folder / PLAN).write_text(json.dumps(plan))
    target = data / RESTORING
    os.mkdir(target, 0o700)
    for file in [*folder.glob("*.sqlite3"), folder / PLAN]:  # the plan last: without it nothing is decided
        file.replace(target / file.name)
    return finish(data)


def finish(data: Path) -> Path | None:
    """Move into place what a decided restore has laid ready; also after it was interrupted. Does nothing when there is none.

    Answers the folder of what was there before, if anything was.
    """
    ready = data / RESTORING
    if not (ready / PLAN).exists():
        if ready.exists():
            for file in ready.iterdir():
                file.unlink()
            ready.rmdir()
        return None
    plan = json.loads((ready / PLAN).read_text())
    before = data / plan["before"]
    before.mkdir(mode=0o700, exist_ok=True)
    for name in plan["services"]:
        new = ready / f"{name}.sqlite3"
        present = data / f"{name}.sqlite3"
        moved = before / f"{name}.sqlite3"
        if moved.exists() and not new.exists():
            continue  # done before the interruption
        for suffix in reversed(BESIDE):  # the log first: a file without its log would be an older one
            old = present.with_name(present.name + suffix)
            if old.exists():
                old.replace(moved.with_name(moved.name + suffix))
        if new.exists():
            new.replace(present)
    (ready / PLAN).unlink()
    ready.rmdir()
    if not any(before.iterdir()):
        before.rmdir()  # nothing was there
        return None
    return before


def _prepare(file: Path, name: str, migrations: Path, manifest: Manifest, epochs: Mapping[str, str]) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise BackupProblem(f"The copy of {name} is damaged: {found}. Nothing was changed.")
    database = Database(f"sqlite:///{file}", name, threads=1)
    try:
        pending(database, migrations)
    except ValueError as error:
        raise BackupProblem(
            f"{name} was written by a later version ({manifest.version}) than this. Restore it with that; nothing was changed."
        ) from error
    finally:
        database.dispose()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE stream_epoch SET epoch = ?", (epochs[name],))
        for other, held in manifest.services.items():
            connection.execute(
                "UPDATE stream_cursor SET epoch = ? WHERE service = ? AND epoch = ?", (epochs[other], other, held.epoch)
            )
        connection.execute("UPDATE lease SET holder = ''")
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=DELETE")
