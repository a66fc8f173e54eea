"""Backup and restore, on both engines: what was there is there again, nobody is told twice, and damage changes nothing."""

import fcntl
import sqlite3
import tarfile
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalkbell import backup
from chalkbell.backup.sqlite import PLAN, RESTORING, finish
from chalkbell.contracts import TooOld
from chalkbell.contracts.directory import ReadCampus
from chalkbell.contracts.notifier import ReadMyTasks
from chalkbell.contracts.shared import EventsSince
from chalkbell.contracts.workload import ReadPackage
from chalkbell.database import Database
from chalkbell.stream import listening
from services.directory.__main__ import definition as directory
from services.notifier.__main__ import definition as notifier
from services.notifier.settings import Settings
from services.workflow.__main__ import definition as workflow
from services.workload.__main__ import definition as workload
from tests.service.campus import ServiceCampus
from tests.service.people import OPERATOR, populate
from tests.service.workflow.scenario import ACCEPTED, COORDINATOR, INITIAL, MODERATOR, PACKAGE, Scenario

DEFINITIONS = {one.name: one for one in (directory, workload, workflow, notifier)}
MIGRATIONS = {name: one.migrations for name, one in DEFINITIONS.items()}


class School(Scenario):
    """The workflow's campus with the notifier, whose mail lies in a folder, and with backups."""

    def __init__(self, campus: ServiceCampus, folder: Path) -> None:
        self.outbox = folder / "outbox"
        self.file = folder / "campus.tar.gz"
        campus.join(workload)
        campus.join(workflow)
        campus.join(notifier, Settings(mail="file", outbox=str(self.outbox)))
        super().__init__(campus)

    @property
    def databases(self) -> Mapping[str, Database]:
        return {name: self.campus.members[name].dispatcher.database for name in DEFINITIONS}

    def letters(self) -> list[str]:
        """Everything settles, and mail that is due goes out; what there is of it by now."""
        self.campus.settle()
        self.campus.run_job("notifier", "deliver")
        self.campus.settle()
        return sorted(file.name for file in self.outbox.glob("*.eml"))

    def seen(self) -> dict[str, Any]:
        """What the services answer, without the name of their history."""
        answers = {
            "directory": self.campus.call(ReadCampus(), **OPERATOR),
            "workload": self.campus.call(ReadPackage(package=PACKAGE), **OPERATOR),
            "workflow": self.read(),
            "notifier": self.campus.call(ReadMyTasks(), by=MODERATOR),
        }
        return {name: _without_epoch(msgspec.to_builtins(answer)) for name, answer in answers.items()}

    def epochs(self) -> dict[str, str]:
        return {name: self.campus.epoch(name) for name in DEFINITIONS}

    def restore(self) -> backup.Restored:
        return backup.restore(self.databases, MIGRATIONS, self.file)


def _without_epoch(answer: dict[str, Any]) -> dict[str, Any]:
    answer["position"].pop("epoch")
    return answer


@pytest.fixture
def school(campus: ServiceCampus, tmp_path: Path) -> School:
    return School(campus, tmp_path)


def test_what_was_there_is_there_again_and_nobody_is_told_twice(school: School) -> None:
    school.sign(COORDINATOR, INITIAL)
    letters = school.letters()
    assert len(letters) == 2, "coordinator and moderator are told"
    seen, old = school.seen(), school.epochs()
    backup.write(school.databases, school.file)

    school.sign(MODERATOR, ACCEPTED, notes="This will never have been.")
    populate(school.campus, ["new-comer"])
    assert school.seen() != seen
    school.restore()

    assert school.seen() == seen
    assert not set(old.values()) & set(school.epochs().values()), "another history has another name"
    assert school.campus.settle() == 0, "everybody has heard already what there is"
    assert school.letters() == letters
    with pytest.raises(TooOld):
        school.campus.call(EventsSince(scope=PACKAGE, epoch=old["workflow"], seq=1), **OPERATOR, service="workflow")


def test_it_goes_on_after_a_restore(school: School) -> None:
    """New sign-offs, also such as have the number of a lost one, are told to everybody by mail and reported back."""
    school.sign(COORDINATOR, INITIAL)
    school.letters()
    backup.write(school.databases, school.file)
    school.sign(MODERATOR, ACCEPTED)
    before = school.letters()
    school.restore()

    school.campus.frozen.advance(timedelta(minutes=5))
    school.sign(MODERATOR, ACCEPTED)
    after = school.letters()

    assert len(after) == len(before) + 3, "coordinator, moderator and lead examiner are told of what is now true"
    notified = school.read().history[0].notified
    assert len(notified) == 3


def test_what_was_not_heard_at_the_backup_is_heard_after_the_restore(school: School) -> None:
    """The copy is of one moment, so nothing falls between two services."""
    school.sign(COORDINATOR, INITIAL)
    backup.write(school.databases, school.file)
    school.letters()
    school.outbox.rename(school.outbox.with_name("elsewhere"))
    school.restore()
    assert len(school.letters()) == 2


def test_who_has_heard_more_than_is_left_takes_a_fresh_copy(school: School) -> None:
    """A cursor of another history than the one that was copied is left alone, so that its owner finds out."""
    with school.databases["workload"].transaction(write=True) as connection:
        connection.exec_driver_sql("update stream_cursor set epoch = 'strange'")
    backup.write(school.databases, school.file)
    school.restore()
    cursors = listening.cursors(school.campus.members["workload"].dispatcher, "directory")
    assert cursors["campus"].epoch == "strange"


def test_a_ledger_that_refuses_changes_is_restored_and_refuses_again(school: School) -> None:
    school.sign(COORDINATOR, INITIAL)
    backup.write(school.databases, school.file)
    school.restore()
    with pytest.raises(Exception, match=r"(?i)ledger|never"), school.databases["workflow"].transaction(write=True) as connection:
        connection.exec_driver_sql("delete from sign_off")


def test_a_restore_is_refused_while_a_service_runs(school: School, engine: str) -> None:
    backup.write(school.databases, school.file)
    seen, epochs = school.seen(), school.epochs()
    with _running(school.databases["notifier"], school, engine), pytest.raises(backup.BackupProblem, match="notifier is running"):
        school.restore()
    assert (school.seen(), school.epochs()) == (seen, epochs)


def _running(database: Database, school: School, engine: str) -> Any:
    """What a running service holds."""
    if engine == "sqlite":
        assert database.file
        lock = database.file.with_name(database.file.name + ".running").open("w")
        fcntl.flock(lock, fcntl.LOCK_SH)
        return lock
    now = school.campus.clock.now() + timedelta(days=1000)
    with database.transaction(write=True) as connection:
        connection.exec_driver_sql("insert into lease (name, holder, fence, until) values ('relay-1', 'host:1:x', 1, %s)", (now,))
    return closing(_Nothing())


class _Nothing:
    def close(self) -> None:
        return None


@pytest.mark.parametrize(
    ("engine", "damage"),
    [
        ("sqlite", "cut"),
        ("sqlite", "changed"),
        ("sqlite", "no manifest"),
        ("sqlite", "empty"),
        pytest.param("postgresql", "changed", marks=pytest.mark.postgresql),
    ],
)
def test_a_damaged_file_changes_nothing(school: School, damage: str) -> None:
    backup.write(school.databases, school.file)
    seen, epochs = school.seen(), school.epochs()
    content = school.file.read_bytes()
    if damage == "cut":
        school.file.write_bytes(content[: len(content) // 2])
    elif damage == "empty":
        school.file.write_bytes(b"")
    else:
        _rewrite(school.file, manifest=damage == "changed")
    with pytest.raises(backup.BackupProblem):
        school.restore()
    assert (school.seen(), school.epochs()) == (seen, epochs)


def _rewrite(file: Path, *, manifest: bool) -> None:
    """The same archive with one byte changed in its last member, or without its manifest."""
    folder = file.parent / "unpacked"
    with tarfile.open(file) as archive:
        names = archive.getnames()
        archive.extractall(folder, filter="data")
    last = folder / names[-1]
    content = bytearray(last.read_bytes())
    content[-2] ^= 1
    last.write_bytes(bytes(content))
    with tarfile.open(file, "w:gz") as archive:
        for name in names[0 if manifest else 1 :]:
            archive.add(folder / name, arcname=name)


def test_the_file_is_for_its_owner_alone_and_is_never_overwritten(school: School) -> None:
    backup.write(school.databases, school.file)
    assert school.file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(backup.BackupProblem, match="already"):
        backup.write(school.databases, school.file)


@pytest.mark.parametrize("engine", ["sqlite"])  # PostgreSQL restores in one transaction
def test_a_restore_that_was_interrupted_while_moving_files_is_finished(school: School, tmp_path: Path) -> None:
    school.sign(COORDINATOR, INITIAL)
    seen = school.seen()
    backup.write(school.databases, school.file)
    school.sign(MODERATOR, ACCEPTED)
    done = school.restore()
    # as if it had stopped after the first file: the others lie ready, and what was there before is in place
    assert done.before
    ready = tmp_path / RESTORING
    ready.mkdir()
    for name in ("workflow", "workload"):
        (tmp_path / f"{name}.sqlite3").replace(ready / f"{name}.sqlite3")
        (done.before / f"{name}.sqlite3").replace(tmp_path / f"{name}.sqlite3")
    for database in school.databases.values():
        database.dispose()
    (ready / PLAN).write_bytes(msgspec.json.encode({"before": done.before.name, "services": sorted(DEFINITIONS)}))

    assert finish(tmp_path) == done.before
    assert not ready.exists()
    assert school.seen() == seen


def test_what_was_not_decided_is_cleared_away(tmp_path: Path) -> None:
    """A restore that stopped before its plan was there has changed nothing."""
    ready = tmp_path / RESTORING
    ready.mkdir()
    with closing(sqlite3.connect(ready / "workflow.sqlite3")) as connection:
        connection.execute("create table anything (id)")
    assert finish(tmp_path) is None
    assert not ready.exists()
