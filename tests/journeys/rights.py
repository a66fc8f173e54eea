"""Every procedure that people may call, asked about a school: the table of the tenancy tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from chalkbell.contracts import SERVICES, Request, directory, notifier, procedure_of, workflow, workload
from chalkbell.contracts import classroom as rooms
from chalkbell.contracts.shared import Describe, EventsHeads, EventsSince
from tests.journeys.school import INITIAL, School

DEFINITION = "name: quiet\ntitle: T\nstates:\n  - {name: done, title: Done, start: true, actors: [coordinator]}\n"
TASK = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Ids:
    """What can be known or guessed of a school."""

    package: str
    module: str
    programme: str
    category: str
    activity_type: str
    activity: str
    exam: str
    definition: str
    room: str
    task: str
    token: str
    staff: str
    colleague: str
    student: str
    moderator: str
    coordinator: str
    examiners: str
    """The examiner's stream."""

    @property
    def things(self) -> list[str]:
        """The ids that nobody else may be told: those of people and groups are known to all."""
        return [
            self.package,
            self.module,
            self.programme,
            self.category,
            self.activity,
            self.exam,
            self.room,
            self.task,
            self.token,
        ]


def ids_of(school: School, *, definition: str, token: str) -> Ids:
    """A school's ids."""
    name = school.name
    return Ids(
        package=school.package,
        module=school.module,
        programme=f"{name}bsc",
        category=f"{name}-research",
        activity_type=f"{name}-projects",
        activity=f"{name}-grant",
        exam=school.exam.id,
        definition=definition,
        room=school.room,
        task=school.task.id,
        token=token,
        staff=school.staff,
        colleague=school.colleague,
        student=school.student,
        moderator=school.moderator,
        coordinator=school.coordinator,
        examiners=workflow.examiner_scope(school.examiner),
    )


#: Ids that nobody has.
NOWHERE = Ids(**{name: f"no-{name.replace('_', '-')}" for name in Ids.__dataclass_fields__} | {"definition": "no-package.quiet.1"})


@dataclass(frozen=True)
class Row:
    """One question about a school.

    `control` is who of the school may ask it, which shows that the question is a good one. `own`: it names nothing of anybody's, and
    is answered with one's own. `open`: everybody may know, for the reason given.
    """

    ask: Callable[[Ids], Request[Any]]
    control: str = ""
    service: str | None = None
    own: bool = False
    open: str = ""

    @property
    def names(self) -> bool:
        """Whether it names what others may not know."""
        return not self.own and not self.open

    @property
    def uri(self) -> str:
        return procedure_of(type(self.ask(NOWHERE)), self.service).uri

    def fields(self, ids: Ids) -> dict[str, Any]:
        """The question as it travels."""
        return {name: value for name, value in msgspec.to_builtins(self.ask(ids)).items() if value is not None}


def own(request: Request[Any], service: str | None = None) -> Row:
    """A question about oneself."""
    return Row(lambda _: request, own=True, service=service)


DIRECTORY = [
    Row(lambda it: directory.ReadCampus(), "operator"),
    Row(lambda it: directory.ReadGroup(id=it.staff), "coordinator"),
    Row(lambda it: directory.ListGroups(), open="that there is a group, and how many are in it"),
    Row(lambda it: directory.ListPeople(search=it.colleague), open="staff find each other; students and externals are refused"),
    Row(lambda it: directory.AskNames(ids=[it.colleague]), open="what somebody is called whose id one has"),
    Row(lambda it: directory.EndSessions(person=it.colleague), "operator"),
    Row(lambda it: directory.ListTokens(person=it.colleague), "operator"),
    Row(lambda it: directory.MakeToken(name="theirs", person=it.colleague), "operator"),
    Row(lambda it: directory.RevokeToken(id=it.token), "operator"),
    own(directory.ReadProfile()),
    own(directory.ChangePassword(current="not my password", new="eleven words about a courtyard")),
]
WORKLOAD = [
    own(workload.ListPackages()),
    Row(lambda it: workload.ReadPackage(package=it.package), "coordinator"),
    Row(lambda it: workload.ReadLoads(package=it.package), "coordinator"),
    Row(lambda it: workload.ReadLoad(package=it.package, person=it.colleague), "coordinator"),
    Row(lambda it: workload.ReadLoad(package=it.package), "coordinator"),
    Row(lambda it: workload.ReadActivity(package=it.package, id=it.activity), "manager"),
    Row(lambda it: workload.FillPackage(package=it.package, posts=[workload.FilledPost(person=it.coordinator)]), "manager"),
    Row(lambda it: workload.FillPackage(package=it.package, dry_run=True), "manager"),
    Row(
        lambda it: workload.ChangePackage(
            package=it.package,
            seen=0,
            values=workload.PackageDetails(name="Taken over", start=date(2026, 9, 1), end=date(2027, 9, 1)),
        ),
        "manager",
    ),
    Row(
        lambda it: workload.PutCategory(package=it.package, id=it.category, seen=1, values=workload.CategoryDetails(name="Other")),
        "manager",
    ),
    Row(lambda it: workload.RemoveCategory(package=it.package, id=it.category, seen=1), "manager"),
    Row(
        lambda it: workload.PutActivityType(
            package=it.package, id=it.activity_type, seen=1, values=workload.ActivityTypeDetails(name="Other", category=it.category)
        ),
        "manager",
    ),
    Row(lambda it: workload.RemoveActivityType(package=it.package, id=it.activity_type, seen=1), "manager"),
    Row(
        lambda it: workload.PutProgramme(
            package=it.package, id=it.programme, seen=0, values=workload.ProgrammeDetails(code="X", name="Other")
        ),
        "manager",
    ),
    Row(lambda it: workload.RemoveProgramme(package=it.package, id=it.programme, seen=1), "manager"),
    Row(
        lambda it: workload.PutModule(
            package=it.package,
            id=it.module,
            seen=0,
            values=workload.ModuleDetails(code="X", name="Other", coordinator=it.colleague),
        ),
        "manager",
    ),
    Row(lambda it: workload.AllocateModule(package=it.package, id=it.module, seen=0, allocations=[]), "manager"),
    Row(lambda it: workload.RemoveModule(package=it.package, id=it.module, seen=0), "manager"),
    Row(
        lambda it: workload.PutActivity(
            package=it.package,
            id=it.activity,
            seen=1,
            values=workload.ActivityDetails(name="Other", type=it.activity_type, amount=1, periods=[1]),
        ),
        "manager",
    ),
    Row(lambda it: workload.RemoveActivity(package=it.package, id=it.activity, seen=0), "manager"),
    Row(
        lambda it: workload.PutPost(package=it.package, person=it.colleague, seen=1, values=workload.PostDetails(fte=1)), "manager"
    ),
    Row(lambda it: workload.RemovePost(package=it.package, person=it.colleague, seen=0), "manager"),
    Row(lambda it: EventsSince(scope=it.package), "coordinator", "workload"),
    Row(lambda it: EventsHeads(scopes=[it.package]), "coordinator", "workload"),
]
WORKFLOW = [
    own(workflow.ReadWaiting()),
    own(workflow.ReadExamined()),
    own(workflow.ListDefinitions()),
    Row(lambda it: workflow.ListAssessments(package=it.package), "coordinator"),
    Row(lambda it: workflow.ReadAssessment(assessment=it.exam), "coordinator"),
    Row(lambda it: workflow.ListDefinitions(package=it.package), "coordinator"),
    Row(lambda it: workflow.ReadDefinition(id=it.definition), "coordinator"),
    Row(lambda it: workflow.AddDefinition(text=DEFINITION, package=it.package), "manager"),
    Row(
        lambda it: workflow.AddAssessments(package=it.package, assessments=[workflow.NewAssessment(module=it.module, title="New")]),
        "manager",
    ),
    Row(lambda it: workflow.FillAssessments(package=it.package), "manager"),
    Row(lambda it: workflow.SignOff(assessment=it.exam, state=INITIAL, seen=99), "coordinator"),
    Row(
        lambda it: workflow.SignOff(
            assessment=it.exam, state=INITIAL, seen=99, on_behalf_of=it.coordinator, reason="On holiday, they say"
        ),
        "operator",
    ),
    Row(lambda it: EventsSince(scope=it.package), "coordinator", "workflow"),
    Row(lambda it: EventsSince(scope=it.examiners), "examiner", "workflow"),
    Row(lambda it: EventsHeads(scopes=[it.package, it.examiners]), "coordinator", "workflow"),
    Row(lambda it: workflow.RemoveAssessment(assessment=it.exam), "manager"),
]
NOTIFIER = [
    own(notifier.ReadMyTasks()),
    own(notifier.ListTasks()),
    own(notifier.ReadArchivedTasks()),
    own(notifier.ReadPreferences()),
    own(notifier.ChangePreferences(reminder_mail=True)),
    Row(lambda it: notifier.ExplainMessages(person=it.colleague), "operator"),
    Row(lambda it: notifier.ReadTask(task=it.task), "manager"),
    Row(lambda it: notifier.ChangeTask(task=it.task, seen=99, name="Other"), "manager"),
    Row(lambda it: notifier.CompleteTask(task=it.task), "colleague"),
    Row(lambda it: notifier.TakeBackCompletion(task=it.task), "colleague"),
    Row(lambda it: notifier.CompleteTask(task=it.task, person=it.colleague), "manager"),
    Row(lambda it: notifier.TakeBackCompletion(task=it.task, person=it.colleague), "manager"),
    Row(lambda it: notifier.ArchiveTask(task=it.task), "manager"),
    Row(lambda it: notifier.UnarchiveTask(task=it.task), "manager"),
    Row(
        lambda it: notifier.AddTask(name="Theirs", deadline=TASK, people=[], groups=[]),
        open="who may set tasks may set them for everybody; others are refused",
    ),
    Row(lambda it: EventsSince(scope=it.colleague), "colleague", "notifier"),
    Row(lambda it: EventsHeads(scopes=[it.colleague]), "colleague", "notifier"),
]
CLASSROOM = [
    own(rooms.ReadClock()),
    own(rooms.ListRooms()),
    Row(lambda it: rooms.ReadRoom(room=it.room), "student"),
    Row(lambda it: rooms.Join(room=it.room), "teacher"),
    Row(lambda it: rooms.Join(room=it.room, code="AAAA-AAAA"), "student"),
    Row(lambda it: rooms.Broadcast(room=it.room, seen=0), "teacher"),
    Row(lambda it: rooms.Rest(room=it.room, seen=0), "teacher"),
    Row(lambda it: rooms.Split(room=it.room, seen=0), "teacher"),
    Row(lambda it: rooms.CallBack(room=it.room, seen=0), "teacher"),
    Row(lambda it: rooms.SkipCountdown(room=it.room, seen=0), "teacher"),
    Row(lambda it: rooms.ExtendCountdown(room=it.room, seen=0), "teacher"),
    Row(lambda it: rooms.CancelCountdown(room=it.room, seen=0), "teacher"),
    Row(lambda it: rooms.MovePerson(room=it.room, seen=0, person=it.student, group="a"), "teacher"),
    Row(lambda it: rooms.ReadMembers(room=it.room), "teacher"),
    Row(lambda it: rooms.ChangeMembers(room=it.room, add_people=[it.coordinator]), "teacher"),
    Row(lambda it: rooms.ReadCode(room=it.room), "teacher"),
    Row(lambda it: rooms.RenewCode(room=it.room), "teacher"),
    Row(lambda it: rooms.WithdrawCode(room=it.room), "teacher"),
    Row(lambda it: rooms.ChangeRoom(room=it.room, seen=0, open=True), "teacher"),
    Row(lambda it: EventsSince(scope=it.room), "student", "classroom"),
    Row(lambda it: EventsHeads(scopes=[it.room]), "student", "classroom"),
    Row(lambda it: rooms.Leave(room=it.room, everywhere=True), "student"),
    Row(lambda it: rooms.AddRoom(id=it.room, name="Mine"), open="staff who make a room of their own learn that an id is taken"),
]
SHARED = [
    *(own(Describe(), service) for service in SERVICES),
    Row(lambda it: EventsSince(scope=directory.CAMPUS), "operator", "directory"),
    Row(lambda it: EventsHeads(scopes=[directory.CAMPUS]), "operator", "directory"),
    Row(lambda it: EventsSince(scope=it.package), "operator", "gateway"),
    Row(lambda it: EventsHeads(scopes=[it.package]), "operator", "gateway"),
]
TABLE = [*DIRECTORY, *WORKLOAD, *WORKFLOW, *NOTIFIER, *CLASSROOM, *SHARED]
