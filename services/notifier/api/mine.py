"""What concerns the caller: tasks, reminders, notices, preferences."""

from __future__ import annotations

from chalkbell.contracts import NotFound
from chalkbell.contracts.notifier import (
    ArchivedTasks,
    ChangePreferences,
    MyTasks,
    Preferences,
    PreferencesChanged,
    ReadArchivedTasks,
    ReadMyTasks,
    ReadPreferences,
)
from chalkbell.handlers import Call, procedure
from services.notifier.store import Store

REMINDERS = 20
NOTICES = 50


@procedure(ReadMyTasks)
def read_my_tasks(ask: ReadMyTasks, call: Call, store: Store) -> MyTasks:
    """The snapshot of the caller's stream."""
    return MyTasks(
        position=store.position(call.person),
        at=call.now,
        tasks=store.my_tasks(call.person),
        reminders=store.reminders(call.person, REMINDERS),
        notices=store.notices(call.person, NOTICES),
        preferences=store.preferences(call.person),
    )


@procedure(ReadArchivedTasks)
def read_archived_tasks(ask: ReadArchivedTasks, call: Call, store: Store) -> ArchivedTasks:
    """What was put away."""
    return ArchivedTasks(tasks=store.my_tasks(call.person, archived=True, limit=ask.limit))


@procedure(ReadPreferences)
def read_preferences(ask: ReadPreferences, call: Call, store: Store) -> Preferences:
    """Of what the caller wants mail."""
    return store.preferences(call.person)


@procedure(ChangePreferences)
def change_preferences(ask: ChangePreferences, call: Call, store: Store) -> Preferences:
    """Say of what one wants mail."""
    before = store.lock_recipients([call.person]).get(call.person)
    if before is None:
        raise NotFound("You are not among the people of this campus, so there is no mail to you.")
    wanted = Preferences(
        reminder_mail=before.reminder_mail if ask.reminder_mail is None else ask.reminder_mail,
        notice_mail=before.notice_mail if ask.notice_mail is None else ask.notice_mail,
    )
    if wanted != before:
        store.keep_preferences(call.person, wanted)
        store.record(PreferencesChanged(person=call.person, preferences=wanted))
    return wanted
