"""A campus with a package under quality assurance: the real directory and workload, and people in every part.

Made once for each engine; every test gets a copy of the databases.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chalkbell.database import Database
from chalkbell.dispatch import ServiceDefinition
from services.directory.__main__ import definition as directory
from services.workflow.__main__ import definition as workflow
from services.workflow.api import facts
from services.workload.__main__ import definition as workload
from tests.postgresql import PostgreSQL
from tests.service.campus import CHEAP, ServiceCampus
from tests.service.workflow.scenario import Scenario

NewDatabase = Callable[[ServiceDefinition], Database]


@dataclass(frozen=True)
class Made:
    """What tests copy: a folder of SQLite files, or a PostgreSQL database with a schema for each service. And the exams in it."""

    where: str
    exams: tuple[str, str, str]


def campus_on(engine: str, new: NewDatabase) -> ServiceCampus:
    """A campus with the three services on it."""
    campus = ServiceCampus(new, engine)
    campus.join(directory, CHEAP)
    campus.join(workload)
    campus.join(workflow)
    return campus


def make(engine: str, new: NewDatabase) -> tuple[str, str, str]:
    """Bring the scenario into new databases, and let go of them."""
    scenario = Scenario(campus_on(engine, new))
    for member in scenario.campus.members.values():
        member.dispatcher.database.dispose()
    return scenario.exam, scenario.other_exam, scenario.law_exam


@pytest.fixture(scope="session")
def made_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The scenario in SQLite files."""
    folder = tmp_path_factory.mktemp("workflow")
    return Made(str(folder), make("sqlite", lambda one: Database(f"sqlite:///{folder}/{one.name}.sqlite3", one.name)))


@pytest.fixture(scope="session")
def made_on_postgresql(postgresql: PostgreSQL) -> Made:
    """The scenario in a database of the session's server."""
    name = postgresql.create_database()
    return Made(name, make("postgresql", lambda one: Database(postgresql.url(name), one.name)))


@pytest.fixture
def scenario(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scenario]:
    """Package cs-2026 with two modules, each with an exam; package law-2026 with one."""
    made: Made = request.getfixturevalue(f"made_on_{engine}")
    facts.forget_definitions()  # the copies share an epoch, and what is read in one is not in the next
    if engine == "sqlite":
        folder = shutil.copytree(made.where, tmp_path / "databases")
        campus = campus_on(engine, lambda one: Database(f"sqlite:///{folder}/{one.name}.sqlite3", one.name, threads=2))
    else:
        url: str = request.getfixturevalue("new_database")(made.where)
        campus = campus_on(engine, lambda one: Database(url, one.name, threads=2))
    yield Scenario(campus, made.exams)
    for member in campus.members.values():
        member.dispatcher.database.dispose()
