"""Who may call and follow what, decided from the table that the contracts generate. Pure: no router, no clock.

The table is `router/permissions.json`; `router/README.md` says its shape.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: The levels of the table that each role of people reaches. The levels `service` and `router` are reached by nobody
#: here: the services' roles are static, and the router asks in its own name.
REACH = {
    "person": frozenset({"person"}),
    "administrator": frozenset({"person", "administrator"}),
    "operator": frozenset({"person", "administrator"}),
}
LEVELS = frozenset({"person", "administrator", "service", "router"})
PREFIX = "chalkbell."
HEAD = "head_announced"

_URI = re.compile(r"^chalkbell\.([a-z][a-z0-9]*)\.v([0-9]+)\.(.+)$")
_SCOPE = re.compile(r"^[a-z0-9][a-z0-9_-]{0,127}$")


@dataclass(frozen=True)
class Granted:
    """Yes, without asking anybody."""


@dataclass(frozen=True)
class Refused:
    """No, whatever the owner would say. `why` is for the log."""

    why: str


@dataclass(frozen=True)
class Ask:
    """The service that owns the scope decides, by its procedure `may_read`."""

    service: str
    version: int
    scope: str

    @property
    def procedure(self) -> str:
        """The URI of the owner's `may_read`."""
        return f"chalkbell.{self.service}.v{self.version}.meta.may_read"


Verdict = Granted | Refused | Ask


class Table:
    """The permissions generated from the contracts.

    `calls` maps a procedure's URI to the lowest level that may call it; `topics` maps a topic, with `{scope}` in the
    place of its scope, to the lowest level that may follow it. An unknown level is a mistake in the table and refused
    at once.
    """

    def __init__(self, calls: dict[str, str], topics: dict[str, str]) -> None:
        strange = {*calls.values(), *topics.values()} - LEVELS
        if strange:
            raise ValueError(f"unknown levels in the permissions table: {', '.join(sorted(strange))}")
        self.calls = calls
        self.topics = topics
        self._streams: dict[tuple[str, int], dict[str, str]] = {}
        for topic, level in topics.items():
            found = _URI.match(topic)
            if not found or not found[3].startswith("{scope}.") or "." in found[3][8:]:
                raise ValueError(f"{topic} in the permissions table is not chalkbell.<service>.v<n>.{{scope}}.<name>")
            self._streams.setdefault((found[1], int(found[2])), {})[found[3][8:]] = level

    @classmethod
    def read(cls, path: str | Path) -> "Table":
        """Read the table from its JSON file."""
        content: dict[str, Any] = json.loads(Path(path).read_text())
        return cls(content["calls"], content["topics"])

    def may_call(self, role: str, procedure: str) -> bool:
        """Whether a person of `role` may call `procedure` at all; the service then checks the object."""
        return self.calls.get(procedure) in REACH.get(role, ())

    def may_follow(self, role: str, topic: str, match: str) -> Verdict:
        """What to answer a person of `role` who subscribes to `topic` with the policy `match`."""
        if role not in REACH:
            return Refused(f"{role} is no role of people")
        if role == "operator":
            return Granted() if topic.startswith(PREFIX) else Refused("outside chalkbell.")
        if match not in ("exact", "prefix"):
            return Refused("people follow exact topics and whole scopes, not patterns")
        found = _URI.match(topic)
        if not found:
            return Refused("not a topic of a service")
        service, version, rest = found[1], int(found[2]), found[3]
        stream = self._streams.get((service, version))
        if stream is None:
            return Refused(f"{service} v{version} has no topics")
        scope, dot, name = rest.partition(".")
        if not dot or not _SCOPE.match(scope):
            return Refused("no scope")
        if match == "prefix" and name:
            return Refused("a prefix ends after its scope, with a dot")
        levels = stream.values() if match == "prefix" else [stream.get(name, "person" if name == HEAD else "router")]
        if any(level not in REACH[role] for level in levels):
            return Refused("not for this role")
        return Ask(service, version, scope)
