"""Reminding now, and explaining what was sent and what will be."""

from __future__ import annotations

import secrets

from chalkbell.contracts import NotFound
from chalkbell.contracts.notifier import DeliveryKind, DeliveryState, ExplainMessages, Explanation, Remind, Reminded, Told
from chalkbell.handlers import Call, procedure
from services.notifier.jobs import remind as jobs
from services.notifier.rules import reminders, telling
from services.notifier.store import Store


@procedure(Remind)
def remind(ask: Remind, call: Call, store: Store) -> Reminded:
    """Remind people now, or only say whom it would be."""
    decisions = jobs.decide(store, urgent_only=ask.urgent_only, lock=not ask.dry_run)
    if not ask.dry_run:
        period = f"asked-{secrets.token_hex(8)}"
        store.claim_period(period, due=store.now, urgent_only=ask.urgent_only, scheduled=False)
        jobs.fire(store, period, decisions)
    return Reminded(
        people=[decision.person for decision in decisions if decision.left_out is None],
        left_out=telling.counted(decision.left_out for decision in decisions if decision.left_out is not None),
    )


@procedure(ExplainMessages)
def explain(ask: ExplainMessages, call: Call, store: Store) -> Explanation:
    """What somebody was sent, what not and why, and what comes next."""
    person = ask.person or call.person
    if person != call.person and not call.caller.is_administrator:
        raise NotFound(path="person")
    if store.person(person) is None:
        raise NotFound(path="person")
    past = [*_reminders(person, ask.limit, store), *_notices(person, ask.limit, store)]
    past.sort(key=lambda told: told.at, reverse=True)
    return Explanation(person=person, past=past[: ask.limit], next=_next(person, store))


def _reminders(person: str, limit: int, store: Store) -> list[Told]:
    mails = store.states_of(person, DeliveryKind.REMINDER)
    told: list[Told] = []
    for row in store.decisions(person, limit):
        if row["reminded"]:
            mail = mails.get(row["period"])
            words = telling.reminder_words(len(row["tasks"]), urgent=row["urgent"])
            why = telling.why_sent(words, DeliveryState(mail["state"]) if mail else None, mail["error"] if mail else "")
        else:
            why = telling.why_left_out(row["why"])
        told.append(Told(what="reminder", at=row["at"], sent=row["reminded"], why=why))
    return told


def _notices(person: str, limit: int, store: Store) -> list[Told]:
    mails = store.states_of(person, DeliveryKind.NOTICE)
    told: list[Told] = []
    for notice in store.notices(person, limit):
        mail = mails.get(notice.sign_off)
        words = f"{notice.module}: {notice.state}, signed by {notice.signer}, names you among those to be told."
        why = telling.why_sent(words, DeliveryState(mail["state"]) if mail else None, mail["error"] if mail else "")
        told.append(Told(what="notice", at=notice.at, sent=notice.sent_at is not None, why=why))
    return told


def _next(person: str, store: Store) -> Told:
    schedule = jobs.schedule(store)
    due = schedule.next_after(store.now)
    found = store.open_tasks(person)
    known = store.person(person)
    decision = reminders.decide(
        people=[person],
        active=[person] if known and known.active else [],
        open_tasks=found.of,
        deadlines=found.deadlines,
        reminded_today=store.reminded_on(due.id),
        per_day=store.settings.reminders_per_day,
        urgent_only=due.urgent_only,
        now=due.due,
    )[0]
    why = telling.why_next(decision.left_out, len(decision.tasks))
    return Told(what="reminder", at=due.due, sent=decision.left_out is None, why=why)
