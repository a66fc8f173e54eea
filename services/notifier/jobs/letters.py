"""What a message says, looked up at the moment it is sent: what is done meanwhile is no longer in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalkbell.contracts.directory import Person
from chalkbell.contracts.notifier import DeliveryKind, MyTask, Reminder
from services.notifier.jobs import pages
from services.notifier.rules import deliveries, reminders
from services.notifier.rules.durations import time_left
from services.notifier.rules.tasks import is_overdue, is_urgent, zone
from services.notifier.store import SignOffCopy, Store

#: Sign-offs that a notice lists, the newest first: a letter that grows with every round is read by nobody.
HISTORY = 20


@dataclass(frozen=True)
class Letter:
    """A message to one person, ready to be put into an envelope."""

    id: str
    person: str
    name: str
    address: str
    subject: str
    text: str
    html: str
    message_id: str
    decided: datetime
    unsubscribe: str
    urgent: bool = False


@dataclass(frozen=True)
class NoLetter:
    """Why there is nothing to send.

    `unwanted`: the person wants no mail of the kind, and sees it on the pages. `yet`: there may be another time.
    """

    why: str
    unwanted: bool = False
    yet: bool = False


def compose(store: Store, row: Any, *, now: datetime, as_decided: bool = False) -> Letter | NoLetter:
    """The message of a delivery's row, or why there is none. `as_decided`: with everything in it that it was decided on."""
    person = store.person(row["person"])
    if person is None:
        # workflow may have heard of them before we did
        return NoLetter("This person is not known here.", yet=True)
    if not as_decided:
        wanted = store.preferences(person.id)
        if not person.active:
            return NoLetter("The account is not active any more.")
        if not (wanted.reminder_mail if row["kind"] == DeliveryKind.REMINDER.value else wanted.notice_mail):
            return NoLetter("Mail of this kind has been switched off.", unwanted=True)
    if row["kind"] == DeliveryKind.REMINDER.value:
        return _reminder(store, row, person, now, as_decided)
    return _notice(store, row, person)


def _reminder(store: Store, row: Any, person: Person, now: datetime, as_decided: bool) -> Letter | NoLetter:
    reminder = store.reminder(row["about"], person.id) or Reminder(id=row["about"], at=now, urgent=False, tasks=[])
    assigned = store.assigned_to(reminder.tasks, [person.id])
    tasks = [task for id in reminder.tasks if (task := assigned.get((id, person.id)))]
    if not as_decided:
        tasks = [task for task in tasks if task.completion is None]
    if not tasks and not as_decided:
        return NoLetter("All its tasks were done before it was sent.")
    tasks.sort(key=lambda task: (task.deadline, task.id))
    urgent = any(is_urgent(task.deadline, now) for task in tasks)
    url = f"{store.settings.url}/#/tasks"
    said = {"name": person.name, "tasks": [_listed(task, now, store.settings.url) for task in tasks], "url": url}
    subject = reminders.URGENT_SUBJECT if urgent else reminders.SUBJECT
    return _letter(store, row, person, subject, "reminder", said, urgent=urgent)


def _listed(task: MyTask, now: datetime, url: str) -> dict[str, Any]:
    here = zone(task.timezone)
    deadline = task.deadline.astimezone(here)
    overdue = is_overdue(task.deadline, now)
    left = time_left(now.astimezone(here), deadline) if overdue else time_left(deadline, now.astimezone(here))
    return {
        "name": task.name,
        "category": task.category,
        "deadline": f"{deadline:%A} {deadline.day} {deadline:%B %Y, %H:%M} ({task.timezone})",
        "left": f"overdue by {left}" if overdue else f"{left} left",
        "urgent": is_urgent(task.deadline, now),
        "overdue": overdue,
        "link": url + task.link if task.link.startswith("/") else task.link,
    }


def _notice(store: Store, row: Any, person: Person) -> Letter | NoLetter:
    copy = store.sign_off(row["about"])
    if copy is None:
        return NoLetter("The sign-off is not known any more.")
    here = zone(store.settings.timezone)
    # one more than is shown tells whether there are more
    history = store.history(copy.package, copy.assessment, copy.at, HISTORY + 1)
    said = {
        "name": person.name,
        "sign_off": copy,
        "kind": f"{copy.kind} ({copy.title})" if copy.title else copy.kind,
        "history": [_signed(entry, here) for entry in history[:HISTORY]],
        "has_earlier": len(history) > HISTORY,
        "url": f"{store.settings.url}/#/assessments/{copy.package}/{copy.assessment}",
    }
    subject = deliveries.notice_subject(copy.module, copy.kind, copy.title, copy.state)
    return _letter(store, row, person, subject, "notice", said)


def _signed(copy: SignOffCopy, here: Any) -> dict[str, str]:
    at = copy.at.astimezone(here)
    signer = f"{copy.signer}, for {copy.on_behalf_of}" if copy.on_behalf_of else copy.signer
    return {"state": copy.state, "signer": signer, "at": f"{at.day} {at:%B %Y, %H:%M}"}


def _letter(
    store: Store, row: Any, person: Person, subject: str, page: str, said: dict[str, Any], *, urgent: bool = False
) -> Letter:
    # the page of tasks is where one says of what one wants mail
    preferences = f"{store.settings.url}/#/tasks"
    said = {**said, "subject": subject, "preferences": preferences}
    return Letter(
        id=row["id"],
        person=person.id,
        name=person.name,
        address=person.email,
        subject=subject,
        text=pages.text(page, said),
        html=pages.html(page, said),
        message_id=row["message_id"],
        decided=row["decided"],
        unsubscribe=store.settings.unsubscribe or preferences,
        urgent=urgent,
    )
