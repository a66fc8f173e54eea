"""Times of reminding, and what was decided for whom."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, select

from chalkbell.contracts.notifier import Reminder
from services.notifier.model import assignment, completion, reminder, reminder_period, task
from services.notifier.store.people import Recipients


@dataclass(frozen=True)
class OpenTasks:
    """The open tasks of people who have tasks, and the tasks' deadlines."""

    of: Mapping[str, Sequence[str]]
    deadlines: Mapping[str, datetime]


class Reminders(Recipients):
    """Rows of periods and of reminders."""

    def last_period(self) -> datetime | None:
        """When the last scheduled time of reminding was due; None where there was never one."""
        return self.value(select(func.max(reminder_period.c.due)).where(reminder_period.c.scheduled))

    def claim_period(self, id: str, *, due: datetime, urgent_only: bool, scheduled: bool) -> bool:
        """Make the period ours, if it is nobody's. Only one transaction ever gets it, however many try at once."""
        run = uuid.uuid4().hex
        row = {"id": id, "due": due, "fired": self.now, "urgent_only": urgent_only, "scheduled": scheduled, "run": run}
        self.insert_if_absent(reminder_period, row)
        return self.value(select(reminder_period.c.run).where(reminder_period.c.id == id)) == run

    def people_with_tasks(self) -> set[str]:
        """Everybody for whom there is a task that is not archived, done or not."""
        question = select(assignment.c.person).join(task, task.c.id == assignment.c.task).distinct()
        return {row["person"] for row in self.rows(question.where(task.c.archived.is_(False)))}

    def open_tasks(self, person: str | None = None) -> OpenTasks:
        """Everybody's tasks that are neither archived nor done, or one person's."""
        done = (completion.c.task == assignment.c.task) & (completion.c.person == assignment.c.person)
        question = (
            select(assignment.c.person, assignment.c.task)
            .join(task, task.c.id == assignment.c.task)
            .outerjoin(completion, done)
            .where(task.c.archived.is_(False), completion.c.task.is_(None))
        )
        if person is not None:
            question = question.where(assignment.c.person == person)
        found: dict[str, list[str]] = {}
        for owner, id in self.connection.execute(question).all():
            found.setdefault(owner, []).append(id)
        return OpenTasks(found, self.two_columns(select(task.c.id, task.c.deadline).where(task.c.archived.is_(False))))

    def reminded_on(self, day: str) -> dict[str, int]:
        """How many reminders people got on a day of the campus, by person."""
        question = select(reminder.c.person, func.count()).where(reminder.c.day == day, reminder.c.reminded)
        return self.two_columns(question.group_by(reminder.c.person))

    def keep_reminders(self, rows: Collection[Mapping[str, Any]]) -> None:
        """Write what a period decided: one row a person."""
        self.insert(reminder, *rows)

    def reminders(self, person: str, limit: int) -> list[Reminder]:
        """The last reminders that somebody got, newest first."""
        question = select(reminder).where(reminder.c.person == person, reminder.c.reminded)
        rows = self.rows(question.order_by(reminder.c.at.desc(), reminder.c.period.desc()).limit(limit))
        return [Reminder(id=row["period"], at=row["at"], urgent=row["urgent"], tasks=row["tasks"]) for row in rows]

    def reminder(self, period: str, person: str) -> Reminder | None:
        """One reminder."""
        question = select(reminder).where(reminder.c.period == period, reminder.c.person == person, reminder.c.reminded)
        row = self.row(question)
        return Reminder(id=row["period"], at=row["at"], urgent=row["urgent"], tasks=row["tasks"]) if row else None

    def decisions(self, person: str, limit: int) -> Sequence[RowMapping]:
        """What was decided for somebody, reminders and none, newest first."""
        question = select(reminder).where(reminder.c.person == person)
        return self.rows(question.order_by(reminder.c.at.desc(), reminder.c.period.desc()).limit(limit))

    def forget_decisions(self, before: datetime) -> int:
        """Forget why people were not reminded, longer ago than anybody asks; how many were forgotten."""
        return self.execute(delete(reminder).where(reminder.c.at < before, reminder.c.reminded.is_(False)))
