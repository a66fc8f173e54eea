"""Tasks, whom they are for, and who has done them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Table, and_, delete, exists, func, or_, select, tuple_, union, update

from chalkbell.contracts.notifier import Completion, MyTask, TargetState, Task
from chalkbell.directory_copy import tables as directory
from services.notifier.model import assignment, completion, task, task_group, task_manager, task_person
from services.notifier.store.people import Recipients

Pairs = set[tuple[str, str]]
"""Tasks and the people they are for."""
_WHOM = ((task_person, "person", "people"), (task_group, "group_id", "groups"), (task_manager, "person", "managers"))


class Tasks(Recipients):
    """Rows of tasks, assignments and completions."""

    # --- as the owner sees them

    def tasks(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Task]:
        """The tasks that fulfil the conditions, by deadline, in a number of queries that does not grow."""
        question = select(task).where(*conditions).order_by(task.c.deadline, task.c.id).limit(limit)
        rows = self.rows(question)
        ids = [row["id"] for row in rows]
        whom = {name: self._grouped(table, column, ids) for table, column, name in _WHOM}
        counting = select(assignment.c.task, func.count())
        targets = self._counted(counting, ids)
        done = self._counted(counting.join(completion, _DONE), ids)
        return [_task(row, whom, targets.get(row["id"], 0), done.get(row["id"], 0)) for row in rows]

    def overseen(self, person: str | None, *, archived: bool, after: str | None, limit: int) -> list[Task]:
        """Tasks that somebody owns or manages (None: all), from the one after `after` on."""
        conditions: list[ColumnElement[bool]] = [task.c.archived == archived]
        if person is not None:
            managed = exists().where(task_manager.c.task == task.c.id, task_manager.c.person == person)
            conditions.append(or_(task.c.owner == person, managed))
        if after is not None:
            start = select(task.c.deadline).where(task.c.id == after).scalar_subquery()
            conditions.append(or_(task.c.deadline > start, and_(task.c.deadline == start, task.c.id > after)))
        return self.tasks(*conditions, limit=limit)

    def task(self, id: str) -> Task | None:
        """One task, or None."""
        return next(iter(self.tasks(task.c.id == id)), None)

    def lock_task(self, id: str) -> None:
        """Let nobody else change this task or whom it is for until the end of the transaction."""
        self.row(select(task.c.id).where(task.c.id == id).with_for_update())

    def lock_groups(self, groups: Collection[str]) -> None:
        """Keep these groups' members as they are until the end of the transaction."""
        if groups:
            table = directory.group
            self.rows(select(table.c.id).where(table.c.id.in_(groups)).order_by(table.c.id).with_for_update())

    def keep_task(self, kept: Task) -> None:
        """Write a task and whom it is for, by name and by group."""
        columns = {column.name: getattr(kept, column.name) for column in task.columns}
        self.upsert(task, columns)
        for table, column, name in _WHOM:
            self.execute(delete(table).where(table.c.task == kept.id))
            self.insert(table, *({"task": kept.id, column: id} for id in getattr(kept, name)))

    def drop_group_targets(self, group: str) -> list[str]:
        """Forget that tasks are for a group; which were."""
        tasks = self._tasks_of_groups([group])
        self.execute(delete(task_group).where(task_group.c.group_id == group))
        return tasks

    # --- whom they are for

    def assignment_changes(
        self, *, tasks: Collection[str] | None = None, groups: Collection[str] | None = None, people: Collection[str] | None = None
    ) -> tuple[Pairs, Pairs]:
        """Write whom tasks are for now; the (task, person) pairs that came and that went.

        Looks at these tasks, or those for these groups, or at all; with `people` only at them. Locks the tasks it looks at.
        """
        if groups is not None:
            tasks = self._tasks_of_groups(groups)
        lock = select(task.c.id).order_by(task.c.id).with_for_update()
        locked = [row["id"] for row in self.rows(lock.where(task.c.id.in_(tasks)) if tasks is not None else lock)]
        if not locked:
            return set(), set()
        wanted, present = self._wanted(tasks, people), self._present(tasks, people)
        came, went = wanted - present, present - wanted
        self.lock_recipients({person for _, person in came | went})
        for pairs in _chunks(sorted(went)):
            self.execute(delete(assignment).where(tuple_(assignment.c.task, assignment.c.person).in_(pairs)))
        self.insert(assignment, *({"task": id, "person": person} for id, person in sorted(came)))
        return came, went

    def _wanted(self, tasks: Collection[str] | None, people: Collection[str] | None) -> Pairs:
        member = directory.membership
        by_name = select(task_person.c.task, task_person.c.person)
        by_group = select(task_group.c.task, member.c.person).join(member, member.c.group_id == task_group.c.group_id)
        if tasks is not None:
            by_name, by_group = by_name.where(task_person.c.task.in_(tasks)), by_group.where(task_group.c.task.in_(tasks))
        if people is not None:
            by_name, by_group = by_name.where(task_person.c.person.in_(people)), by_group.where(member.c.person.in_(people))
        return {(id, person) for id, person in self.connection.execute(union(by_name, by_group)).all()}

    def _present(self, tasks: Collection[str] | None, people: Collection[str] | None) -> Pairs:
        question = select(assignment.c.task, assignment.c.person)
        if tasks is not None:
            question = question.where(assignment.c.task.in_(tasks))
        if people is not None:
            question = question.where(assignment.c.person.in_(people))
        return {(id, person) for id, person in self.connection.execute(question).all()}

    def _tasks_of_groups(self, groups: Collection[str]) -> list[str]:
        question = select(task_group.c.task).where(task_group.c.group_id.in_(groups)).distinct().order_by(task_group.c.task)
        return [row["task"] for row in self.rows(question)]

    def targets(self, id: str) -> list[TargetState]:
        """Everybody a task is for, by id, and who has completed it."""
        question = select(assignment.c.person, *_COMPLETION).outerjoin(completion, _DONE)
        rows = self.rows(question.where(assignment.c.task == id).order_by(assignment.c.person))
        return [TargetState(person=row["person"], completion=_completion(row)) for row in rows]

    def is_target(self, id: str, person: str) -> bool:
        """Whether a task is for somebody."""
        return self.row(select(assignment).where(assignment.c.task == id, assignment.c.person == person)) is not None

    # --- as those see them whom they are for

    def my_tasks(self, person: str, *, archived: bool = False, limit: int | None = None) -> list[MyTask]:
        """Somebody's tasks, by deadline; archived ones the latest first."""
        pairs = self._mine(assignment.c.person == person, task.c.archived == archived, limit=limit, newest=archived)
        return [mine for _, mine in pairs]

    def assigned(self, id: str) -> dict[tuple[str, str], MyTask]:
        """A task as each of those sees it whom it is for, by task and person; archived or not."""
        return {(mine.id, person): mine for person, mine in self._mine(task.c.id == id)}

    def assigned_to(self, tasks: Collection[str], people: Collection[str]) -> dict[tuple[str, str], MyTask]:
        """These tasks as these people see them, by task and person; archived ones are left out."""
        conditions = (task.c.id.in_(tasks), assignment.c.person.in_(people), task.c.archived.is_(False))
        pairs = self._mine(*conditions) if tasks and people else []
        return {(mine.id, person): mine for person, mine in pairs}

    def _mine(self, *conditions: ColumnElement[bool], limit: int | None = None, newest: bool = False) -> list[tuple[str, MyTask]]:
        question = (
            select(task, assignment.c.person, *_COMPLETION)
            .join(assignment, assignment.c.task == task.c.id)
            .outerjoin(completion, _DONE)
            .where(*conditions)
            .order_by(task.c.deadline.desc() if newest else task.c.deadline, task.c.id)
            .limit(limit)
        )
        return [(row["person"], _my_task(row)) for row in self.rows(question)]

    # --- completions

    def completion(self, id: str, person: str) -> Completion | None:
        """Somebody's completion of a task, or None."""
        question = select(*_COMPLETION).where(completion.c.task == id, completion.c.person == person)
        row = self.row(question)
        return _completion(row) if row else None

    def keep_completion(self, id: str, person: str, kept: Completion) -> None:
        """Write that somebody has completed a task."""
        values = {"at": kept.at, "by": kept.by, "comment": kept.comment}
        self.insert(completion, {"task": id, "person": person, **values})

    def drop_completion(self, id: str, person: str) -> None:
        """Take it back."""
        self.execute(delete(completion).where(completion.c.task == id, completion.c.person == person))

    def archived(self, tasks: Collection[str]) -> set[str]:
        """Those of these tasks that are archived."""
        question = select(task.c.id).where(task.c.id.in_(tasks), task.c.archived)
        return {row["id"] for row in self.rows(question)} if tasks else set()

    def set_archived(self, id: str, archived: bool) -> None:
        """Put a task away or bring it back: a new version."""
        self.execute(update(task).where(task.c.id == id).values(archived=archived, version=task.c.version + 1))

    # --- helpers

    def _grouped(self, table: Table, column: str, ids: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        if ids:
            for row in self.rows(select(table).where(table.c.task.in_(ids)).order_by(table.c.task, table.c[column])):
                found[row["task"]].append(row[column])
        return found

    def _counted(self, question: Select[str, int], ids: Sequence[str]) -> dict[str, int]:
        return self.two_columns(question.where(assignment.c.task.in_(ids)).group_by(assignment.c.task)) if ids else {}


_COMPLETION = (completion.c.at.label("completed_at"), completion.c.by.label("completed_by"), completion.c.comment)
_DONE = and_(completion.c.task == assignment.c.task, completion.c.person == assignment.c.person)


def _task(row: RowMapping, whom: Mapping[str, Mapping[str, list[str]]], targets: int, completed: int) -> Task:
    fields: dict[str, Any] = {**row, **{name: found.get(row["id"], []) for name, found in whom.items()}}
    return Task(**fields, targets=targets, completed=completed)


def _completion(row: RowMapping) -> Completion | None:
    if row["completed_at"] is None:
        return None
    return Completion(at=row["completed_at"], by=row["completed_by"], comment=row["comment"])


def _my_task(row: RowMapping) -> MyTask:
    names = ("id", "name", "description", "link", "category", "deadline", "timezone", "urgent_from", "owner", "version")
    values = {name: row[name] for name in names}
    return MyTask(**values, completion=_completion(row))


def _chunks(pairs: list[tuple[str, str]], size: int = 1000) -> list[list[tuple[str, str]]]:
    return [pairs[start : start + size] for start in range(0, len(pairs), size)]
