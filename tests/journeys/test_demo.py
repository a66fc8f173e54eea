"""The demo campus: the same from the same seed, whole, true, and finished after an interruption."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chalkbell.contracts.classroom import ListRooms
from chalkbell.contracts.directory import PersonKind, ReadCampus
from chalkbell.contracts.notifier import ListDeliveries, ReadMyTasks
from chalkbell.contracts.workflow import ListAssessments, ReadAssessment, ReadExamined, ReadWaiting
from chalkbell.contracts.workload import ListPackages, ReadLoads, ReadPackage, Status
from chalkbell.database import Database
from chalkbell.demo import University, accounts, draw_passwords, fill, make_university
from chalkbell.demo.teaching import academic_year
from chalkbell.testing import FrozenClock, MemoryCampus
from services.classroom.__main__ import definition as classroom
from services.directory.__main__ import definition as directory
from services.notifier.__main__ import definition as notifier
from services.notifier.settings import Settings
from services.workflow.__main__ import definition as workflow
from services.workload.__main__ import definition as workload
from tests.journeys.demo_in_memory import InMemory, Killed, finish
from tests.service.campus import CHEAP

TODAY = date(2026, 11, 23)
OPERATOR = {"by": "operator", "role": "operator"}
NewCampus = Callable[[], MemoryCampus]


@pytest.fixture(scope="module")
def new_campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewCampus]:
    """A function that makes a campus with all services and nobody on it."""
    opened: list[Database] = []

    def make() -> MemoryCampus:
        folder: Path = tmp_path_factory.mktemp("campus")
        campus = MemoryCampus(FrozenClock())
        settings = {"directory": CHEAP, "notifier": Settings(outbox=str(folder / "outbox"))}
        for definition in (directory, workload, workflow, notifier, classroom):
            opened.append(Database(f"sqlite:///{folder / definition.name}.sqlite3", definition.name, threads=2))
            campus.add(definition, opened[-1], settings.get(definition.name, definition.settings()))
        return campus

    yield make
    for database in opened:
        database.dispose()


@pytest.fixture(scope="module")
def university() -> University:
    return make_university(1, TODAY, "Europe/London")


@pytest.fixture(scope="module")
def filled(new_campus: NewCampus, university: University) -> MemoryCampus:
    """A campus with the whole demo on it."""
    campus = new_campus()
    finish(fill(InMemory(campus), university, draw_passwords(university.accounts)))
    campus.settle()
    return campus


def account(university: University, role: str) -> str:
    return next(one.person.id for one in university.accounts if one.role == role)


def test_the_same_seed_makes_the_same_university(university: University) -> None:
    assert make_university(1, TODAY, "Europe/London") == university
    assert make_university(2, TODAY, "Europe/London").people != university.people


@pytest.mark.parametrize("seed", [2, 3, 17, 99])
def test_every_seed_makes_people_whose_ids_and_addresses_are_their_own(seed: int) -> None:
    people = make_university(seed, TODAY, "UTC").people.everybody
    assert len({one.id for one in people}) == len({one.email for one in people}) == len(people)


def test_the_academic_year_begins_in_september() -> None:
    assert [academic_year(date(2026, month, 1)) for month in (1, 8, 9, 12)] == [2025, 2025, 2026, 2026]


def test_who_can_sign_in_is_told_in_a_file_for_its_owner_alone(university: University, tmp_path: Path) -> None:
    passwords = draw_passwords(university.accounts)
    file = tmp_path / accounts.FILE
    accounts.write(file, accounts.table(university.accounts, passwords))
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text().splitlines()
    assert [line.split()[0] for line in lines] == [
        "administrator",
        "head",
        "coordinator",
        "moderator",
        "examiner",
        "teacher",
        "student",
    ]
    assert all(password in line for password, line in zip(passwords.values(), lines, strict=True))
    assert len(set(passwords.values())) == 7


def test_there_are_a_hundred_staff_examiners_and_a_class(filled: MemoryCampus) -> None:
    people = filled.call(ReadCampus(), **OPERATOR).people
    count = {kind: sum(person.kind is kind for person in people) for kind in PersonKind}
    assert count == {PersonKind.STAFF: 100, PersonKind.EXTERNAL: 8, PersonKind.STUDENT: 60}
    assert any(person.administrator for person in people)


def test_this_years_packages_are_open_and_last_years_is_closed(filled: MemoryCampus) -> None:
    found = filled.call(ListPackages(), **OPERATOR).packages
    assert {one.package.id: one.package.status for one in found} == {
        "cs-2026": Status.OPEN,
        "maths-2026": Status.OPEN,
        "cs-2025": Status.CLOSED,
    }


def test_loads_are_believable_and_nothing_in_them_fails(filled: MemoryCampus) -> None:
    loads = filled.call(ReadLoads(package="cs-2026"), **OPERATOR)
    percents = sorted(one.percent for one in loads.loads if one.percent and one.school)
    assert 70 < percents[len(percents) // 2] < 115, "half of the school works about as much as it should"
    assert percents[-1] < 200
    assert {one.fte for one in loads.loads} > {50.0, 80.0, 100.0}
    assert all(not one.problem for one in loads.modules)
    assert sum(len(filled.call(ReadPackage(package=id), **OPERATOR).modules) for id in ("cs-2026", "maths-2026")) == 120


def test_assessments_are_in_many_states_and_those_of_last_year_are_done(filled: MemoryCampus) -> None:
    states = {one.state for one in filled.call(ListAssessments(package="cs-2026"), **OPERATOR).assessments}
    assert len(states) == 9, "every state of the definition, and not begun"
    last = filled.call(ListAssessments(package="cs-2025"), **OPERATOR).assessments
    assert all(one.ended for one in last)


def test_history_is_true(filled: MemoryCampus) -> None:
    """Each sign-off was made by one whose turn it was, in their own name, and those concerned were told."""
    assessments = filled.call(ListAssessments(package="cs-2026"), **OPERATOR).assessments
    for one in random.Random(1).sample([one for one in assessments if one.sign_offs], 10):
        read = filled.call(ReadAssessment(assessment=one.id), **OPERATOR)
        assert all(entry.on_behalf_of is None and entry.signer != "operator" for entry in read.history)
        assert all(entry.notified for entry in read.history)


def test_nobody_gets_letters_for_what_the_demo_did(filled: MemoryCampus) -> None:
    assert filled.call(ListDeliveries(), **OPERATOR).deliveries == []


@pytest.mark.parametrize(
    ("role", "state"), [("coordinator", None), ("moderator", "initial-submission"), ("examiner", "moderated-acceptance")]
)
def test_something_waits_for_each_of_those_who_can_sign_in(
    filled: MemoryCampus, university: University, role: str, state: str | None
) -> None:
    waiting = filled.call(ReadWaiting(), by=account(university, role)).items
    assert state in {one.assessment.state for one in waiting}


def test_the_examiner_sees_what_they_examine_and_no_package(filled: MemoryCampus, university: University) -> None:
    examiner = account(university, "examiner")
    assert filled.call(ReadExamined(), by=examiner).examined
    assert filled.call(ListPackages(), by=examiner).packages == []


def test_tasks_are_near_and_far_overdue_and_done_by_some(filled: MemoryCampus, university: University) -> None:
    mine = filled.call(ReadMyTasks(), by=account(university, "coordinator"))
    days = [(one.deadline.date() - TODAY).days for one in mine.tasks]
    assert min(days) < 0 < max(days)
    assert any(0 < day < 7 for day in days)
    done = [
        one for person in university.people.computing for one in filled.call(ReadMyTasks(), by=person.id).tasks if one.completion
    ]
    assert done
    assert preferences_are_as_they_were(filled, university)


def preferences_are_as_they_were(filled: MemoryCampus, university: University) -> bool:
    return all(filled.call(ReadMyTasks(), by=one.id).preferences.notice_mail for one in university.people.staff)


def test_teacher_and_students_have_a_room(filled: MemoryCampus, university: University) -> None:
    for role in ("teacher", "student"):
        rooms = filled.call(ListRooms(), by=account(university, role)).rooms
        assert [one.room.id for one in rooms] == ["cs1001"]


def test_a_filling_that_was_killed_is_finished_by_the_next(new_campus: NewCampus, university: University) -> None:
    """Killed again and again, each time a little further on; in the end there is what there would have been at once."""
    few = {package: plans[:4] for package, plans in university.plans.items()}
    small = replace(university, plans=few, tasks=university.tasks[-1:])
    passwords = draw_passwords(small.accounts)
    at_once, killed = new_campus(), new_campus()
    finish(fill(InMemory(at_once), small, passwords))
    for questions in (2, 9, 12, 14, 16, 18, 19, 30, 70, 130, 150):
        with pytest.raises(Killed):
            finish(fill(InMemory(killed, most=questions), small, passwords))
    finish(fill(InMemory(killed), small, passwords))
    at_once.settle(), killed.settle()
    assert summary(killed) == summary(at_once)
    assert preferences_are_as_they_were(killed, university)


def summary(campus: MemoryCampus) -> dict[str, object]:
    """What there is, without ids made by chance and moments."""
    people = campus.call(ReadCampus(), **OPERATOR)
    return {
        "people": people.people,
        "groups": people.groups,
        "modules": {id: campus.call(ReadPackage(package=id), **OPERATOR).modules for id in ("cs-2026", "maths-2026", "cs-2025")},
        "assessments": sorted(
            (one.package, one.module, one.kind.value, one.state or "", one.sign_offs)
            for id in ("cs-2026", "maths-2026", "cs-2025")
            for one in campus.call(ListAssessments(package=id), **OPERATOR).assessments
        ),
    }
