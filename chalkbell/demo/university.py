"""The whole demo university, made from a seed and a day. Nothing here asks anybody anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalkbell.contracts.classroom import AddRoom
from chalkbell.demo import words
from chalkbell.demo.history import Plan, make_plans
from chalkbell.demo.people import CLASS, GROUPS, People, Somebody, make_people
from chalkbell.demo.tasks import Planned, make_tasks
from chalkbell.demo.teaching import (
    COMPUTING,
    COORDINATOR,
    MATHEMATICS,
    MODERATOR,
    Teaching,
    academic_year,
    make_teaching,
    those_who_teach,
)

ROOM = "cs1001"
"""The room of the class."""


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in, and what there is to see for them."""

    role: str
    person: Somebody
    sees: str


@dataclass(frozen=True)
class University:
    """Everything that a demo campus begins with."""

    name: str
    seed: int
    today: date
    people: People
    groups: dict[str, str]
    teaching: list[Teaching]
    plans: dict[str, list[Plan]]
    tasks: list[Planned]
    room: AddRoom
    accounts: list[Account]


def make_university(seed: int, today: date, zone: str) -> University:
    """The same seed, day and zone give the same university."""
    people = make_people(seed)
    year = academic_year(today)
    teaching = [
        make_teaching(COMPUTING, people.computing, people, year, seed),
        make_teaching(MATHEMATICS, people.mathematics, people, year, seed),
        make_teaching(COMPUTING, people.computing, people, year - 1, seed, closed=True),
    ]
    teacher = people.computing[2]
    room = AddRoom(
        id=ROOM,
        name="CS1001 Programming 1, workshop",
        teachers=[teacher.id],
        groups=[CLASS],
        group_size=4,
        request_id="demo-room",
    )
    return University(
        name=words.UNIVERSITY,
        seed=seed,
        today=today,
        people=people,
        groups=GROUPS,
        teaching=teaching,
        plans={one.package: make_plans(one, seed) for one in teaching},
        tasks=make_tasks(people, today, zone, seed),
        room=room,
        accounts=_accounts(people, teacher),
    )


def _accounts(people: People, teacher: Somebody) -> list[Account]:
    those = those_who_teach(people.computing)
    return [
        Account("administrator", people.offices[0], "everything: people, services, the stream of events"),
        Account("head of school", people.computing[0], "the loads of Computer Science, and may change them"),
        Account("coordinator", those[COORDINATOR], "an exam to submit, one to submit again, tasks"),
        Account("moderator", those[MODERATOR], "an exam to moderate, tasks"),
        Account("examiner", people.examiners[0], "an exam to examine; nothing else of the school"),
        Account("teacher", teacher, "the room of CS1001: broadcast, groups, countdown"),
        Account("student", people.students[0], "the room of CS1001, an overdue quiz"),
    ]
