"""After the storm: wait until all is quiet, and note what the databases hold."""

from __future__ import annotations

import json
import threading
import time

from sqlalchemy import select

from chalkbell.contracts import Position
from chalkbell.contracts.workflow import ReadAssessment
from chalkbell.stream import tables
from chalkbell.testing.history import History, entries
from soak.followers import Page, hash_of
from soak.people import Person, change_of
from soak.world import ROOMS, STUDENTS, World, stream
from tests.faults.school import PACKAGE

SCOPES = {"workflow": [PACKAGE], "notifier": STUDENTS, "classroom": ROOMS}
QUIET = 1.0
"""Seconds in which nothing may move."""
PATIENCE = 120.0
"""Seconds for everybody to come to where the databases are: a stream's head is announced again after at most 60."""


def finish(world: World, people: list[Person]) -> None:
    """Let people end what they have begun. The campus must be well."""
    world.stopping.set()
    for person in people:
        person.thread.join(PATIENCE)
        if person.thread.is_alive():
            world.problems.append(f"{person.name} still waits for an answer")


def heads(world: World) -> dict[str, Position]:
    """Where each stream stands in the databases, by its name in the history."""
    found: dict[str, Position] = {}
    for service in SCOPES:
        database = world.campus.surroundings.database(service)
        try:
            with database.transaction(write=False) as connection:
                epoch = database.epoch(connection)
                for row in connection.execute(select(tables.stream)).mappings():
                    found[stream(service, row["scope"])] = Position(epoch=epoch, seq=row["seq"])
        finally:
            database.dispose()
    return found


def become_quiet(world: World, pages: list[Page], patience: float = PATIENCE) -> None:
    """Wait until every page is where the database is and nothing moves any more, and note what the databases hold then.

    A page that never comes there is the checker's business.
    """
    give_up = time.monotonic() + patience
    while True:
        before, notes = heads(world), look(world)
        late = time.monotonic() > give_up
        there = all(page.position == before.get(page.stream, page.position) for page in pages if not page.refused)
        threading.Event().wait(QUIET)
        if (there and heads(world) == before) or late:
            for note in notes:
                world.history.note(note)
            return


def look(world: World) -> list[entries.Any]:
    """What the databases hold, from their tables, and what workflow's ledger says, from its answers."""
    history = History()
    told: dict[str, str] = {}
    for service in SCOPES:
        database = world.campus.surroundings.database(service)
        try:
            with database.transaction(write=False) as connection:
                epoch = database.epoch(connection)
                for scope in SCOPES[service]:  # those in which nothing has happened yet
                    history.stands(stream(service, scope), epoch, 0)
                for row in connection.execute(select(tables.stream)).mappings():
                    history.stands(stream(service, row["scope"]), epoch, row["seq"], row["kept_from"])
                for row in connection.execute(select(tables.event).order_by(tables.event.c.scope, tables.event.c.seq)).mappings():
                    data = json.loads(row["data"])
                    change = change_of(row["name"], row["correlation_id"])
                    if row["name"] == "signed_off":
                        told[data["sign_off"]] = change or ""
                    content = f"{row['name']} {hash_of(data)}"
                    history.recorded(stream(service, row["scope"]), epoch, row["seq"], change, content)
        finally:
            database.dispose()
    ledger = [
        entry.sign_off
        for assessment in world.assessments
        for entry in world.campus.running.ask(ReadAssessment(assessment=assessment.id)).history
    ]
    history.found("the ledger", [stream("workflow", PACKAGE)], (told.get(entry, f"unrecorded {entry}") for entry in ledger))
    return history.notes
