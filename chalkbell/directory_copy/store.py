"""Reading and keeping the copy of the campus's people and groups."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import delete, select

from chalkbell.contracts.directory import Group, Person
from chalkbell.directory_copy import tables
from chalkbell.store import Store


class DirectoryCopy(Store):
    """What a store that keeps the copy can be asked about people and groups."""

    def people(self, ids: Collection[str]) -> dict[str, Person]:
        """Those of these people that the campus knows, by id."""
        if not ids:
            return {}
        found = self.rows(select(tables.person).where(tables.person.c.id.in_(ids)))
        # SQLAlchemy's column names are strings of a kind of its own, which msgspec does not take
        return {row["id"]: msgspec.convert({str(name): value for name, value in row.items()}, Person) for row in found}

    def person(self, id: str) -> Person | None:
        """One person, or None."""
        return self.people([id]).get(id)

    def groups_of(self, person: str) -> set[str]:
        """The ids of the groups that somebody is in."""
        table = tables.membership
        return {row["group_id"] for row in self.rows(select(table.c.group_id).where(table.c.person == person))}

    def members_of(self, groups: Collection[str], *, active: bool = True) -> set[str]:
        """The ids of everybody in any of these groups; with `active` only those who may still sign in."""
        if not groups:
            return set()
        member, person = tables.membership, tables.person
        question = select(member.c.person).where(member.c.group_id.in_(groups)).distinct()
        if active:
            question = question.join(person, person.c.id == member.c.person).where(person.c.active)
        return {row["person"] for row in self.rows(question)}

    def is_in_any(self, person: str, groups: Collection[str]) -> bool:
        """Whether somebody is in one of these groups."""
        table = tables.membership
        return (
            bool(groups)
            and self.row(select(table).where(table.c.person == person, table.c.group_id.in_(groups)).limit(1)) is not None
        )

    def known_groups(self, groups: Collection[str]) -> set[str]:
        """Those of these ids that are groups."""
        return {row["id"] for row in self.rows(select(tables.group.c.id).where(tables.group.c.id.in_(groups)))} if groups else set()

    def keep_person(self, person: Person) -> None:
        """Take over a person's new state."""
        self.upsert(tables.person, _row(person))

    def keep_group(self, id: str, name: str) -> None:
        """Take over a group's name."""
        self.upsert(tables.group, {"id": id, "name": name})

    def drop_group(self, id: str) -> None:
        """Forget a group and who was in it."""
        self.execute(delete(tables.membership).where(tables.membership.c.group_id == id))
        self.execute(delete(tables.group).where(tables.group.c.id == id))

    def change_members(self, group: str, added: Collection[str], removed: Collection[str]) -> None:
        """Take over who came and who left."""
        if removed:
            table = tables.membership
            self.execute(delete(table).where(table.c.group_id == group, table.c.person.in_(removed)))
        self.insert_if_absent(tables.membership, *({"group_id": group, "person": person} for person in added))

    def replace_directory(self, people: Collection[Person], groups: Collection[Group]) -> None:
        """Take over everything from a fresh snapshot."""
        for table in (tables.membership, tables.group, tables.person):
            self.execute(delete(table))
        self.insert(tables.person, *map(_row, people))
        self.insert(tables.group, *({"id": group.id, "name": group.name} for group in groups))
        self.insert(tables.membership, *({"group_id": group.id, "person": member} for group in groups for member in group.members))


def _row(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "kind": person.kind.value,
        "active": person.active,
        "administrator": person.administrator,
    }
