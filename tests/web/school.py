"""A small school for the pages' tests: a package, two who work on them, an examiner, a class, an administrator."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from chalkbell.contracts import Refusal
from chalkbell.contracts.classroom import AddRoom
from chalkbell.contracts.directory import AddGroup, AddPerson, ChangeMembers, PersonKind, SetPassword
from chalkbell.contracts.notifier import AddTask, Task
from chalkbell.contracts.workflow import Assessment, FillAssessments, ListAssessments, SignedOff, SignOff
from chalkbell.contracts.workload import (
    AddPackage,
    Allocation,
    FilledModule,
    FilledProgramme,
    FillPackage,
    PackageDetails,
    Status,
)
from tests.running import Running, until

PACKAGE = "cs-2026"
ROOM = "cs101"
PASSWORD = "brass bells in the courtyard"
STAFF = ["ada-stone", "ben-hill", "cleo-marsh", "dee-frost"]
STUDENTS = ["sam-reed", "sue-lane", "tom-moss", "una-wood"]
EXAMINER = "eve-north"
ADMINISTRATOR = "ida-ward"
"""Ada coordinates and Ben moderates; Cleo and Dee are on the staff and have nothing to do with their modules."""


def name_of(person: str) -> str:
    """How somebody is called: ada-stone is Ada Stone."""
    return person.replace("-", " ").title()


def email_of(person: str) -> str:
    """Their address, for signing in."""
    return f"{person}@example.edu"


def open_school(campus: Running) -> None:
    """Bring in everybody and everything; return when all services know of it."""
    kinds = {EXAMINER: PersonKind.EXTERNAL, **dict.fromkeys(STUDENTS, PersonKind.STUDENT)}
    for id in [*STAFF, *STUDENTS, EXAMINER, ADMINISTRATOR]:
        kind = kinds.get(id, PersonKind.STAFF)
        campus.ask(AddPerson(id=id, name=name_of(id), email=email_of(id), kind=kind, administrator=id == ADMINISTRATOR))
        campus.ask(SetPassword(id=id, password=PASSWORD))
    for group, name, members in (("cs", "Computer Science", STAFF), ("cs-class", "The class", STUDENTS)):
        campus.ask(AddGroup(id=group, name=name))
        campus.ask(ChangeMembers(group=group, add=members))
    until(lambda: _succeeds(campus, _package()), "workload knows the group")
    campus.ask(FillPackage(package=PACKAGE, programmes=[FilledProgramme(code="BSC", name="Computing BSc", examiners=[EXAMINER])]))
    until(
        lambda: _succeeds(campus, AddRoom(id=ROOM, name="Peer instruction", teachers=["ada-stone"], groups=["cs-class"])), "a room"
    )


def _package() -> AddPackage:
    values = PackageDetails(
        name="Computing 2026/27", start=date(2026, 9, 1), end=date(2027, 9, 1), status=Status.OPEN, groups=["cs"]
    )
    return AddPackage(package=PACKAGE, values=values)


def _succeeds(campus: Running, request: object) -> bool:
    try:
        campus.ask(request)  # pyright: ignore[reportArgumentType]
    except Refusal:
        return False
    return True


def add_module(campus: Running, code: str, name: str, coordinator: str = "ada-stone", moderator: str = "ben-hill") -> Assessment:
    """A module that Eve examines; return its exam when workflow has it."""
    module = FilledModule(
        code=code,
        name=name,
        coordinator=coordinator,
        moderators=[moderator],
        programmes=["bsc"],
        lead_programme="bsc",
        students=120,
        allocations=[Allocation(person="ada-stone", contact=60, admin=60, assessment=60)],
    )
    campus.ask(FillPackage(package=PACKAGE, modules=[module]))
    found: list[Assessment] = []

    def known() -> bool:
        if not _succeeds(campus, FillAssessments(package=PACKAGE)):
            return False
        found[:] = [one for one in campus.ask(ListAssessments(package=PACKAGE)).assessments if one.module_code == code]
        return bool(found)

    until(known, f"workflow knows {code}")
    return found[0]


def sign_off(campus: Running, person: str, assessment: Assessment, state: str, seen: int, notes: str = "") -> SignedOff:
    """Sign off as somebody, by a program of theirs."""
    return campus.person(person).ask(SignOff(assessment=assessment.id, state=state, seen=seen, notes=notes))


def set_task(campus: Running, name: str, days: float, *people: str) -> Task:
    """A task for people, due in so many days."""
    deadline = datetime.now(UTC) + timedelta(days=days)
    return campus.ask(AddTask(name=name, deadline=deadline, people=list(people)))
