"""`chalkbell backup` and `chalkbell restore`: all that the campus remembers, in one file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from chalkbell.cli import _out, app
from chalkbell.cli._who import AsJson, Data


@app.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="The file to write; compressed when its name ends with .gz.")] = None,
    json: AsJson = False,
    data: Data = None,
) -> None:
    """Write what all services remember at this moment into one file. The campus may run meanwhile.

    Not in it are the keys, which are made anew where they are missing, and mail laid in the outbox folder.
    """
    from chalkbell.backup import BackupProblem, write
    from chalkbell.cli._campus import surroundings
    from chalkbell.cli._services import databases

    where = surroundings(data)
    if where.campus.database == "sqlite" and not where.campus.data_directory.is_dir():
        _out.fail(f"There is no campus in {where.campus.data_directory}.", "Say where it is with CHALKBELL_DATA.")
    path = file or Path(f"chalkbell-{datetime.now():%Y%m%d-%H%M%S}.tar.gz")  # noqa: DTZ005  # for people, in their own time
    found = databases(where)
    try:
        with _out.progress() as progress:
            manifest = write(found, path, progress)
    except (BackupProblem, OSError) as error:
        _out.fail(f"{error}")
    finally:
        for database in found.values():
            database.dispose()
    size = path.stat().st_size
    if json:
        _out.data({"file": str(path), "size": size, "made": manifest.made, "services": sorted(manifest.services)})
    else:
        _out.say(f"{', '.join(manifest.services)}: {size / 1e6:.1f} MB")
        print(path)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `chalkbell backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: AsJson = False,
    data: Data = None,
) -> None:
    """Put what a backup holds in the place of what is there: all of it or nothing. All services must be stopped.

    A new history begins: pages and programs that followed the old one take a fresh snapshot by themselves. Mail that was sent by
    the time of the backup is not sent again.
    """
    from chalkbell.backup import BackupProblem, read_manifest
    from chalkbell.backup import restore as put_back
    from chalkbell.cli._campus import surroundings
    from chalkbell.cli._services import databases, migrations

    where = surroundings(data)
    try:
        manifest = read_manifest(file)
        if not yes:
            _out.say(f"{file} is from {manifest.made.astimezone():%d %B %Y, %H:%M}. What has happened since will be gone.")
            if not typer.confirm("Restore it?", err=True):
                raise SystemExit(_out.FAILED)
        if where.campus.database == "sqlite":
            where.campus.data_directory.mkdir(parents=True, exist_ok=True)
        found = databases(where)
        try:
            with _out.progress() as progress:
                done = put_back(found, migrations(), file, progress)
        finally:
            for database in found.values():
                database.dispose()
    except (BackupProblem, OSError) as error:
        _out.fail(str(error))
    if json:
        _out.data({"restored": sorted(done.epochs), "made": manifest.made, "before": str(done.before) if done.before else None})
        return
    _out.say(f"Restored: {', '.join(sorted(done.epochs))}, as of {manifest.made.astimezone():%d %B %Y, %H:%M}.")
    if done.before:
        _out.say(f"What was there before is in {done.before}; remove it when all is well.")
    _out.say("Start the campus with `chalkbell up`.")
