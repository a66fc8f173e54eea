"""A class on a real router: connections that are lost, and a service that is killed in the middle of a countdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalkbell.contracts import Envelope
from chalkbell.contracts.classroom import AddRoom, CallBack, Join, ModeKind, ReadRoom, Split
from chalkbell.contracts.directory import AddPerson, PersonKind
from tests.journeys.school import heard
from tests.running import Followed, Process, Running

pytestmark = [pytest.mark.router, pytest.mark.timeout(180)]
STUDENTS = ["ben", "cay", "dan", "eve"]


@pytest.fixture(scope="module")
def campus() -> Iterator[Running]:
    """A router, the directory and the classroom, each in a process of its own; lost connections count after two seconds."""
    with Running(CHALKBELL_CLASSROOM_SEAT_GRACE="2") as campus:
        campus.start(("directory",), ("classroom",))
        campus.ask(AddPerson(id="ada", name="Ada", email="ada@example.edu"))
        for student in STUDENTS:
            campus.ask(AddPerson(id=student, name=student.title(), email=f"{student}@example.edu", kind=PersonKind.STUDENT))
        yield campus


def classroom(campus: Running) -> Process:
    """The process of the classroom."""
    return next(process for process in campus.processes if process.names == ["classroom"])


def until_told(followed: Followed, name: str, **fields: object) -> Envelope:
    """The first event of this name whose data has these fields."""

    def fits(event: Envelope) -> bool:
        return event.name == name and fields.items() <= {**event.data, **event.data.get("participant", {})}.items()

    return next(filter(fits, followed.wait(lambda events: any(map(fits, events)))))


def room(campus: Running, name: str) -> None:
    """An open room that ada teaches in."""
    heard(lambda: campus.ask(AddRoom(id=name, name=name, teachers=["ada"], open=True)))


def test_a_closed_connection_gives_up_the_seat_after_a_while(campus: Running) -> None:
    """The router says that a session has ended; nobody has to press anything. Who would be alone is merged."""
    room(campus, "seats")
    teacher = campus.person("ada")
    programs = {student: campus.person(student) for student in STUDENTS}
    state = heard(lambda: teacher.ask(Join(room="seats")))
    followed = teacher.follow("classroom", "seats", state.position)
    for program in programs.values():
        heard(lambda program=program: program.ask(Join(room="seats")))
    mode = teacher.ask(Split(room="seats", seen=state.mode.number, size=2))
    gone, alone = mode.groups[0].members

    campus.programs.remove(programs[gone])
    programs[gone].close()

    until_told(followed, "participant_changed", person=gone)
    until_told(followed, "left", person=gone)
    merged = until_told(followed, "groups_changed")
    assert {"person": alone, "to": mode.groups[1].id, "reason": "merged"} in merged.data["moves"]


def test_a_countdown_ends_on_time_though_the_service_was_killed_meanwhile(campus: Running) -> None:
    """Killed between the press and the switch, and started again; who lost the connection in that time is not forgotten."""
    room(campus, "countdown")
    teacher = campus.person("ada")
    programs = {student: campus.person(student) for student in STUDENTS}
    state = heard(lambda: teacher.ask(Join(room="countdown")))
    for program in programs.values():
        program.ask(Join(room="countdown"))
    followed = programs["ben"].follow("classroom", "countdown", state.position)
    mode = teacher.ask(Split(room="countdown", seen=state.mode.number, size=2))
    pending = teacher.ask(CallBack(room="countdown", seen=mode.number, countdown=12)).pending
    assert pending

    process = classroom(campus)
    process.kill()
    campus.programs.remove(programs["eve"])
    programs["eve"].close()
    campus.again(process)
    now = heard(lambda: teacher.ask(ReadRoom(room="countdown")))
    assert now.mode.pending == pending or now.now >= pending.at

    until_told(followed, "left", person="eve")
    back = until_told(followed, "switched", reason="countdown_ended")
    assert back.data["mode"]["kind"] == ModeKind.IDLE.value
    # a machine that is too busy to start the service in time gets it as soon as the service is there
    assert pending.at <= back.at < max(pending.at, now.now) + timedelta(seconds=1.5)
