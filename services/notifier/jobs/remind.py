"""Reminding people: by the week's times, and whenever an administrator wants it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalkbell.contracts.notifier import DeliveryKind, PersonReminded, Reminder
from chalkbell.handlers import Job, job
from services.notifier.rules import deliveries, reminders
from services.notifier.rules.reminders import Decision, Schedule
from services.notifier.rules.tasks import zone
from services.notifier.store import Store


def schedule(store: Store) -> Schedule:
    """The week's times of reminding on this campus."""
    return Schedule(zone(store.settings.timezone), store.settings.reminder_hour)


@job("remind", timedelta(minutes=1))
def remind(job: Job, store: Store) -> datetime | None:
    """Remind at the week's times: each once, however many processes there are, and once for all that were missed while none was."""
    times = schedule(store)
    last = store.last_period()
    if last is None:
        # a new campus has missed nothing: it begins here
        store.claim_period("beginning", due=job.now, urgent_only=True, scheduled=True)
    elif missed := times.missed(last, job.now):
        if store.claim_period(missed.id, due=missed.due, urgent_only=missed.urgent_only, scheduled=True):
            fire(store, missed.id, decide(store, urgent_only=missed.urgent_only))
    return times.next_after(job.now).due


def decide(store: Store, *, urgent_only: bool, lock: bool = True) -> list[Decision]:
    """Who is reminded of what now. From here to the commit no task is completed, changed or archived for any of them."""
    people = store.people_with_tasks()
    if lock:
        store.lock_recipients(people)
    found = store.open_tasks()
    return reminders.decide(
        people=people,
        active={id for id, person in store.people(people).items() if person.active},
        open_tasks=found.of,
        deadlines=found.deadlines,
        reminded_today=store.reminded_on(schedule(store).day_of(store.now)),
        per_day=store.settings.reminders_per_day,
        urgent_only=urgent_only,
        now=store.now,
    )


def fire(store: Store, period: str, decisions: Sequence[Decision]) -> None:
    """Write what was decided: for each person the decision and, where there is one, the reminder as event and as mail to be sent."""
    day = schedule(store).day_of(store.now)
    store.keep_reminders(
        [
            {
                "period": period,
                "person": decision.person,
                "at": store.now,
                "day": day,
                "reminded": decision.left_out is None,
                "why": decision.left_out or "",
                "urgent": decision.urgent,
                "tasks": decision.tasks,
            }
            for decision in decisions
        ]
    )
    reminded = [decision for decision in decisions if decision.left_out is None]
    wanted = store.lock_recipients([decision.person for decision in reminded])
    store.add_deliveries(
        [
            _delivery(store, period, decision)
            for decision in reminded
            if decision.person in wanted and wanted[decision.person].reminder_mail
        ]
    )
    store.record_all(
        [
            PersonReminded(
                person=decision.person,
                reminder=Reminder(id=period, at=store.now, urgent=decision.urgent, tasks=decision.tasks),
            )
            for decision in reminded
        ]
    )
    store.wake_jobs()


def _delivery(store: Store, period: str, decision: Decision) -> dict[str, str]:
    id = deliveries.delivery_id(DeliveryKind.REMINDER, "", period, decision.person)
    return {
        "id": id,
        "kind": DeliveryKind.REMINDER.value,
        "about": period,
        "person": decision.person,
        "subject": reminders.URGENT_SUBJECT if decision.urgent else reminders.SUBJECT,
        "message_id": deliveries.message_id(id, store.settings.sender),
    }


@job("tidy", timedelta(hours=6))
def tidy(job: Job, store: Store) -> datetime | None:
    """Forget after a quarter of a year why people were not reminded."""
    store.forget_decisions(job.now - timedelta(days=90))
    return None
