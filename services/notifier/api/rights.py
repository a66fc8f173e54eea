"""Who may do what with a task, and who may read a stream."""

from __future__ import annotations

from chalkbell.contracts import NotAllowed, NotFound
from chalkbell.contracts.notifier import Task
from chalkbell.handlers import Caller, may_read
from services.notifier.store import Store


@may_read
def may_read_stream(scope: str, caller: Caller, store: Store) -> bool:
    """Everybody reads their own stream and nobody another's: administrators have no business in people's post."""
    if scope != caller.person:
        return False
    person = store.person(scope)
    return person is not None and person.active


def oversees(task: Task, caller: Caller) -> bool:
    """Whether the caller owns or manages the task, or is an administrator."""
    return caller.is_administrator or caller.person == task.owner or caller.person in task.managers


def overseen(id: str, caller: Caller, store: Store) -> Task:
    """The task, for who oversees it. `not_found` to all others, but `not_allowed` to those it is for: they know that it is there."""
    task = store.task(id)
    if task is None:
        raise NotFound(path="task")
    if not oversees(task, caller):
        if store.is_target(id, caller.person):
            raise NotAllowed("Only the task's owner, its managers and administrators may do this. Ask one of them.")
        raise NotFound(path="task")
    return task


def may_set_tasks(caller: Caller, store: Store) -> None:
    """Refuse unless the caller is an administrator or in a group whose members may set tasks."""
    if caller.is_administrator:
        return
    person = store.person(caller.person)
    if person is None or not person.active or not store.is_in_any(caller.person, store.settings.task_setters):
        raise NotAllowed("Only administrators and members of certain groups may set tasks. Ask an administrator.")
