"""The services' definitions and databases. Services are found by name: this package knows none of them."""

from __future__ import annotations

import importlib
from pathlib import Path

from chalkbell.contracts import SERVICES
from chalkbell.database import Database
from chalkbell.dispatch import ServiceDefinition
from chalkbell.surroundings import Surroundings


def definition_of(service: str) -> ServiceDefinition:
    """A service's definition."""
    found: ServiceDefinition = importlib.import_module(f"services.{service}.__main__").definition
    return found


def databases(where: Surroundings) -> dict[str, Database]:
    """Every service's database, whether it is there yet or not."""
    return {name: where.database(name) for name in SERVICES}


def migrations() -> dict[str, Path]:
    """Every service's folder of migrations."""
    return {name: definition_of(name).migrations for name in SERVICES}
