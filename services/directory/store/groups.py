"""Groups' rows, and who is in them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, or_, select, text

from chalkbell.contracts.directory import Group, GroupChanged, GroupNamed, GroupRemoved, MembersChanged
from chalkbell.store import Store
from services.directory import model
from services.directory.store.people import escaped, portions

G = model.group
M = model.membership
_OTHERS = M.alias()
_SIZE = select(func.count()).where(_OTHERS.c.group_id == G.c.id).scalar_subquery().label("size")


class GroupsStore(Store):
    """What the directory remembers of groups."""

    def lock_groups(self) -> None:
        """Let nobody else add, change or remove groups until the commit."""
        if not self.on_sqlite:
            self.execute(text("lock table people_group in share row exclusive mode"))

    def group(self, id: str) -> Group | None:
        """A group with its members, or None."""
        row = self.row(select(G).where(G.c.id == id))
        if row is None:
            return None
        members = self.rows(select(M.c.person).where(M.c.group_id == id).order_by(M.c.person))
        return _group(row, [member["person"] for member in members])

    def all_groups(self) -> list[Group]:
        """Every group with its members, by id."""
        members: dict[str, list[str]] = {}
        for row in self.rows(select(M).order_by(M.c.group_id, M.c.person)):
            members.setdefault(row["group_id"], []).append(row["person"])
        return [_group(row, members.get(row["id"], [])) for row in self.rows(select(G).order_by(G.c.id))]

    def known_groups(self, ids: Collection[str]) -> set[str]:
        """Those of these ids that are groups."""
        return {row["id"] for some in portions(ids) for row in self.rows(select(G.c.id).where(G.c.id.in_(some)))}

    def search_groups(self, wanted: str, after: str | None, limit: int) -> list[GroupNamed]:
        """One page of those found, by id."""
        question = select(G.c.id, G.c.name, _SIZE).order_by(G.c.id).limit(limit)
        if wanted:
            pattern = f"%{escaped(wanted.casefold())}%"
            question = question.where(or_(G.c.id.like(pattern, escape="\\"), func.lower(G.c.name).like(pattern, escape="\\")))
        if after:
            question = question.where(G.c.id > after)
        return [GroupNamed(**row) for row in self.rows(question)]

    def groups_of(self, person: str) -> list[GroupNamed]:
        """The groups that somebody is in, by id."""
        question = select(G.c.id, G.c.name, _SIZE).join(M, M.c.group_id == G.c.id).where(M.c.person == person).order_by(G.c.id)
        return [GroupNamed(**row) for row in self.rows(question)]

    def memberships(self, people: Collection[str]) -> set[tuple[str, str]]:
        """Who of these people is in which group, as (group, person)."""
        found = (row for some in portions(people) for row in self.rows(select(M).where(M.c.person.in_(some))))
        return {(row["group_id"], row["person"]) for row in found}

    def keep_group(self, id: str, name: str, version: int) -> None:
        """Write a group, new or changed, and record it."""
        self.upsert(G, {"id": id, "name": name, "version": version})
        self.record(GroupChanged(id=id, name=name, version=version))

    def drop_group(self, id: str) -> None:
        """Remove a group and record it."""
        self.execute(delete(M).where(M.c.group_id == id))
        self.execute(delete(G).where(G.c.id == id))
        self.record(GroupRemoved(id=id))

    def change_members(self, group: str, add: Collection[str], remove: Collection[str]) -> None:
        """Write who came and who left, and record it. Those in `add` are not in yet, those in `remove` are."""
        if not add and not remove:
            return
        if remove:
            self.execute(delete(M).where(M.c.group_id == group, M.c.person.in_(remove)))
        self.insert(M, *({"group_id": group, "person": person} for person in add))
        self.record(MembersChanged(group=group, added=sorted(add), removed=sorted(remove)))


def _group(row: Any, members: list[str]) -> Group:
    return Group(id=row["id"], name=row["name"], members=members, version=row["version"])
