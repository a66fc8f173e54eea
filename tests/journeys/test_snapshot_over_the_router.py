"""Who begins in the middle, while things go on happening, ends with what everybody else has: a snapshot, then every event after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalkbell.contracts import Conflict, Envelope, Position, Request, Unavailable
from chalkbell.contracts.classroom import Broadcast, Join, Leave, ReadRoom, Rest, Split, TooFew
from chalkbell.contracts.directory import EndSessions
from chalkbell.contracts.notifier import (
    AddTask,
    ArchiveTask,
    ChangePreferences,
    ChangeTask,
    CompleteTask,
    ReadMyTasks,
    TakeBackCompletion,
)
from chalkbell.contracts.workflow import AddAssessments, ListAssessments, NewAssessment, RemoveAssessment, SignOff
from chalkbell.contracts.workload import ModuleDetails, PutModule, ReadPackage
from tests.journeys.school import CHANGES, INITIAL, RESUBMITTED, School, heard
from tests.running import Followed, Program, Running, until
from tests.service.classroom import fold as rooms
from tests.service.notifier import fold as tasks
from tests.service.workflow import fold as assessments

pytestmark = [pytest.mark.router, pytest.mark.timeout(180)]
ROUNDS = 12
CLIENTS = 5


@dataclass
class Client:
    """Somebody who has taken a snapshot and follows from it."""

    program: Program
    snapshot: Any
    followed: Followed

    @classmethod
    def start(cls, program: Program, service: str, scope: str, read: Callable[[], Any]) -> Client:
        """Take a snapshot, then follow."""
        snapshot = heard(lambda: program.ask(read()))
        return cls(program, snapshot, program.follow(service, scope, snapshot.position))

    def until(self, position: Position) -> list[Envelope]:
        """What came after the snapshot up to this position, in order and without a hole."""
        if self.snapshot.position.seq < position.seq:
            self.followed.wait_for(position.seq)
        events = [event for event in self.followed.events if event.seq <= position.seq]
        assert [event.seq for event in events] == list(range(self.snapshot.position.seq + 1, position.seq + 1))
        return events


def while_things_happen(
    campus: Running, programs: Iterable[Program], changes: list[Callable[[], None]], start: Callable[[Program], Client]
) -> list[Client]:
    """Make all changes at once, and meanwhile start a client with each program, each when the one before it has heard a little.

    The session of the first is ended in the middle, and comes back by itself.
    """
    failed: list[BaseException] = []

    def go(change: Callable[[], None]) -> None:
        try:
            change()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=go, args=[change], daemon=True) for change in changes]
    for thread in threads:
        thread.start()
    clients: list[Client] = []
    for program in programs:
        clients.append(start(program))
        until(lambda: len(clients[-1].followed.events) >= 4 or not any(thread.is_alive() for thread in threads), "some events")
        if len(clients) == 3:
            campus.ask(EndSessions(person=clients[0].program.bus.credentials.authid))
    for thread in threads:
        thread.join(90)
        assert not thread.is_alive(), "a change still waits for its answer"
    assert not failed, failed
    return clients


def readers(school: School, *people: str) -> list[Program]:
    """New programs, one for each; the first is of somebody who changes nothing."""
    return [school.campus.person(person) for person in people]


def test_a_package_in_workflow(damson: School) -> None:
    """Assessments are signed off, added and removed, and modules change hands, while five people begin to look."""
    ask, package = damson.ask, damson.package

    def sign_off() -> None:
        version = ask(damson.coordinator, SignOff(assessment=damson.exam.id, state=INITIAL, seen=damson.exam.version)).version
        for _ in range(ROUNDS):
            for who, state in ((damson.moderator, CHANGES), (damson.coordinator, RESUBMITTED)):
                version = signed(who, state, version)

    def signed(who: str, state: str, seen: int) -> int:
        try:
            return ask(who, SignOff(assessment=damson.exam.id, state=state, seen=seen)).version
        except Conflict as conflict:  # the module changed hands meanwhile, which counts as a change
            return signed(who, state, conflict.details["version"])

    def add_and_remove() -> None:
        for number in range(ROUNDS):
            new = [NewAssessment(module=damson.module, title=f"{title} {number}") for title in ("Resit", "Draft")]
            resit, _ = ask(damson.manager, AddAssessments(package=package, assessments=new)).assessments
            ask(damson.manager, RemoveAssessment(assessment=resit.id))

    def change_hands() -> None:
        for number in range(ROUNDS):
            module = next(one for one in ask(damson.manager, ReadPackage(package=package)).modules if one.id == damson.module)
            values = {name: getattr(module, name) for name in ModuleDetails.__struct_fields__}
            values |= {"name": f"Damson {number}", "moderators": [damson.moderator, damson.second_moderator][: 1 + number % 2]}
            ask(damson.manager, PutModule(package=package, id=module.id, seen=module.version, values=ModuleDetails(**values)))

    people = readers(damson, damson.colleague, damson.teacher, damson.coordinator, damson.manager, damson.colleague)
    clients = while_things_happen(
        damson.campus,
        people,
        [sign_off, add_and_remove, change_hands],
        lambda program: Client.start(program, "workflow", package, lambda: ListAssessments(package=package)),
    )
    for client in clients:
        fresh = heard(lambda client=client: client.program.ask(ListAssessments(package=package)))  # type: ignore[misc]
        found = assessments.package(client.snapshot, client.until(fresh.position))
        # names may be known of people who are not spoken of any more
        assert fresh.names.items() <= found.names.items()
        assert assessments.replace(found, names={}) == assessments.replace(fresh, names={})


def test_a_person_in_the_notifier(damson: School) -> None:
    """Tasks are set, changed, done, taken back and put away while somebody's five windows open."""
    person = damson.colleague

    def set_tasks() -> None:
        deadline = datetime.now(UTC) + timedelta(days=30)
        for number in range(ROUNDS):
            task = damson.ask(damson.manager, AddTask(name=f"Task {number}", deadline=deadline, people=[person]))
            task = damson.ask(damson.manager, ChangeTask(task=task.id, seen=task.version, category=f"Kind {number}"))
            damson.ask(damson.manager, CompleteTask(task=task.id, person=person))
            if number % 2:
                damson.ask(damson.manager, ArchiveTask(task=task.id))

    def do_and_take_back() -> None:
        for number in range(ROUNDS):
            persist(damson.program(person), CompleteTask(task=damson.task.id, request_id=f"done-{number}"))
            persist(damson.program(person), TakeBackCompletion(task=damson.task.id, request_id=f"not-done-{number}"))
            persist(damson.program(person), ChangePreferences(notice_mail=bool(number % 2), request_id=f"wish-{number}"))

    clients = while_things_happen(
        damson.campus,
        readers(damson, *[person] * CLIENTS),
        [set_tasks, do_and_take_back],
        lambda program: Client.start(program, "notifier", person, ReadMyTasks),
    )
    for client in clients:
        fresh = heard(lambda client=client: client.program.ask(ReadMyTasks()))  # type: ignore[misc]
        found = tasks.fold(client.snapshot, client.until(fresh.position))
        assert tasks.replace(found, at=fresh.at) == fresh


def test_a_room_in_the_classroom(damson: School) -> None:
    """Students come and go, and the teacher switches, while others look through the door."""
    room, teacher = damson.room, damson.program(damson.teacher)

    def come_and_go(person: str) -> Callable[[], None]:
        def act() -> None:
            for _ in range(ROUNDS):
                damson.ask(person, Join(room=room))
                damson.ask(person, Leave(room=room))
            damson.ask(person, Join(room=room))

        return act

    def switch() -> None:
        number = teacher.ask(Join(room=room)).mode.number
        for turn in range(3 * ROUNDS):
            ask = (
                Broadcast(room=room, seen=number),
                Split(room=room, seen=number, size=2),
                Rest(room=room, seen=number, countdown=0),
            )
            try:
                number = teacher.ask(ask[turn % 3]).number
            except (Conflict, TooFew):
                number = teacher.ask(ReadRoom(room=room)).mode.number

    students = [damson.student, damson.classmate, damson.coordinator]
    clients = while_things_happen(
        damson.campus,
        readers(damson, damson.colleague, *students),
        [switch, *map(come_and_go, students)],
        lambda program: Client.start(program, "classroom", room, lambda: ReadRoom(room=room)),
    )
    for client in clients:
        fresh = heard(lambda client=client: client.program.ask(ReadRoom(room=room)))  # type: ignore[misc]
        page = rooms.plain(client.snapshot)
        for event in client.until(fresh.position):
            rooms.apply(page, event)
        assert page == rooms.plain(fresh)


def persist(program: Program, ask: Request[Any]) -> None:
    """Ask, and ask the same again while there is no session: it was ended, and the answer may have been lost with it."""
    answered: list[Any] = []

    def asked() -> bool:
        try:
            answered.append(program.ask(ask))
        except Unavailable:
            return False
        return True

    until(asked, f"an answer to {ask}", 30)
