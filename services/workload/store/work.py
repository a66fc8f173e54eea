"""Rows of categories, activity types, activities and posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, delete, select

from chalkbell.contracts import Message
from chalkbell.contracts.workload import ActivityInFull, ActivityType, Category, Measure, Post
from chalkbell.store import Store
from services.workload import model
from services.workload.store.courses import in_order

C = model.category
T = model.activity_type
A = model.activity
O = model.post  # noqa: E741


class WorkStore(Store):
    """What workload remembers of work that is no module, and of people's posts."""

    def categories(self, package: str, id: str | None = None) -> list[Category]:
        """A package's categories by id, or the one with this id."""
        return [Category(**_without_package(row)) for row in in_order(self.rows(_of(C, package, "id", id)), "id")]

    def keep_categories(self, package: str, categories: Sequence[Category]) -> None:
        """Write categories, new or changed."""
        self.upsert(C, *_rows(package, categories))

    def drop_category(self, package: str, id: str) -> None:
        """Remove a category that nothing needs."""
        self.execute(delete(C).where(C.c.package == package, C.c.id == id))

    def types_in(self, package: str, category: str) -> list[str]:
        """The ids of some activity types in a category."""
        question = select(T.c.id).where(T.c.package == package, T.c.category == category).order_by(T.c.id).limit(20)
        return [row["id"] for row in self.rows(question)]

    def activity_types(self, package: str, id: str | None = None) -> list[ActivityType]:
        """A package's activity types by id, or the one with this id."""
        return [ActivityType(**_without_package(row)) for row in in_order(self.rows(_of(T, package, "id", id)), "id")]

    def keep_activity_types(self, package: str, types: Sequence[ActivityType]) -> None:
        """Write activity types, new or changed."""
        self.upsert(T, *_rows(package, types))

    def drop_activity_type(self, package: str, id: str) -> None:
        """Remove an activity type that no activity has."""
        self.execute(delete(T).where(T.c.package == package, T.c.id == id))

    def activities(self, package: str, id: str | None = None, *, of_type: str | None = None) -> list[ActivityInFull]:
        """A package's activities by id, or the one with this id, or those of a type; with nothing hidden."""
        question = _of(A, package, "id", id).add_columns(T.c.category)
        question = question.join(T, (T.c.package == A.c.package) & (T.c.id == A.c.type))
        if of_type is not None:
            question = question.where(A.c.type == of_type)
        rows = in_order(self.rows(question), "id")
        return [_activity(row) for row in rows]

    def keep_activities(self, package: str, activities: Sequence[ActivityInFull]) -> None:
        """Write activities, new or changed."""
        columns = [column.name for column in A.c if column.name != "package"]
        self.upsert(
            A,
            *(
                {"package": package} | {name: getattr(one, name) for name in columns} | {"measure": one.measure.value}
                for one in activities
            ),
        )

    def drop_activity(self, package: str, id: str) -> None:
        """Remove an activity."""
        self.execute(delete(A).where(A.c.package == package, A.c.id == id))

    def activities_with(self, package: str, *, of_type: str | None = None, module: str | None = None) -> list[str]:
        """The ids of some activities of a type, or of a module."""
        question = select(A.c.id).where(A.c.package == package).order_by(A.c.id).limit(20)
        if of_type is not None:
            question = question.where(A.c.type == of_type)
        if module is not None:
            question = question.where(A.c.module == module)
        return [row["id"] for row in self.rows(question)]

    def posts(self, package: str, person: str | None = None) -> list[Post]:
        """A package's posts by person, or that of this person."""
        return [Post(**_without_package(row)) for row in in_order(self.rows(_of(O, package, "person", person)), "person")]

    def keep_posts(self, package: str, posts: Sequence[Post]) -> None:
        """Write posts, new or changed."""
        self.upsert(O, *_rows(package, posts))

    def drop_post(self, package: str, person: str) -> None:
        """Take a post away."""
        self.execute(delete(O).where(O.c.package == package, O.c.person == person))


def _activity(row: Any) -> ActivityInFull:
    fields: dict[str, Any] = {**_without_package(row), "measure": Measure(row["measure"])}
    return ActivityInFull(**fields)


def _of(table: Table, package: str, key: str, id: str | None) -> Any:
    question = select(table).where(table.c.package == package)
    return question if id is None else question.where(table.c[key] == id)


def _without_package(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "package"}


def _rows(package: str, things: Sequence[Message]) -> list[dict[str, Any]]:
    return [{"package": package} | {name: getattr(one, name) for name in one.__struct_fields__} for one in things]
