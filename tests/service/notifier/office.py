"""Who is on the campus of the notifier's tests, and short ways to ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from chalkbell.contracts import Request
from chalkbell.contracts.notifier import AddTask, CompleteTask, ListDeliveries, MyTasks, ReadMyTasks, Task
from services.notifier.__main__ import definition as notifier
from services.notifier.settings import Settings
from tests.service.campus import ServiceCampus
from tests.service.people import administrator, external, person, populate, student

A = TypeVar("A")
ADMINISTRATOR = "ada-admin"
SETTER = "sam-setter"
MANAGER = "mia-manager"
ANN, BOB, CAT = "ann", "bob", "cat"
DISABLED = "dan-disabled"
EXAMINER = "eve-external"
STUDENT = "stu-student"
STRANGER = "una-unrelated"
GROUP = "cs-staff"
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
"""A Monday, an hour before people are reminded."""
SOON, LATER = NOW + timedelta(days=3), NOW + timedelta(days=40)


class Office:
    """The campus, and what tests ask of it."""

    def __init__(self, campus: ServiceCampus, **settings: Any) -> None:
        self.campus = campus
        campus.frozen.set(NOW)
        self.settings = Settings(task_setters=["setters"], **settings)
        campus.join(notifier, self.settings)

    def populate(self) -> None:
        """Everybody comes."""
        people = [
            administrator(ADMINISTRATOR),
            *map(person, (SETTER, MANAGER, ANN, BOB, CAT, STRANGER)),
            person(DISABLED, active=False),
            external(EXAMINER),
            student(STUDENT),
        ]
        populate(self.campus, people, {GROUP: [ANN, BOB, DISABLED], "setters": [SETTER]})

    def call(self, ask: Request[A], by: str) -> A:
        """Ask as this person, in the role that they sign in with."""
        roles = {ADMINISTRATOR: "administrator", "operator": "operator"}
        return self.campus.call(ask, by=by, role=roles.get(by, "person"))

    def task(self, name: str = "Mark exams", **fields: Any) -> Task:
        """A task that the setter sets; for ann unless told otherwise."""
        fields = {"deadline": SOON, "people": [] if "groups" in fields else [ANN], **fields}
        return self.call(AddTask(name=name, **fields), SETTER)

    def complete(self, task: Task, by: str) -> None:
        """Somebody marks their own task as done."""
        self.call(CompleteTask(task=task.id), by)

    def mine(self, who: str) -> MyTasks:
        """What concerns somebody."""
        return self.call(ReadMyTasks(), who)

    def events(self, who: str, after: int = 0) -> list[Any]:
        """The names and data of the events in somebody's stream."""
        return self.campus.events("notifier", who, after)

    def names(self, who: str, after: int = 0) -> list[str]:
        """The names of the events in somebody's stream."""
        return [envelope.name for envelope in self.events(who, after)]

    def begin(self) -> None:
        """The reminders of a new campus begin here."""
        self.campus.run_job("notifier", "remind")

    def remind_at(self, moment: datetime) -> datetime | None:
        """Let the clock say so and the job run."""
        self.campus.frozen.set(moment)
        return self.campus.run_job("notifier", "remind")

    def deliver(self) -> datetime | None:
        """Send what is due."""
        return self.campus.run_job("notifier", "deliver")

    def states(self) -> dict[str, str]:
        """The state of the last message to each person."""
        found = self.call(ListDeliveries(limit=500), ADMINISTRATOR).deliveries
        return {delivery.person: delivery.state.value for delivery in reversed(found)}
