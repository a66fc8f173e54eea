"""Tasks as their owners set, change and see them."""

from __future__ import annotations

import secrets

import msgspec

from chalkbell.contracts import NotAllowed
from chalkbell.contracts.notifier import (
    AddTask,
    ArchiveTask,
    ChangeTask,
    ListTasks,
    ReadTask,
    Task,
    TaskAssigned,
    TaskList,
    TaskWithdrawn,
    TaskWithTargets,
    UnarchiveTask,
)
from chalkbell.handlers import Call, procedure
from services.notifier.api.rights import may_set_tasks, overseen
from services.notifier.rules import tasks as rules
from services.notifier.rules import telling
from services.notifier.store import Store


@procedure(AddTask)
def add_task(ask: AddTask, call: Call, store: Store) -> Task:
    """Set a task."""
    may_set_tasks(call.caller, store)
    if ask.owner is not None and not call.caller.is_administrator:
        raise NotAllowed("Only administrators may set a task in somebody else's name. Leave `owner` out.")
    store.lock_groups(ask.groups)
    deadline = rules.checked_deadline(ask.deadline)
    task = Task(
        id=f"task-{secrets.token_hex(8)}",
        name=ask.name,
        description=ask.description,
        link=ask.link,
        category=ask.category,
        deadline=deadline,
        urgent_from=rules.urgent_from(deadline),
        timezone=rules.checked_zone(ask.timezone or store.settings.timezone),
        owner=_known_owner(ask.owner, store) if ask.owner else call.person,
        managers=_known_people(ask.managers, "managers", store),
        people=_known_people(ask.people, "people", store),
        groups=rules.known(ask.groups, store.known_groups(ask.groups), "groups"),
        archived=False,
        version=1,
        targets=0,
        completed=0,
    )
    return _keep(task, store)


@procedure(ChangeTask)
def change_task(ask: ChangeTask, call: Call, store: Store) -> Task:
    """Change a task, if nobody has since the caller read it."""
    before = overseen(ask.task, call.caller, store)
    store.lock_groups(before.groups if ask.groups is None else ask.groups)
    store.lock_task(ask.task)
    task = overseen(ask.task, call.caller, store)
    may_hand_over = call.caller.is_administrator or call.person == task.owner
    if not may_hand_over and (ask.managers is not None or ask.owner is not None):
        raise NotAllowed("Only the task's owner and administrators may say who manages or owns it.")
    if ask.seen != task.version:
        raise rules.conflict(ask.seen, task.version, msgspec.to_builtins(task))
    changes = {name: value for name in ("name", "description", "link", "category") if (value := getattr(ask, name)) is not None}
    if ask.deadline is not None:
        deadline = rules.checked_deadline(ask.deadline)
        changes |= {"deadline": deadline, "urgent_from": rules.urgent_from(deadline)}
    if ask.timezone is not None:
        changes["timezone"] = rules.checked_zone(ask.timezone)
    if ask.owner is not None:
        changes["owner"] = _known_owner(ask.owner, store)
    for name in ("managers", "people"):
        if (people := getattr(ask, name)) is not None:
            changes[name] = _known_people(people, name, store)
    if ask.groups is not None:
        changes["groups"] = rules.known(ask.groups, store.known_groups(ask.groups), "groups")
    return _keep(msgspec.structs.replace(task, **changes, version=task.version + 1), store)


def _keep(task: Task, store: Store) -> Task:
    """Write a task that is new or changed, and tell those it is or was for."""
    store.keep_task(task)
    came, went = store.assignment_changes(tasks=[task.id])
    mine = store.assigned(task.id)
    # who stays is told too, and a reminder of what was is not decided meanwhile
    store.lock_recipients({person for _, person in mine})
    if not task.archived:
        store.record_all(telling.change_events(came, went, mine))
    return _read(task.id, store)


@procedure(ArchiveTask)
def archive_task(ask: ArchiveTask, call: Call, store: Store) -> Task:
    """Put a task away. Done twice it is as done once."""
    overseen(ask.task, call.caller, store)
    store.lock_task(ask.task)
    task = overseen(ask.task, call.caller, store)
    if not task.archived:
        people = sorted(person for _, person in store.assigned(task.id))
        store.lock_recipients(people)
        store.set_archived(task.id, True)
        store.record_all([TaskWithdrawn(person=person, task=task.id, archived=True) for person in people])
    return _read(task.id, store)


@procedure(UnarchiveTask)
def unarchive_task(ask: UnarchiveTask, call: Call, store: Store) -> Task:
    """Bring a task back. Done twice it is as done once."""
    overseen(ask.task, call.caller, store)
    store.lock_task(ask.task)
    task = overseen(ask.task, call.caller, store)
    if task.archived:
        store.set_archived(task.id, False)
        mine = store.assigned(task.id)
        store.lock_recipients({person for _, person in mine})
        store.record_all([TaskAssigned(person=pair[1], task=mine[pair]) for pair in sorted(mine)])
    return _read(task.id, store)


@procedure(ListTasks)
def list_tasks(ask: ListTasks, call: Call, store: Store) -> TaskList:
    """Tasks that the caller oversees."""
    person = None if call.caller.is_administrator else call.person
    found = store.overseen(person, archived=ask.archived, after=ask.after, limit=ask.limit + 1)
    page = found[: ask.limit]
    return TaskList(tasks=page, after=page[-1].id if len(found) > ask.limit else None)


@procedure(ReadTask)
def read_task(ask: ReadTask, call: Call, store: Store) -> TaskWithTargets:
    """One task with everybody it is for."""
    task = overseen(ask.task, call.caller, store)
    return TaskWithTargets(task=task, targets=store.targets(ask.task))


def _read(id: str, store: Store) -> Task:
    task = store.task(id)
    assert task is not None
    return task


def _known_people(ids: list[str], path: str, store: Store) -> list[str]:
    return rules.known(ids, store.people(ids), path)


def _known_owner(id: str, store: Store) -> str:
    return rules.known([id], store.people([id]), "owner")[0]
