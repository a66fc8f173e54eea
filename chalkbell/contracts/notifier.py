"""The notifier: tasks with reminders, and telling people what concerns them. Each person has a stream: the scope is their id."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from chalkbell.contracts.core import (
    Allow,
    Ask,
    Change,
    Event,
    GroupId,
    Line,
    Message,
    PersonId,
    ShortText,
    Slug,
    Snapshot,
    Text,
    Version,
    rpc,
    topic,
)
from chalkbell.contracts.refusals import Conflict, NotAllowed, refusal
from chalkbell.contracts.workflow import SignOffId

TaskId = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,63}$(?!\n)", max_length=63, description="A task's id.")]
DeliveryId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)", max_length=32, description="A delivery's id.")]
Moment = Annotated[datetime, Meta(tz=True)]
Zone = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{0,63}$(?!\n)", max_length=64, description="A time zone, such as Europe/London."),
]
Link = Annotated[
    str,
    Meta(
        pattern=r"^(https?://[!-;=?-~]{1,480}|/(?!/)[!-;=?-~]{0,480}|)$(?!\n)",
        max_length=490,
        description="An http(s) address, a path on this campus, or nothing.",
    ),
]
Comment = Annotated[str, Meta(max_length=1_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*$")]
People = Annotated[list[PersonId], Meta(max_length=1_000)]
Groups = Annotated[list[GroupId], Meta(max_length=200)]
Managers = Annotated[list[PersonId], Meta(max_length=50)]
Limit = Annotated[int, Meta(ge=1, le=500)]
Count = Annotated[int, Meta(ge=0)]

# --- what there is ---------------------------------------------------------------------------------------------------------------


class Completion(Message, frozen=True, kw_only=True):
    """That somebody has done a task: when it was marked, by whom (oneself, or who certified it), and what they said."""

    at: Moment
    by: PersonId
    comment: Comment = ""


class MyTask(Message, frozen=True, kw_only=True):
    """A task as one of its targets sees it. It is urgent after `urgent_from` and overdue after `deadline`, unless completed."""

    id: TaskId
    name: Line
    description: Text
    link: Link
    category: ShortText
    deadline: Moment
    timezone: Zone
    urgent_from: Moment
    owner: PersonId
    version: Version
    completion: Completion | None = None


class Reminder(Message, frozen=True, kw_only=True):
    """A reminder that somebody got: of these tasks, by deadline; urgent if any of them was."""

    id: Slug
    at: Moment
    urgent: bool
    tasks: list[TaskId]


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


class Preferences(Message, frozen=True, kw_only=True):
    """Of what somebody wants mail. Pages show everything in any case."""

    reminder_mail: bool = True
    notice_mail: bool = True


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


class TargetState(Message, frozen=True, kw_only=True):
    """One target of a task, and whether they have completed it."""

    person: PersonId
    completion: Completion | None = None


class Task(Message, frozen=True, kw_only=True):
    """A task as its owner sees it. `targets` and `completed` count the people it is for now and those of them who have done it."""

    id: TaskId
    name: Line
    description: Text
    link: Link
    category: ShortText
    deadline: Moment
    timezone: Zone
    urgent_from: Moment
    owner: PersonId
    managers: list[PersonId]
    people: list[PersonId]
    groups: list[GroupId]
    archived: bool
    version: Version
    targets: Count
    completed: Count


class TaskWithTargets(Message, frozen=True, kw_only=True):
    """A task and everybody it is for, by id."""

    task: Task
    targets: list[TargetState]


class TaskList(Message, frozen=True, kw_only=True):
    """A stretch of tasks, by deadline. Ask again with `after` for more, unless it is null."""

    tasks: list[Task]
    after: TaskId | None = None


class ArchivedTasks(Message, frozen=True, kw_only=True):
    """Archived tasks that were for the caller, latest deadline first."""

    tasks: list[MyTask]


# --- refusals --------------------------------------------------------------------------------------------------------------------


@refusal("notifier.v1.error.not_a_target")
class NotATarget(NotAllowed):
    """The task is not for this person. Only somebody it is for can complete it: change the task's targets first."""


@refusal("notifier.v1.error.already_completed")
class AlreadyCompleted(Conflict):
    """This person has completed the task already. Take the completion back first if it was wrong."""


@refusal("notifier.v1.error.not_completed")
class NotCompleted(Conflict):
    """This person has not completed the task, so there is nothing to take back."""


@refusal("notifier.v1.error.task_archived")
class TaskArchived(Conflict):
    """The task is archived. Its owner can bring it back with task.unarchive."""


# --- tasks -----------------------------------------------------------------------------------------------------------------------


@rpc("notifier.v1.task.add")
class AddTask(Change[Task], frozen=True, kw_only=True):
    """Set a task for people and groups. Who is in a group is looked up whenever it matters.

    For administrators and members of the groups named in the setting `task_setters`; others get `not_allowed`. The
    caller owns the task; an administrator may name another owner. The deadline is a moment with its offset; `timezone`
    says in which zone it is written (default: the campus's).
    """

    name: Line
    deadline: Moment
    description: Text = ""
    link: Link = ""
    category: ShortText = ""
    timezone: Zone | None = None
    people: People = []
    groups: Groups = []
    managers: Managers = []
    owner: PersonId | None = None


@rpc("notifier.v1.task.change")
class ChangeTask(Change[Task], frozen=True, kw_only=True):
    """Change a task; what is left out stays. For its owner, its managers and administrators.

    `seen` is the version that was read: refused with `conflict` (and the task as it is) if somebody has changed it since.
    Only the owner and administrators may change `managers` and `owner`.
    """

    task: TaskId
    seen: Version
    name: Line | None = None
    deadline: Moment | None = None
    description: Text | None = None
    link: Link | None = None
    category: ShortText | None = None
    timezone: Zone | None = None
    people: People | None = None
    groups: Groups | None = None
    managers: Managers | None = None
    owner: PersonId | None = None


@rpc("notifier.v1.task.archive")
class ArchiveTask(Change[Task], frozen=True, kw_only=True):
    """Put a task away: nobody is reminded of it any more and it leaves everybody's list.

    For its owner, its managers and administrators.
    """

    task: TaskId


@rpc("notifier.v1.task.unarchive")
class UnarchiveTask(Change[Task], frozen=True, kw_only=True):
    """Bring an archived task back, with its completions. For its owner, its managers and administrators."""

    task: TaskId


@rpc("notifier.v1.task.complete", refusals=(NotATarget, AlreadyCompleted, TaskArchived))
class CompleteTask(Change[Completion], frozen=True, kw_only=True):
    """Mark a task as done, for oneself, or for `person` by the task's owner, its managers and administrators."""

    task: TaskId
    person: PersonId | None = None
    comment: Comment = ""


@rpc("notifier.v1.task.take_back", refusals=(NotATarget, NotCompleted, TaskArchived))
class TakeBackCompletion(Change[MyTask], frozen=True, kw_only=True):
    """Take a completion back, one's own, or that of `person` by the task's owner, its managers and administrators."""

    task: TaskId
    person: PersonId | None = None


@rpc("notifier.v1.tasks.mine")
class ReadMyTasks(Ask[MyTasks], frozen=True, kw_only=True):
    """The caller's tasks, reminders and notices: the snapshot to follow one's own stream from."""


@rpc("notifier.v1.tasks.archived")
class ReadArchivedTasks(Ask[ArchivedTasks], frozen=True, kw_only=True):
    """The caller's archived tasks."""

    limit: Limit = 100


@rpc("notifier.v1.tasks.list")
class ListTasks(Ask[TaskList], frozen=True, kw_only=True):
    """The tasks that the caller owns or manages, administrators: all, with how many have completed them."""

    archived: bool = False
    limit: Limit = 100
    after: TaskId | None = None


@rpc("notifier.v1.task.read")
class ReadTask(Ask[TaskWithTargets], frozen=True, kw_only=True):
    """One task with everybody it is for. For its owner, its managers and administrators."""

    task: TaskId


# --- reminders and preferences ---------------------------------------------------------------------------------------------------


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


@rpc("notifier.v1.preferences.change")
class ChangePreferences(Change[Preferences], frozen=True, kw_only=True):
    """Say of what one wants mail; what is left out stays."""

    reminder_mail: bool | None = None
    notice_mail: bool | None = None


@rpc("notifier.v1.preferences.read")
class ReadPreferences(Ask[Preferences], frozen=True, kw_only=True):
    """Of what the caller wants mail."""


# --- deliveries ------------------------------------------------------------------------------------------------------------------


class DeliveryState(enum.StrEnum):
    """Where a message is.

    `failed` is tried again at `due`. `unknown`: we stopped between handing it over and hearing that it was taken. `dead`:
    given up; it can be sent again. `dropped`: left out on purpose (done meanwhile, mail not wanted, test mode); `error`
    says why.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DEAD = "dead"
    DROPPED = "dropped"


class DeliveryKind(enum.StrEnum):
    """What a message is about."""

    REMINDER = "reminder"
    NOTICE = "notice"


class Delivery(Message, frozen=True, kw_only=True):
    """One message to one recipient."""

    id: DeliveryId
    person: PersonId
    kind: DeliveryKind
    state: DeliveryState
    subject: str
    decided: Moment
    due: Moment
    attempts: Count
    sent: Moment | None = None
    error: str = ""
    message_id: str


class DeliveryList(Message, frozen=True, kw_only=True):
    """Messages, newest first, and how many there are in each state. Ask again with `before` for more, unless it is null.

    `problem` says what is wrong with the mail server, if anything is.
    """

    deliveries: list[Delivery]
    before: DeliveryId | None
    counts: dict[str, Count]
    problem: str


@rpc("notifier.v1.deliveries.list", allow=Allow.ADMINISTRATOR)
class ListDeliveries(Ask[DeliveryList], frozen=True, kw_only=True):
    """What was sent and what was not, for administrators."""

    state: DeliveryState | None = None
    person: PersonId | None = None
    limit: Limit = 50
    before: DeliveryId | None = None


class DeliveryPreview(Message, frozen=True, kw_only=True):
    """A message as it looks: its delivery, recipient's address and both its bodies."""

    delivery: Delivery
    to: str
    text: str
    html: str


@rpc("notifier.v1.delivery.read", allow=Allow.ADMINISTRATOR)
class ReadDelivery(Ask[DeliveryPreview], frozen=True, kw_only=True):
    """One message with its content, for administrators."""

    delivery: DeliveryId


@rpc("notifier.v1.delivery.send_again", allow=Allow.ADMINISTRATOR)
class SendAgain(Change[Delivery], frozen=True, kw_only=True):
    """Send a message that is dead, failed or unknown once more, under its old Message-ID. Others are a `conflict`."""

    delivery: DeliveryId


# --- why -------------------------------------------------------------------------------------------------------------------------


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


# --- events ----------------------------------------------------------------------------------------------------------------------


@topic("notifier.v1.{person}.task_assigned")
class TaskAssigned(Event, frozen=True, kw_only=True):
    """A task is now for this person: new, brought back, or they came into one of its groups. An earlier completion counts again."""

    person: PersonId
    task: MyTask


@topic("notifier.v1.{person}.task_changed")
class TaskChanged(Event, frozen=True, kw_only=True):
    """A task of this person's is different; the complete new state."""

    person: PersonId
    task: MyTask


@topic("notifier.v1.{person}.task_withdrawn")
class TaskWithdrawn(Event, frozen=True, kw_only=True):
    """A task is no longer for this person, or was archived."""

    person: PersonId
    task: TaskId
    archived: bool = False


@topic("notifier.v1.{person}.task_completed")
class TaskCompleted(Event, frozen=True, kw_only=True):
    """A task is done as far as this person goes."""

    person: PersonId
    task: TaskId
    completion: Completion


@topic("notifier.v1.{person}.completion_taken_back")
class CompletionTakenBack(Event, frozen=True, kw_only=True):
    """A task is open again for this person."""

    person: PersonId
    task: TaskId


@topic("notifier.v1.{person}.reminded")
class PersonReminded(Event, frozen=True, kw_only=True):
    """This person is reminded of open tasks."""

    person: PersonId
    reminder: Reminder


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


@topic("notifier.v1.{person}.preferences_changed")
class PreferencesChanged(Event, frozen=True, kw_only=True):
    """This person wants mail of other things than before."""

    person: PersonId
    preferences: Preferences
