"""The database is away, or its disk is full: clear refusals, nothing half done, and all goes on by itself."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalkbell.contracts import Refusal, Unavailable
from chalkbell.contracts.shared import AskHealth
from chalkbell.contracts.workflow import ReadAssessment, SignOff
from tests.faults.school import LECTURERS, PACKAGE, ROUND, Client, all_there, check, finish, in_threads, open_school
from tests.postgresql import PostgreSQL
from tests.running import Followed, Running, until

pytestmark = [pytest.mark.router, pytest.mark.timeout(240)]
AWAY_SECONDS = 30.0
SERVICES = ("directory", "workload", "workflow", "notifier")


def people_at_work(campus: Running) -> tuple[list[Client], list[Followed]]:
    """Lecturers who have signed off twice each, and two followers."""
    assessments = open_school(campus)
    clients = [Client(campus.person(person), assessment) for person, assessment in zip(LECTURERS, assessments, strict=True)]
    followers = [campus.person("ada-stone").follow("workflow", PACKAGE), campus.key("notifier").follow("workflow", PACKAGE)]
    finish(in_threads(clients, 2))
    for follower in followers:
        follower.wait(all_there(2 * len(clients)))
    return clients, followers


def refused_while_away(client: Client, seconds: float) -> list[Refusal]:
    """Ask for a sign-off again and again, under the request id that the client will use later; all refusals."""
    refused: list[Refusal] = []
    give_up = time.monotonic() + seconds
    state = ROUND[(client.signed - 1) % 2]
    ask = SignOff(
        assessment=client.assessment.id,
        state=state,
        seen=client.version,
        request_id=f"{client.assessment.id}-{client.version}",
    )
    while time.monotonic() < give_up:
        try:
            client.program.ask(ask, timeout=20)
        except Refusal as refusal:
            refused.append(refusal)
            threading.Event().wait(0.1)
        else:
            raise AssertionError("signed off without a database")
    return refused


def goes_on(campus: Running, clients: list[Client], followers: list[Followed], half_done: int) -> None:
    """All goes on: what was asked meanwhile is done once, everybody has it, and the services are well."""
    finish(in_threads(clients, 5))
    acknowledged = [sign_off for client in clients for sign_off in client.acknowledged]
    for follower in followers:
        check(follower.wait(all_there(len(acknowledged)), 60), acknowledged)
    for client in clients:
        history = campus.ask(ReadAssessment(assessment=client.assessment.id)).history
        assert sorted(entry.sign_off for entry in history) == sorted(client.acknowledged)
    assert half_done == 0
    until(
        lambda: campus.ask(AskHealth(), service="workflow").healthy,
        "workflow is well again",
        more=lambda: str(campus.ask(AskHealth(), service="workflow")),
    )


@pytest.mark.postgresql
def test_postgresql_away_for_half_a_minute(durable_postgresql: PostgreSQL) -> None:
    url = durable_postgresql.url(durable_postgresql.create_database())
    with Running(url) as campus:
        campus.start(SERVICES)
        clients, followers = people_at_work(campus)
        before = len(followers[0].events)
        durable_postgresql.stop()
        refused = refused_while_away(clients[0], AWAY_SECONDS)
        assert {type(refusal) for refusal in refused} == {Unavailable}, {repr(refusal) for refusal in refused}
        assert len(refused) > 10
        assert "database" in refused[-1].message
        told = len(followers[0].events) - before
        durable_postgresql.start()
        goes_on(campus, clients, followers, told)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of its own, of 24 MB: only root may make one."""
    path = Path(f"/tmp/chalkbell-disk-{os.getpid()}")
    path.mkdir()
    try:
        done = subprocess.run(
            ("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(path)), capture_output=True, text=True, check=False
        )
        if done.returncode:
            missing_disk(done.stderr)
        yield path
        subprocess.run(("umount", "--lazy", str(path)), check=True)
    finally:
        path.rmdir()


def missing_disk(why: str) -> None:
    """A disk cannot be made without the right to mount one; that is said plainly, also in CI, where few are root."""
    pytest.skip(f"a small disk cannot be mounted here, which takes root and the right to mount: {why.strip()}")


def fill(path: Path) -> Path:
    """Write until nothing fits any more; the file to remove again."""
    filler = path / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    return filler


def test_a_full_disk(small_disk: Path) -> None:
    """On SQLite, with the logs on the same disk."""
    with Running() as campus:
        folder = small_disk / "data"
        campus.environment["CHALKBELL_DATA"] = str(folder)
        campus.environment["CHALKBELL_ROUTER"] = campus.address
        campus.router.start()
        folder.mkdir()
        (folder / "keys").symlink_to(campus.router.settings.keys)
        campus.data = folder
        campus.add(SERVICES).wait_ready()
        clients, followers = people_at_work(campus)
        before = len(followers[0].events)
        filler = fill(small_disk)
        refused = refused_while_away(clients[0], AWAY_SECONDS)
        assert {type(refusal) for refusal in refused} == {Unavailable}, {repr(refusal) for refusal in refused}
        told = len(followers[0].events) - before
        filler.unlink()
        goes_on(campus, clients, followers, told)
