"""Reminders, notices of sign-offs, what somebody wants mail of, and why they got what they got."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from msgspec import Meta

from chalkbell.contracts.core import Allow, Ask, Change, Event, Message, PersonId, ShortText, Slug, Snapshot, Text, rpc, topic
from chalkbell.contracts.notifier.tasks import Count, Moment, MyTask, TaskId
from chalkbell.contracts.workflow import SignOffId


class Reminder(Message, frozen=True, kw_only=True):
    """A reminder that somebody got: of these tasks, by deadline; urgent if any of them was."""

    id: Slug
    at: Moment
    urgent: bool
    tasks: list[TaskId]


class Reminded(Message, frozen=True, kw_only=True):
    """Who was reminded (or, in a dry run, would be), and how many were not for which reason."""

    people: list[PersonId]
    left_out: dict[str, Count]


@rpc("notifier.v1.remind", allow=Allow.ADMINISTRATOR)
class Remind(Change[Reminded], frozen=True, kw_only=True):
    """Remind people of their open tasks now, besides the weekly times: all, or with `urgent_only` those with something urgent.

    Nobody gets more reminders in a day than the setting allows. With `dry_run` nothing happens; the answer says what would.
    """

    urgent_only: bool = False
    dry_run: bool = False


@topic("notifier.v1.{person}.reminded")
class PersonReminded(Event, frozen=True, kw_only=True):
    """This person is reminded of open tasks."""

    person: PersonId
    reminder: Reminder


class Channel(enum.StrEnum):
    """How somebody was told. `page`: shown on their pages only, for they want no mail of the kind."""

    MAIL = "mail"
    PAGE = "page"


class Notice(Message, frozen=True, kw_only=True):
    """Somebody is told of a sign-off that concerns them.

    `sent_at` is when the mail server took the message, or when it was shown to somebody who wants no mail of it.
    """

    sign_off: SignOffId
    package: Slug
    assessment: Slug
    module: ShortText
    module_name: ShortText
    kind: ShortText
    title: ShortText
    state: ShortText
    signer: ShortText
    """The name of who signed."""
    on_behalf_of: ShortText
    """The name of whom they acted for, or nothing."""
    guidance: Text
    has_notes: bool
    at: Moment
    sent_at: Moment | None = None
    channel: Channel | None = None


@topic("notifier.v1.{person}.noticed")
class PersonNoticed(Event, frozen=True, kw_only=True):
    """This person is told of a sign-off that concerns them."""

    person: PersonId
    notice: Notice


@topic("notifier.v1.{person}.notice_sent")
class NoticeSent(Event, frozen=True, kw_only=True):
    """The message about a sign-off reached the mail server, or was shown to somebody who wants no mail."""

    person: PersonId
    package: Slug
    assessment: Slug
    sign_off: SignOffId
    at: Moment
    channel: Channel = Channel.MAIL


class Preferences(Message, frozen=True, kw_only=True):
    """Of what somebody wants mail. Pages show everything in any case."""

    reminder_mail: bool = True
    notice_mail: bool = True


@rpc("notifier.v1.preferences.change")
class ChangePreferences(Change[Preferences], frozen=True, kw_only=True):
    """Say of what one wants mail; what is left out stays."""

    reminder_mail: bool | None = None
    notice_mail: bool | None = None


@rpc("notifier.v1.preferences.read")
class ReadPreferences(Ask[Preferences], frozen=True, kw_only=True):
    """Of what the caller wants mail."""


@topic("notifier.v1.{person}.preferences_changed")
class PreferencesChanged(Event, frozen=True, kw_only=True):
    """This person wants mail of other things than before."""

    person: PersonId
    preferences: Preferences


class MyTasks(Snapshot, frozen=True, kw_only=True):
    """What concerns one person now: tasks, reminders, notices, preferences. `at` is the moment of the answer.

    Tasks are sorted by deadline, completed ones among them, archived ones not. The last 20 reminders and the last 50
    notices, newest first.
    """

    at: Moment
    tasks: list[MyTask]
    reminders: list[Reminder]
    notices: list[Notice]
    preferences: Preferences


@rpc("notifier.v1.tasks.mine")
class ReadMyTasks(Ask[MyTasks], frozen=True, kw_only=True):
    """The caller's tasks, reminders and notices: the snapshot to follow one's own stream from."""


class Told(Message, frozen=True, kw_only=True):
    """Something that was, was not, or will be sent; `why` says so in words."""

    what: Literal["reminder", "notice"]
    at: Moment
    sent: bool
    why: str


class Explanation(Message, frozen=True, kw_only=True):
    """What somebody was sent and what not, newest first, with the reasons; and what comes next, as things stand."""

    person: PersonId
    past: list[Told]
    next: Told


@rpc("notifier.v1.messages.explain")
class ExplainMessages(Ask[Explanation], frozen=True, kw_only=True):
    """Why did I get this, why did I not, and what comes next? For oneself; administrators may ask for any `person`."""

    person: PersonId | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 30
