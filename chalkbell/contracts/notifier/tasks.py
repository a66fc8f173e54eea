"""Tasks: set for people and groups, done, taken back, put away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalkbell.contracts.core import Ask, Change, Event, GroupId, Line, Message, PersonId, ShortText, Text, Version, rpc, topic
from chalkbell.contracts.refusals import Conflict, NotAllowed, refusal

TaskId = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,63}$(?!\n)", max_length=63, description="A task's id.")]
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
