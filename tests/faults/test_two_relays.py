"""Two relays that both believe that they lead: the fence stops the one that was paused and wakes up too late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from twisted.internet.defer import Deferred

from chalkbell.contracts import Envelope
from chalkbell.contracts.shared import AskHealth, EventsHeads
from chalkbell.stream import tables
from chalkbell.surroundings import Surroundings
from chalkbell.testing.history import History, Kind, Report, check
from tests.faults.school import LECTURERS, PACKAGE, Client, finish, in_threads, open_school
from tests.routing import in_reactor
from tests.running import Running, until

pytestmark = [pytest.mark.router, pytest.mark.postgresql, pytest.mark.timeout(240)]
PLANTED = ("-m", "tests.faults.planted")


def tap(campus: Running, history: History) -> None:
    """Note every event of the package's stream as it comes over the wire, before any follower drops what it has."""
    program = campus.key("notifier")
    heads = program.ask(EventsHeads(scopes=[PACKAGE]), service="workflow")
    history.began("the wire", "notifier", PACKAGE, heads.epoch, heads.heads.get(PACKAGE, 0))

    def heard(topic: str, payload: Any) -> None:
        envelope = msgspec.convert(payload, Envelope)
        if envelope.seq:
            history.received("the wire", PACKAGE, envelope.epoch, envelope.seq)

    topic = f"chalkbell.workflow.v1.{PACKAGE}."
    in_reactor(lambda: Deferred.fromCoroutine(program.bus.subscribe(topic, heard, prefix=True)))


def all_published(campus: Running) -> None:
    """Return when the router has everything, and it is marked so."""
    until(lambda: campus.operator.ask(AskHealth(), service="workflow").unpublished == 0, "everything published and marked")


def verdict(campus: Running, history: History) -> Report:
    database = Surroundings.of(campus.environment).database("workflow")
    with database.transaction(write=False) as connection:
        epoch = database.epoch(connection)
        for row in connection.execute(select(tables.event).where(tables.event.c.scope == PACKAGE)).mappings():
            history.recorded(PACKAGE, epoch, row["seq"])
            seq = row["seq"]
        history.stands(PACKAGE, epoch, seq)
    database.dispose()
    return check(history)


@pytest.mark.parametrize("without", ["nothing", "fencing"])
def test_a_paused_relay_wakes_up_too_late(new_database: Callable[[], str], without: str) -> None:
    """With the fence it publishes nothing any more. Without it, everything comes twice, and the checker says so."""
    with Running(new_database(), CHALKBELL_TEST_WITHOUT=without) as campus:
        campus.router.start()
        campus.add(["directory", "workload"]).wait_ready()
        leader = campus.add(["workflow"], PLANTED)
        leader.wait_ready()
        campus.add(["workflow"], PLANTED).wait_ready()
        assessments = open_school(campus)
        clients = [Client(campus.person(person), assessment) for person, assessment in zip(LECTURERS, assessments, strict=True)]
        finish(in_threads(clients, 3))
        all_published(campus)
        history = History()
        tap(campus, history)
        leader.pause()
        finish(in_threads(clients, 4))
        wait_for_wire(history, sum(client.signed for client in clients) - 12)
        leader.resume()
        finish(in_threads(clients, 10))
        all_published(campus)
        found = verdict(campus, history)
    assert found.deliveries >= 14 * len(clients)
    assert bool(found.counts[Kind.DOUBLED]) is (without == "fencing"), found.lines()
    assert without == "fencing" or found.faults == [], found.lines()


def wait_for_wire(history: History, count: int) -> None:
    until(lambda: len(history.notes) - 1 >= count, "the other relay has taken over")
