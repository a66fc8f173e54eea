"""Marking tasks as done, and taking that back."""

from __future__ import annotations

import msgspec

from chalkbell.contracts import NotFound
from chalkbell.contracts.notifier import (
    CompleteTask,
    Completion,
    CompletionTakenBack,
    MyTask,
    TakeBackCompletion,
    TaskCompleted,
)
from chalkbell.handlers import Call, procedure
from services.notifier.api.rights import oversees
from services.notifier.rules import tasks as rules
from services.notifier.store import Store


@procedure(CompleteTask)
def complete(ask: CompleteTask, call: Call, store: Store) -> Completion:
    """Mark a task as done for oneself or, by who oversees it, for somebody."""
    subject = ask.person or call.person
    rules.may_complete(_standing(ask.task, subject, call, store))
    completion = Completion(at=store.now, by=call.person, comment=ask.comment)
    store.keep_completion(ask.task, subject, completion)
    store.record(TaskCompleted(person=subject, task=ask.task, completion=completion))
    return completion


@procedure(TakeBackCompletion)
def take_back(ask: TakeBackCompletion, call: Call, store: Store) -> MyTask:
    """Let a task be open again."""
    subject = ask.person or call.person
    rules.may_take_back(_standing(ask.task, subject, call, store))
    task = store.assigned_to([ask.task], [subject])[ask.task, subject]
    store.drop_completion(ask.task, subject)
    store.record(CompletionTakenBack(person=subject, task=ask.task))
    return msgspec.structs.replace(task, completion=None)


def _standing(id: str, subject: str, call: Call, store: Store) -> rules.Standing:
    # no reminder to this person is decided from here to the commit, and archiving the task waits as well
    store.lock_recipients([subject])
    task = store.task(id)
    if task is None:
        raise NotFound(path="task")
    return rules.Standing(
        caller=call.person,
        subject=subject,
        oversees=oversees(task, call.caller),
        is_target=store.is_target(id, call.person),
        subject_is_target=store.is_target(id, subject),
        archived=task.archived,
        completed=store.completion(id, subject) is not None,
    )
