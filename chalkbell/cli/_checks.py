"""What `chalkbell doctor` looks at. Each check yields findings: what was looked at, how it is, what to do."""

from __future__ import annotations

import enum
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from chalkbell.cli._services import databases, migrations
from chalkbell.settings import SettingsError
from chalkbell.surroundings import Surroundings

LITTLE_SPACE = 200 * 1024 * 1024
SKEW_SECONDS = 2.0
OLDEST_PYTHON: tuple[int, ...] = (3, 11)


class Verdict(enum.StrEnum):
    """How something is: fine; worth knowing; in the way of a running campus."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True):
    """What was looked at, how it is, and what to do about it."""

    what: str
    verdict: Verdict
    says: str
    do: str = ""


Findings = Iterator[Finding]


def fine(what: str, says: str) -> Finding:
    """All is well with it."""
    return Finding(what, Verdict.FINE, says)


def note(what: str, says: str, do: str = "") -> Finding:
    """Worth knowing."""
    return Finding(what, Verdict.NOTE, says, do)


def wrong(what: str, says: str, do: str) -> Finding:
    """In the way of a running campus."""
    return Finding(what, Verdict.WRONG, says, do)


def examine(data: str | None) -> list[Finding]:
    """Everything, in an order in which one finding explains the next. A check that fails itself is a finding too."""
    from chalkbell.cli._campus import surroundings

    found = [*python()]
    try:
        where = surroundings(data)
    except SettingsError as error:
        return [*found, wrong("settings", str(error), "Mend this setting; docs/reference/settings.md lists all.")]
    found.append(fine("settings", f"read; the campus is at {where.campus.url}"))
    checks: list[Callable[[Surroundings], Findings]] = [time_zone, data_folder, keys, database]
    if where.campus.router.startswith("tcp:"):
        found.append(fine("router's environment, pages and ports", f"elsewhere: the router is at {where.campus.router}"))
    else:
        found += [*router_environment(), *pages()]
        checks.append(ports)
    for check in checks:
        found += guarded(check, where)
    from chalkbell.cli._checks_running import running

    found += guarded(running, where)
    return found


def guarded(check: Callable[[Surroundings], Findings], where: Surroundings) -> Findings:
    """A check's findings; that it could not be made is one."""
    try:
        yield from check(where)
    except Exception as error:
        yield wrong(
            check.__name__.replace("_", " "), f"cannot be looked at: {error}", "See the message; it may be a fault of Chalkbell."
        )


def python() -> Findings:
    """This Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    # asked at run time: what is installed may be another than what the tools were told
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield wrong("python", f"{version} is too old", "Use Python 3.11 or newer: make PYTHON=python3.13 setup")
    else:
        yield fine("python", f"{version} at {sys.executable}")


def router_environment() -> Findings:
    """The router's own environment, and its table of rights."""
    from chalkbell.router.configuration import ROUTER_DIRECTORY
    from chalkbell.router.process import RouterNotStarted, crossbar
    from chalkbell.schema import permissions

    try:
        program = crossbar()
        if not os.access(program, os.X_OK):
            raise RouterNotStarted(f"{program} cannot be run")
        yield fine("router's environment", str(program))
    except RouterNotStarted as error:
        yield wrong("router's environment", str(error), "Run `make setup`, or set CHALKBELL_CROSSBAR to the crossbar program.")
    table = ROUTER_DIRECTORY / "permissions.json"
    from chalkbell.contracts import load_all

    load_all()
    if not table.is_file():
        yield wrong("router's rights", f"there is no {table}", "Run `chalkbell schema --write`.")
    elif table.read_text(encoding="utf-8") != permissions():
        yield wrong(
            "router's rights",
            "the table is not what the contracts say",
            "Run `chalkbell schema --write` and start the router anew.",
        )
    else:
        yield fine("router's rights", "as the contracts say")


def pages() -> Findings:
    """The built pages."""
    from chalkbell.router.configuration import ROUTER_DIRECTORY

    index = ROUTER_DIRECTORY.parent / "web" / "dist" / "index.html"
    if index.is_file():
        yield fine("pages", "built")
    else:
        yield wrong("pages", "not built: browsers get an error", "Run `make build-web`.")


def time_zone(where: Surroundings) -> Findings:
    """The campus's time zone."""
    zone = where.campus.timezone
    try:
        now = datetime.now(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        yield wrong("time zone", f"there is no {zone!r}", "Set CHALKBELL_TIMEZONE to a name such as Europe/London.")
    else:
        yield fine("time zone", f"{zone}, where it is {now:%H:%M}")


def data_folder(where: Surroundings) -> Findings:
    """The data folder: there, ours, for us alone, with room."""
    from chalkbell.backup.sqlite import RESTORING

    folder = where.campus.data_directory
    if not folder.is_dir():
        parent = next(one for one in folder.parents if one.exists())
        if os.access(parent, os.W_OK):
            yield note(
                "data folder", f"{folder} is not there yet", "`chalkbell up` makes it; or say where it is with CHALKBELL_DATA."
            )
        else:
            yield wrong("data folder", f"{folder} cannot be made", "Set CHALKBELL_DATA to a folder that this user may write.")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield wrong(
            "data folder",
            f"{folder} cannot be written by this user",
            f"chown it to user {os.getuid()}, or run as {folder.owner()}.",
        )
        return
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        yield note("data folder", f"{folder} can be looked into by others", f"chmod o-rwx {folder}")
    else:
        yield fine("data folder", str(folder))
    strangers = [file.name for file in folder.glob("*.sqlite3*") if not os.access(file, os.R_OK | os.W_OK)]
    if strangers:
        yield wrong(
            "data folder", f"{', '.join(strangers)} cannot be written by this user", "Give them to the user that runs the services."
        )
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        yield wrong("disk", f"only {free / 1e6:.0f} MB are left", "Make room: a full disk refuses every change.")
    if (folder / RESTORING).exists():
        yield wrong("restore", "one was interrupted", "`chalkbell up` finishes it; or call `chalkbell restore` again.")


def keys(where: Surroundings) -> Findings:
    """The keys with which services and the operator sign in."""
    from chalkbell.router.keys import NAMES, UnsafeKeys, key_path, read_seed

    folder = where.campus.data_directory / "keys"
    missing = [name for name in NAMES if not key_path(folder, name).exists()]
    if missing:
        everything = len(missing) == len(NAMES)
        yield note("keys", "none yet" if everything else f"missing: {', '.join(missing)}", "`chalkbell up` makes them.")
    try:
        for name in set(NAMES) - set(missing):
            read_seed(folder, name)
    except (UnsafeKeys, OSError) as error:
        yield wrong("keys", str(error), "Keys are readable by their owner alone.")
    else:
        if not missing:
            yield fine("keys", f"{len(NAMES)}, for their owner alone")


def database(where: Surroundings) -> Findings:
    """Every service's database: answering, up to date, its clock ours."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from chalkbell.migrate import pending

    folders = migrations()
    waiting: list[str] = []
    there = 0
    clock_seen = False
    for name, one in databases(where).items():
        if one.file and not one.file.exists():
            continue
        try:
            one.ping()
            missing = pending(one, folders[name])
            there += 1
            waiting += [f"{name}: {revision}" for revision in missing]
            if not one.on_sqlite and not clock_seen:
                clock_seen = True
                with one.engine.connect() as connection:
                    yield from clock(connection.execute(text("select clock_timestamp()")).scalar_one())
        except ValueError:
            yield wrong(
                "database", f"{name} was written by a later version", "Start that version, or restore a backup of this one."
            )
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            yield wrong(
                "database",
                f"{name} cannot be reached: {reason}",
                "Is the server running? See CHALKBELL_DATABASE and _PASSWORD_FILE.",
            )
            if not one.on_sqlite:
                return
        finally:
            one.dispose()
    kind = "SQLite files" if where.campus.database == "sqlite" else "PostgreSQL schemas"
    yield fine("database", f"{there} {kind} answer") if there else note("database", "nothing yet", "`chalkbell up` makes it.")
    if waiting:
        yield note("migrations", f"not run yet: {', '.join(waiting)}", "They are run when the service starts. Take a backup first.")


def clock(theirs: datetime) -> Findings:
    """Whether the database's clock and ours agree: leases are counted by ours."""
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    if skew > SKEW_SECONDS:
        yield wrong("clock", f"ours and the database's differ by {skew:.0f} s", "Set both machines' clocks by NTP.")
    else:
        yield fine("clock", "agrees with the database's")


def ports(where: Surroundings) -> Findings:
    """The ports: ours, or free."""
    from chalkbell.cli._ports import why_not
    from chalkbell.cli.up import router_settings
    from chalkbell.router.process import answers

    settings = router_settings(where)
    up = answers(settings)
    for what, host, port in (
        ("people's port", settings.host, settings.port),
        ("gateway's port", settings.gateway_host, settings.gateway_port),
    ):
        problem = why_not(host, port)
        if up:
            if not problem:
                yield wrong(
                    what,
                    f"nobody listens on {host}, port {port}, though the router runs",
                    "Are CHALKBELL_PORT and CHALKBELL_GATEWAY_PORT those that it was started with?",
                )
        elif problem:
            yield wrong(what, problem, "Stop that program, or set CHALKBELL_PORT and CHALKBELL_GATEWAY_PORT.")
        else:
            yield fine(what, f"{port} is free")
