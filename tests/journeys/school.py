"""A small school with everybody in it, made by calls alone. Several can stand on one campus, each knowing nothing of the others.

The school's name is in every id of its own. Its secret is in every name of a thing: who finds it in an answer saw something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from chalkbell.contracts import Refusal, Request
from chalkbell.contracts.classroom import AddRoom
from chalkbell.contracts.directory import AddGroup, ChangeMembers, ImportPeople
from chalkbell.contracts.notifier import AddTask, ReadMyTasks, Task
from chalkbell.contracts.workflow import Assessment, FillAssessments, ListAssessments
from chalkbell.contracts.workload import (
    AddPackage,
    Allocation,
    FilledActivity,
    FilledActivityType,
    FilledCategory,
    FilledModule,
    FilledPost,
    FilledProgramme,
    FillPackage,
    PackageDetails,
    Status,
)
from tests.running import Program, Running, until

A = TypeVar("A")
INITIAL = "initial-submission"
CHANGES = "moderated-changes-requested"
ACCEPTED = "moderated-acceptance"
RESUBMITTED = "resubmission-for-moderation"


@dataclass
class School:
    """A school called `name`: a package, two modules with an exam each, a room, a task, and the people.

    `coordinator`, `moderator` and `examiner` have to do with the first module alone, `manager` coordinates the second.
    """

    campus: Running
    name: str
    exam: Assessment = field(init=False)
    other_exam: Assessment = field(init=False)
    task: Task = field(init=False)

    def __post_init__(self) -> None:
        self._programs: dict[str, Program] = {}

    @property
    def secret(self) -> str:
        """What is in all names of things of this school, and in nothing else."""
        return f"Hushed {self.name}"

    @property
    def package(self) -> str:
        return f"{self.name}-2026"

    @property
    def room(self) -> str:
        return f"{self.name}-room"

    @property
    def staff(self) -> str:
        """The group whose members may see the package and come into the room."""
        return f"{self.name}-staff"

    @property
    def module(self) -> str:
        return f"{self.name}1"

    def person(self, first: str) -> str:
        """Somebody's id."""
        return f"{first}-{self.name}"

    coordinator = property(lambda self: self.person("ada"))
    moderator = property(lambda self: self.person("ben"))
    second_moderator = property(lambda self: self.person("bea"))
    teacher = property(lambda self: self.person("cyd"))
    """In the module's team, and the room's teacher."""
    manager = property(lambda self: self.person("max"))
    colleague = property(lambda self: self.person("lou"))
    """A member of the staff group with nothing to do yet."""
    student = property(lambda self: self.person("stu"))
    """In a group of the package by somebody's mistake, and in the room."""
    classmate = property(lambda self: self.person("pam"))
    examiner = property(lambda self: self.person("eve"))

    def program(self, person: str) -> Program:
        """Somebody's program, the same each time."""
        if person not in self._programs:
            self._programs[person] = self.campus.operator if person == "operator" else self.campus.person(person)
        return self._programs[person]

    def ask(self, person: str, request: Request[A]) -> A:
        """Ask as somebody over the websocket."""
        return self.program(person).ask(request)

    def open(self) -> School:
        """Make all of it, and wait until every service knows."""
        ask = self.campus.ask
        groups = {
            self.staff: [self.coordinator, self.colleague],
            f"{self.name}-managers": [self.manager],
            f"{self.name}-assistants": [self.student],
        }
        for group in groups:
            ask(AddGroup(id=group, name=group))
        everybody = [
            *((one, "staff") for one in (self.coordinator, self.moderator, self.second_moderator, self.teacher)),
            *((one, "staff") for one in (self.manager, self.colleague)),
            *((one, "student") for one in (self.student, self.classmate)),
            (self.examiner, "external"),
        ]
        rows = [
            f"{one},{one.title().replace('-', ' ')},{one}@example.edu,{kind},"
            f"{' '.join(group for group, members in groups.items() if one in members)}"
            for one, kind in everybody
        ]
        report = ask(ImportPeople(csv="\n".join(["id,name,email,kind,groups", *rows])))
        assert report.done, report
        values = PackageDetails(
            name=f"{self.secret} package",
            start=date(2026, 9, 1),
            end=date(2027, 9, 1),
            status=Status.OPEN,
            groups=[self.staff, f"{self.name}-assistants"],
            managers=[f"{self.name}-managers"],
        )
        heard(lambda: ask(AddPackage(package=self.package, values=values)))
        heard(lambda: ask(self._contents()))
        found = heard(lambda: self._assessments())
        self.exam, self.other_exam = sorted(found, key=lambda one: one.module)
        heard(lambda: self._room())
        self.task = heard(lambda: self._task())
        return self

    def _contents(self) -> FillPackage:
        code = self.name.upper()
        return FillPackage(
            package=self.package,
            categories=[FilledCategory(id=f"{self.name}-research", name=f"{self.secret} research")],
            activity_types=[
                FilledActivityType(id=f"{self.name}-projects", name=f"{self.secret} projects", category=f"{self.name}-research")
            ],
            programmes=[FilledProgramme(code=f"{code}BSC", name=f"{self.secret} BSc", examiners=[self.examiner])],
            modules=[
                FilledModule(
                    code=f"{code}1",
                    name=f"{self.secret} module",
                    coordinator=self.coordinator,
                    moderators=[self.moderator, self.second_moderator],
                    programmes=[f"{self.name}bsc"],
                    lead_programme=f"{self.name}bsc",
                    allocations=[Allocation(person=self.teacher, contact=50)],
                ),
                FilledModule(code=f"{code}2", name=f"{self.secret} second module", coordinator=self.manager),
            ],
            posts=[FilledPost(person=self.colleague, fte=50.0, job_title=f"{self.secret} post")],
            activities=[
                FilledActivity(
                    id=f"{self.name}-grant",
                    name=f"{self.secret} grant",
                    type=f"{self.name}-projects",
                    amount=10,
                    periods=[1],
                    person=self.colleague,
                )
            ],
        )

    def _assessments(self) -> list[Assessment]:
        self.campus.ask(FillAssessments(package=self.package))
        found = self.campus.ask(ListAssessments(package=self.package)).assessments
        if len(found) < 2:
            raise Refusal("not both yet")
        return found

    def _room(self) -> None:
        everybody = {"people": [self.student, self.classmate], "groups": [self.staff]}
        self.campus.ask(
            AddRoom(id=self.room, name=f"{self.secret} room", teachers=[self.teacher], countdown=0, by_code=True, **everybody)
        )

    def _task(self) -> Task:
        task = AddTask(
            name=f"{self.secret} task", deadline=datetime.now(UTC) + timedelta(days=1), people=[self.colleague], owner=self.manager
        )
        return self.campus.ask(task)

    def join_staff(self, person: str) -> None:
        """Take somebody into the staff group, and wait until the services know."""
        self.campus.ask(ChangeMembers(group=self.staff, add=[person]))
        heard(lambda: self.ask(person, ListAssessments(package=self.package)))


def heard(ask: Callable[[], A], patience: float = 30.0) -> A:
    """Ask again until it is no longer refused: until a service has heard of what another did."""
    answers: list[A] = []
    refused: list[Refusal] = []

    def answered() -> bool:
        try:
            answers.append(ask())
        except Refusal as refusal:
            refused[:] = [refusal]
        return bool(answers)

    until(
        answered, "the services have heard of it", patience, lambda: f"{refused and refused[0]!r} {refused and refused[0].details}"
    )
    return answers[0]


__all__ = ["ACCEPTED", "CHANGES", "INITIAL", "RESUBMITTED", "ReadMyTasks", "School", "heard"]
