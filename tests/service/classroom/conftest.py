"""A class: two teachers, six students by group, one by name, and people who have nothing to do with it."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalkbell.contracts import Envelope, Request
from chalkbell.contracts.classroom import AddRoom, Join, Mode, ReadRoom, RoomState, Split
from services.classroom.__main__ import definition
from tests.service.campus import ServiceCampus
from tests.service.people import administrator, external, person, populate, student

STUDENTS = ["ben", "cay", "dan", "eve", "fay", "gus"]


class Class:
    """The room `logic` and shorthands to act in it. Each person has one session unless another is given."""

    def __init__(self, campus: ServiceCampus) -> None:
        self.campus = campus
        self.sessions = count(1000)
        self.session_of: dict[str, int] = {}
        self.roles = {"rosa": "administrator", "operator": "operator"}

    def ask(self, request: Request[Any], by: str = "ada", session: int | None = None) -> Any:
        """Ask as somebody, over their session."""
        session = session or self.session_of.setdefault(by, next(self.sessions))
        return self.campus.call(request, by=by, role=self.roles.get(by, "person"), session=session)

    def join(self, *people: str, room: str = "logic") -> None:
        """Let people come in."""
        for name in people:
            self.ask(Join(room=room), by=name)

    def drop(self, name: str) -> None:
        """Somebody's connection is lost; the next one is another session."""
        self.campus.end_session(self.session_of.pop(name))

    def read(self, by: str = "ada") -> RoomState:
        """The room's state."""
        return self.ask(ReadRoom(room="logic"), by=by)

    @property
    def mode(self) -> Mode:
        """What the room does."""
        return self.read().mode

    @property
    def here(self) -> set[str]:
        """Who is in the room."""
        return {participant.person for participant in self.read().participants}

    def split(self, size: int = 2, lasts: int | None = None) -> Mode:
        """Into groups."""
        return self.ask(Split(room="logic", seen=self.mode.number, size=size, lasts=lasts))

    def wait(self, seconds: float) -> None:
        """Let time pass, and let the service look at the clock."""
        self.campus.frozen.advance(timedelta(seconds=seconds))
        self.campus.run_job("classroom", "keep-time")

    def group_of(self, name: str) -> str | None:
        """The group that somebody sits in."""
        return next((group.id for group in self.mode.groups if name in group.members), None)

    def events(self, after: int = 0) -> list[Envelope]:
        """The room's recorded events."""
        return self.campus.events("classroom", "logic", after)


@pytest.fixture
def logic(campus: ServiceCampus) -> Class:
    """A room with nobody in it yet: teachers ada and abe; the class ben to gus; hal by name. Zoe, zac, xia and rosa are others."""
    campus.join(definition)
    people = [person("ada"), person("abe"), student("hal"), person("zoe"), student("zac"), external("xia"), administrator("rosa")]
    populate(campus, [*people, *map(student, STUDENTS)], {"logic-class": STUDENTS})
    found = Class(campus)
    room = AddRoom(id="logic", name="Logic", teachers=["ada", "abe"], groups=["logic-class"], people=["hal"], by_code=True)
    found.ask(room, by="rosa")
    return found


@pytest.fixture
def full(logic: Class) -> Class:
    """The same with teacher ada and the six of the class in it."""
    logic.join("ada", *STUDENTS)
    return logic
