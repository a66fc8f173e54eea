"""Where a service runs: the data folder, the database, the router's address and its key, from the campus's settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.engine import make_url

from chalkbell.bus import Key
from chalkbell.database import Database
from chalkbell.dispatch import ServiceDefinition
from chalkbell.router.configuration import RouterSettings, authid
from chalkbell.router.keys import read_seed
from chalkbell.settings import Campus, Section, load, read_file


@dataclass(frozen=True)
class Surroundings:
    """Where a service runs: what the campus's settings make of the data folder and the router's address."""

    campus: Campus
    environment: dict[str, str]
    file: dict[str, Any]

    @classmethod
    def of(cls, environment: dict[str, str], flags: dict[str, Any] | None = None) -> Surroundings:
        """Read the settings. Raises `SettingsError`."""
        path = environment.get("CHALKBELL_CONFIG")
        file = read_file(Path(path) if path else None)
        return cls(load(Campus, "", environment, file, flags or {}), environment, file)

    def database(self, service: str) -> Database:
        """The database of a service."""
        if self.campus.database == "sqlite":
            return Database(
                f"sqlite:///{self.campus.data_directory / (service + '.sqlite3')}", service, threads=self.campus.threads
            )
        url = make_url(self.campus.database)
        if self.campus.database_password:
            url = url.set(password=self.campus.database_password)
        return Database(url.render_as_string(hide_password=False), service, threads=self.campus.threads)

    def section(self, definition: ServiceDefinition) -> Section:
        """A service's own settings; fields that have the name of the campus's are filled from it unless they are set.

        Where it listens is its own affair: two cannot have one port.
        """
        kind, name = definition.settings, definition.name
        own = load(kind, name, self.environment, self.file)
        campus = {
            field: _plain(getattr(self.campus, field))
            for field in kind.__struct_fields__
            if field not in ("host", "port") and hasattr(self.campus, field) and getattr(own, field) == getattr(kind(), field)
        }
        return msgspec.structs.replace(own, **campus) if campus else own

    def router_address(self) -> str:
        """Where services join."""
        if self.campus.router:
            return self.campus.router
        return f"unix:{RouterSettings(data=self.campus.data_directory).services_socket}"

    def key(self, name: str) -> Key:
        """The key that a service (or the operator) signs in with."""
        return Key(authid(name), read_seed(self.campus.data_directory / "keys", name))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value
