"""Every procedure of every service, asked with what nobody should send: refused with a path, and nothing is changed."""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, Select, Table, func, literal, select, text, union_all
from sqlalchemy.engine import Connection

from chalkbell.contracts import PROCEDURES, Allow, Internal, Invalid, NotAllowed, Procedure, Refusal, Unavailable, load_all
from chalkbell.contracts.classroom import AddRoom, Join
from chalkbell.contracts.notifier import AddTask
from chalkbell.database import Database
from chalkbell.dispatch import ServiceDefinition
from services.classroom.__main__ import definition as classroom
from services.directory.__main__ import definition as directory
from services.notifier.__main__ import definition as notifier
from services.notifier.settings import Settings as NotifierSettings
from services.workflow.__main__ import definition as workflow
from services.workload.__main__ import definition as workload
from tests.postgresql import PostgreSQL
from tests.service.campus import CHEAP, ServiceCampus
from tests.service.hostile import is_refused_by_contract, requests
from tests.service.people import OPERATOR
from tests.service.workflow.scenario import ADMINISTRATOR, COORDINATOR, MANAGER, STRANGER, STUDENT, Scenario

load_all()
SERVICES = (directory, workload, workflow, notifier, classroom)
URIS = sorted(uri for uri, declared in PROCEDURES.items() if declared.service in {definition.name for definition in SERVICES})
# for a longer hunt: FUZZ=20 pytest tests/service/test_fuzz.py
LONGER = int(os.environ.get("FUZZ", "1"))
EXAMPLES = {"sqlite": 20 * LONGER, "postgresql": 8 * LONGER}


class Everything:
    """All services with something in each, and a look at whether anything in their tables has changed."""

    def __init__(self, campus: ServiceCampus, databases: dict[str, Database]) -> None:
        self.campus = campus
        self.databases = databases
        self.campus.join(notifier, NotifierSettings(task_setters=["cs-staff"]))
        self.campus.join(workload)
        self.campus.join(workflow)
        self.campus.join(classroom)
        self.scenario = Scenario(campus)
        deadline = campus.clock.now() + datetime.timedelta(days=9)
        task = campus.call(
            AddTask(name="Mark", deadline=deadline, people=[COORDINATOR], groups=["cs-staff"]),
            by=ADMINISTRATOR,
            role="administrator",
        )
        campus.call(AddRoom(id="logic", name="Logic", teachers=[COORDINATOR], people=[STUDENT], by_code=True), **OPERATOR)
        campus.call(Join(room="logic"), by=COORDINATOR, session=1)
        campus.settle()
        people = [COORDINATOR, MANAGER, STRANGER, STUDENT, ADMINISTRATOR]
        self.known: dict[str, list[Any]] = {
            "package": ["cs-2026", "law-2026"],
            "room": ["logic"],
            "assessment": [self.scenario.exam],
            "task": [task.id],
            "person": people,
            "people": people,
            "scope": ["cs-2026", "logic", "campus", COORDINATOR],
            "seen": [1, 1, 2, 3],
            "state": ["initial-submission"],
            "groups": ["cs-staff", "cs-managers"],
            "managers": ["cs-managers"],
            "module": ["cs101", "cs201"],
            "category": ["teaching"],
            "coordinator": [COORDINATOR],
            "id": ["logic", "cs101", "cs201", "bsc", "teaching", "cs-staff", STUDENT, STRANGER],
            "deadline": [deadline.isoformat()],
            "*": [*people, "cs-staff", "cs101", "cs201", "bsc", "teaching", "logic", "cs-2026", "group-1", "default.1", task.id],
        }
        self.looks = {name: Look(database) for name, database in databases.items()}
        self.last: dict[str, Any] = {}

    def close(self) -> None:
        """Close what is open."""
        for look in self.looks.values():
            look.close()
        for database in self.databases.values():
            database.dispose()

    def state(self, service: str) -> Any:
        """Something that is different when any row of a service's tables is."""
        self.last[service] = self.looks[service].state()
        return self.last[service]

    def before(self, service: str) -> Any:
        """The state that a service was seen in last."""
        return self.last[service] if service in self.last else self.state(service)

    def changed(self, service: str) -> None:
        """A service may have changed something."""
        self.last.pop(service, None)


def digest(table: Table) -> Select[Any]:
    """A question for one value that is another when any row of the table is."""
    rows = func.string_agg(text("t::text"), text("'|' order by t::text"))
    return select(literal(table.name) + ":" + func.md5(func.coalesce(rows, ""))).select_from(table.alias("t"))


class Look:
    """A connection of its own that sees whether another has changed anything."""

    def __init__(self, database: Database) -> None:
        self.on_sqlite = database.on_sqlite
        self.connection: Connection = database.engine.connect()
        if not self.on_sqlite:
            metadata = MetaData()
            metadata.reflect(self.connection)
            self.question = union_all(*map(digest, metadata.sorted_tables))
            self.connection.rollback()

    def state(self) -> Any:
        if self.on_sqlite:
            # counts the commits of other connections that changed something
            version = self.connection.exec_driver_sql("PRAGMA data_version").scalar_one()
            self.connection.rollback()
            return version
        found = self.connection.execute(self.question).scalars().all()
        self.connection.rollback()
        return found

    def close(self) -> None:
        self.connection.close()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def everything(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    """One campus for all: what succeeds stays, as it would."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    databases: dict[str, Database] = {}

    def new(definition: ServiceDefinition) -> Database:
        if request.param == "sqlite":
            url = f"sqlite:///{folder / definition.name}.sqlite3"
        else:
            server: PostgreSQL = request.getfixturevalue("postgresql")
            url = server.url(server.create_database())
        databases[definition.name] = Database(url, definition.name, threads=2)
        return databases[definition.name]

    campus = ServiceCampus(new, request.param)
    campus.join(directory, CHEAP)
    found = Everything(campus, databases)
    yield found
    found.close()


def callers(procedure: Procedure) -> st.SearchStrategy[dict[str, Any]]:
    """Who asks: mostly somebody who may."""
    if procedure.allow is Allow.ROUTER:
        return st.just({"by": "router", "role": "service-router"})
    if procedure.allow is Allow.SERVICE:
        return st.just({"by": "service.gateway", "role": "service-gateway"})
    administrators = [{"by": "operator", "role": "operator"}, {"by": ADMINISTRATOR, "role": "administrator"}]
    people = [{"by": person, "role": "person", "session": 1} for person in (COORDINATOR, MANAGER, STUDENT, STRANGER)]
    return st.sampled_from(administrators * 2 + people)


@pytest.mark.parametrize("uri", URIS)
def test_no_request_breaks_a_service(everything: Everything, uri: str) -> None:
    """An answer as the contract has it, or a refusal that can be sent; never an incident, and no row changed by a refusal."""
    procedure = PROCEDURES[uri]

    # what succeeds stays on the campus, so that nothing could be shrunk: the first failure is shown as it is
    @settings(
        max_examples=EXAMPLES[everything.campus.engine],
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(found=requests(procedure, everything.known), caller=callers(procedure))
    def ask(found: dict[str, Any], caller: dict[str, Any]) -> None:
        before = everything.before(procedure.service)
        try:
            answer = everything.campus.call_uri(uri, found, **caller)
        except Refusal as refused:
            check_refusal(refused, procedure, found)
            after = everything.state(procedure.service)
            assert remembers(procedure) or after == before, "a refused call has changed something"
        else:
            everything.changed(procedure.service)
            assert not is_refused_by_contract(procedure, found)
            msgspec.convert(answer, procedure.answer)
            msgspec.json.encode(answer)

    ask()


def check_refusal(refused: Refusal, procedure: Procedure, found: dict[str, Any]) -> None:
    """A refusal says what is wrong, and can be sent to whoever asked."""
    assert not isinstance(refused, Internal | Unavailable), f"{procedure.uri} {found!r}"
    sent = msgspec.json.encode([refused.message, refused.details])
    assert len(sent) < 100_000, "a refusal that repeats all it was sent"
    assert refused.message
    if isinstance(refused, Invalid):
        # a field without a name has a path without one
        assert refused.details["path"] or "" in found, f"invalid without a path: {refused.message}"
    elif is_refused_by_contract(procedure, found):
        assert isinstance(refused, NotAllowed), "what the contract does not take is invalid"


def remembers(procedure: Procedure) -> bool:
    """Whether failed attempts are counted: only signing in and changing a password do that."""
    return procedure.uri in {"chalkbell.directory.v1.sign_in", "chalkbell.directory.v1.password.change"}
