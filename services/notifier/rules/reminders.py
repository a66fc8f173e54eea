"""When people are reminded, and who of what. The classic policy: Mondays all that is open, Wednesdays and Fridays only the
people with something urgent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.notifier.rules.tasks import is_urgent

URGENT_ONLY = {0: False, 2: True, 4: True}
"""The weekdays on which people are reminded (Monday is 0), and whether only those with something urgent."""
SUBJECT = "Your task reminders"
URGENT_SUBJECT = f"URGENT: {SUBJECT}"


@dataclass(frozen=True)
class Schedule:
    """The weekly times, at `hour` o'clock in the campus's zone. An hour that the clocks skip is the moment they skip it."""

    zone: ZoneInfo
    hour: int

    def day_of(self, moment: datetime) -> str:
        """The campus's date at a moment, as 2026-11-23."""
        return moment.astimezone(self.zone).date().isoformat()

    def moment(self, day: date) -> datetime:
        """When people are reminded on a day, in UTC; of an hour that comes twice the first."""
        return datetime.combine(day, time(self.hour), self.zone).astimezone(UTC)

    def next_after(self, moment: datetime) -> Occurrence:
        """The first time of reminding after a moment."""
        day = moment.astimezone(self.zone).date()
        while True:
            if day.weekday() in URGENT_ONLY and (due := self.moment(day)) > moment:
                return Occurrence(day.isoformat(), due, URGENT_ONLY[day.weekday()])
            day += timedelta(days=1)

    def missed(self, after: datetime, until: datetime) -> Occurrence | None:
        """What is to be done at `until` when the last time was `after`: nothing, or one reminder in place of all that were due.

        It is the last one's, and to everybody with something open if any of those missed would have been.
        """
        # a longer absence than a week holds every weekday: no need to walk through years
        due = self.next_after(max(after, until - timedelta(days=14)))
        if due.due > until:
            return None
        urgent_only = due.urgent_only
        while (following := self.next_after(due.due)).due <= until:
            due = following
            urgent_only = urgent_only and due.urgent_only
        return Occurrence(due.id, due.due, urgent_only)


@dataclass(frozen=True)
class Occurrence:
    """One time of reminding: its id is the campus's date, so that a day has one whatever is made of the hour."""

    id: str
    due: datetime
    urgent_only: bool


class LeftOut(StrEnum):
    """Why somebody who has tasks was not reminded."""

    NOTHING_OPEN = "nothing_open"
    NOTHING_URGENT = "nothing_urgent"
    INACTIVE = "inactive"
    ENOUGH_TODAY = "enough_today"


@dataclass(frozen=True)
class Decision:
    """What was decided for one person: the open tasks by deadline, and why no reminder where there is none."""

    person: str
    tasks: list[str]
    urgent: bool
    left_out: LeftOut | None


def decide(
    *,
    people: Collection[str],
    active: Collection[str],
    open_tasks: Mapping[str, Collection[str]],
    deadlines: Mapping[str, datetime],
    reminded_today: Mapping[str, int],
    per_day: int,
    urgent_only: bool,
    now: datetime,
) -> list[Decision]:
    """Who of these people, who all have tasks, is reminded of what: one decision each, sorted by person.

    `open_tasks` are those neither completed nor archived, by person; `reminded_today` counts the reminders of the campus's day.
    """
    order = {task: place for place, task in enumerate(sorted(deadlines, key=lambda task: (deadlines[task], task)))}
    urgent_tasks = {task for task, deadline in deadlines.items() if is_urgent(deadline, now)}
    decisions: list[Decision] = []
    for person in sorted(people):
        tasks: Sequence[str] = sorted(open_tasks.get(person, ()), key=order.__getitem__)
        urgent = any(task in urgent_tasks for task in tasks)
        left_out = None
        if person not in active:
            left_out = LeftOut.INACTIVE
        elif not tasks:
            left_out = LeftOut.NOTHING_OPEN
        elif urgent_only and not urgent:
            left_out = LeftOut.NOTHING_URGENT
        elif reminded_today.get(person, 0) >= per_day:
            left_out = LeftOut.ENOUGH_TODAY
        decisions.append(Decision(person, list(tasks), urgent, left_out))
    return decisions
