"""What a page does with the events of a person's stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from chalkbell.contracts import Envelope, topic_named
from chalkbell.contracts.notifier import (
    CompletionTakenBack,
    MyTask,
    MyTasks,
    NoticeSent,
    PersonNoticed,
    PersonReminded,
    PreferencesChanged,
    TaskAssigned,
    TaskChanged,
    TaskCompleted,
    TaskWithdrawn,
)


def apply(mine: MyTasks, envelope: Envelope) -> MyTasks:
    """The snapshot after one more event."""
    topic = topic_named(envelope.service, envelope.name)
    assert topic is not None
    event: Any = msgspec.convert(envelope.data, topic.event)
    mine = replace(mine, position=replace(mine.position, seq=envelope.seq))
    match event:
        case TaskAssigned() | TaskChanged():
            return _with(mine, [*_without(mine, event.task.id), event.task])
        case TaskWithdrawn():
            return _with(mine, _without(mine, event.task))
        case TaskCompleted():
            return _with(mine, [_completed(task, event.task, event.completion) for task in mine.tasks])
        case CompletionTakenBack():
            return _with(mine, [_completed(task, event.task, None) for task in mine.tasks])
        case PersonReminded():
            return replace(mine, reminders=[event.reminder, *mine.reminders][:20])
        case PersonNoticed():
            return replace(mine, notices=[event.notice, *mine.notices][:50])
        case NoticeSent():
            told = {"sent_at": event.at, "channel": event.channel}
            notices = [replace(notice, **told) if notice.sign_off == event.sign_off else notice for notice in mine.notices]
            return replace(mine, notices=notices)
        case PreferencesChanged():
            return replace(mine, preferences=event.preferences)
        case _:
            raise AssertionError(f"the page knows nothing of {envelope.name}")


def fold(mine: MyTasks, envelopes: Iterable[Envelope]) -> MyTasks:
    """The snapshot after all these events, in which none is missing."""
    for envelope in envelopes:
        assert envelope.seq == mine.position.seq + 1
        mine = apply(mine, envelope)
    return mine


def _with(mine: MyTasks, tasks: list[MyTask]) -> MyTasks:
    return replace(mine, tasks=sorted(tasks, key=lambda task: (task.deadline, task.id)))


def _without(mine: MyTasks, id: str) -> list[MyTask]:
    return [task for task in mine.tasks if task.id != id]


def _completed(task: MyTask, id: str, completion: Any) -> MyTask:
    return replace(task, completion=completion) if task.id == id else task
