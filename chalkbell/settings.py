"""Settings, typed, from one place: flag, then `CHALKBELL_*` environment (with `_FILE` for secrets), then file, then default.

A section is a struct whose fields carry their documentation; `.env.example` and the settings page are made from it.
"""

from __future__ import annotations

import tomllib
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

PREFIX = "CHALKBELL_"


class SettingsError(Exception):
    """A setting is wrong. The message says which, where it came from and what is expected."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A group of settings. Environment: `CHALKBELL_<SECTION>_<FIELD>`; file: `[section]` and `field = ...`."""


class Campus(Section, frozen=True, kw_only=True):
    """What all processes of one campus share. Environment: `CHALKBELL_<FIELD>`; file: at the top."""

    data: Annotated[str, Meta(description="The folder for databases, keys and the router's files.")] = "data"
    database: Annotated[
        str,
        Meta(
            description="`sqlite`: a file for each service in the data folder. Or an SQLAlchemy URL of a PostgreSQL database: a schema each."
        ),
    ] = "sqlite"
    database_password: Annotated[
        str, Meta(description="The password for the database URL, if it has none. Use CHALKBELL_DATABASE_PASSWORD_FILE.")
    ] = ""
    host: Annotated[str, Meta(description="Where browsers connect: the address that the router listens on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="The port for pages, websocket and HTTP.")] = 8080
    public_url: Annotated[
        str, Meta(description="How people reach the campus, for links in mail. Empty: made from host and port.")
    ] = ""
    router: Annotated[
        str,
        Meta(
            description="Where services find the router: `unix:<path>` or `tcp:<host>:<port>`. Empty: the socket in the data folder."
        ),
    ] = ""
    router_fastlanes: Annotated[
        bool,
        Meta(
            description="Whether the router may take its fast lanes: quicker fan-out, and a limit on what waits for a slow reader."
        ),
    ] = True
    timezone: Annotated[str, Meta(description="The campus's time zone, for reminders and deadlines.")] = "Europe/London"
    threads: Annotated[int, Meta(ge=1, le=64, description="Database threads of each service.")] = 4
    calls_per_minute: Annotated[int, Meta(ge=1, description="Calls that one person may make of one service in a minute.")] = 1200
    keep_events_days: Annotated[int, Meta(ge=1, description="Days that events can be replayed for.")] = 90
    metrics_port: Annotated[
        int, Meta(ge=0, le=65535, description="Port for /livez, /readyz and /metrics; 0: none. Keep it internal.")
    ] = 0
    metrics_host: Annotated[str, Meta(description="The address for /livez, /readyz and /metrics.")] = "127.0.0.1"
    router_metrics_port: Annotated[
        int, Meta(ge=0, le=65535, description="Port for the router's own /metrics; 0: none. Keep it internal.")
    ] = 0
    log_level: Annotated[str, Meta(description="debug, info, warning or error.")] = "info"
    log_format: Annotated[str, Meta(description="`text`, `json`, or `auto`: text on a terminal.")] = "auto"

    @property
    def data_directory(self) -> Path:
        """The data folder."""
        return Path(self.data).absolute()

    @property
    def url(self) -> str:
        """How people reach the campus."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


S = TypeVar("S", bound=Section)


def variable(section: str, field: str) -> str:
    """The environment variable of a setting; the campus's own section has no name."""
    return PREFIX + "_".join(part for part in (section, field) if part).upper()


def read_file(path: Path | None) -> dict[str, Any]:
    """The settings file (TOML), or nothing."""
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error}") from error


def load(
    kind: type[S], section: str, environment: Mapping[str, str], file: Mapping[str, Any] = {}, flags: Mapping[str, Any] = {}
) -> S:
    """One section's settings. Raises `SettingsError` naming the setting, its source and what is expected."""
    table = file.get(section, {}) if section else {key: value for key, value in file.items() if not isinstance(value, dict)}
    found: dict[str, Any] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        value, source = _look(variable(section, name), name, environment, table, flags)
        if source is None:
            continue
        try:
            if isinstance(value, str) and not _is_text(hint):
                value = msgspec.json.decode(value) if _is_list(hint) else value
                found[name] = msgspec.convert(value, hint, strict=False)
            else:
                found[name] = msgspec.convert(value, hint)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise SettingsError(f"{source}: {error}. Expected: {description(hint) or hint}") from error
    return kind(**found)


def _look(name: str, field: str, environment: Mapping[str, str], table: Any, flags: Mapping[str, Any]) -> tuple[Any, str | None]:
    if flags.get(field) is not None:
        return flags[field], f"--{field.replace('_', '-')}"
    if name in environment:
        return environment[name], name
    if name + "_FILE" in environment:
        path = Path(environment[name + "_FILE"])
        try:
            return path.read_text().strip(), name + "_FILE"
        except OSError as error:
            raise SettingsError(f"{name}_FILE names {path}, which cannot be read: {error}") from error
    if field in table:
        return table[field], f"{field} in the settings file"
    return None, None


def description(hint: Any) -> str:
    """The documentation that an annotated setting carries."""
    return next((part.description or "" for part in get_args(hint)[1:] if isinstance(part, Meta)), "")


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _is_text(hint: Any) -> bool:
    bare = _bare(hint)
    if get_origin(bare) in (Union, types.UnionType):
        return str in get_args(bare)
    return bare is str


def _is_list(hint: Any) -> bool:
    return get_origin(_bare(hint)) in (list, dict, tuple)
