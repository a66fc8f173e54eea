"""The demo's tasks: near and far, some overdue, done by some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from chalkbell.contracts.notifier import AddTask
from chalkbell.demo.people import CLASS, People, Somebody


@dataclass(frozen=True)
class Planned:
    """A task to be, and who has done it already."""

    add: AddTask
    done_by: tuple[str, ...]


def make_tasks(people: People, today: date, zone: str, seed: int) -> list[Planned]:
    """Ten tasks. Deadlines are counted from `today`, in the campus's time zone."""
    chance = Random(f"{seed}:tasks")
    head, exams, teacher = people.computing[0], people.offices[1], people.computing[2]
    everybody = [one.id for one in people.computing]
    wanted: tuple[tuple[str, int, str, Somebody, list[str], list[str], float, str], ...] = (
        ("Confirm your teaching load", 5, "Workload", head, [], ["cs-staff"], 0.5, "Look at your load and tell the Director of Teaching if anything in it is wrong."),
        ("Submit examination papers for the autumn", 3, "Assessment", exams, [], ["cs-staff", "maths-staff"], 0.35, "Papers are submitted in the workflow; this reminds you of the date."),
        ("Data protection training", -4, "Training", exams, [], ["cs-staff", "maths-staff", "exams-office"], 0.7, "Forty minutes online. Everybody does it once a year."),
        ("Return module reviews", 24, "Teaching", head, [], ["cs-staff"], 0.1, "One page for each module that you coordinate."),
        ("Research plans for next year", 75, "Research", head, [], ["cs-staff"], 0.0, "What you want to do and what you need for it."),
        ("Annual review: your part of the form", 140, "Staff", people.mathematics[0], [], ["maths-staff"], 0.05, ""),
        ("Check the calendar of assessment boards", 9, "Assessment", exams, [], ["exams-office", "cs-assessment-team"], 0.3, ""),
        ("Confirm your bank details", 6, "Examiners", exams, [], ["external-examiners"], 0.4, "Fees are paid in July to those of whom we have them."),
        ("Laboratory safety quiz", -2, "CS1001", teacher, [], [CLASS], 0.8, "Ten questions. You can sit it again until you pass."),
        ("Exercise sheet 8", 4, "CS1001", teacher, [], [CLASS], 0.15, "Hand in by pairs."),
    )  # fmt: skip
    found: list[Planned] = []
    for number, (name, days, category, owner, named, groups, share, description) in enumerate(wanted, start=1):
        members = [one.id for one in people.everybody if set(one.groups) & set(groups)] or everybody
        done = chance.sample(members, k=round(share * len(members)))
        deadline = datetime.combine(today + timedelta(days=days), time(17, 0), ZoneInfo(zone))
        add = AddTask(
            name=name,
            description=description,
            category=category,
            deadline=deadline,
            timezone=zone,
            people=named,
            groups=groups,
            owner=owner.id,
            request_id=f"demo-task-{number}",
        )
        found.append(Planned(add, tuple(sorted(done))))
    return found
