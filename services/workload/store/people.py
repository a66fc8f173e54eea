"""What workload asks of its copy of the campus's people and groups."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select

from chalkbell.contracts.directory import PersonKind
from chalkbell.directory_copy import DirectoryCopy
from chalkbell.directory_copy.tables import group, membership, person

FEW = 200


class PeopleStore(DirectoryCopy):
    """The copy, with the questions that loads and checks need."""

    def known_people(self, ids: Collection[str]) -> set[str]:
        """Those of these ids that are people."""
        if not ids:
            return set()
        question = select(person.c.id)
        # many names in one question cost more than reading all
        found = self.rows(question.where(person.c.id.in_(ids)) if len(ids) <= FEW else question)
        return {row["id"] for row in found} & set(ids)

    def staff_of(self, groups: Collection[str], others: Collection[str]) -> dict[str, set[str]]:
        """By group, those of its members who are staff, or among `others`."""
        found: dict[str, set[str]] = {one: set() for one in groups}
        if groups:
            question = (
                select(membership.c.group_id, membership.c.person)
                .join(person, person.c.id == membership.c.person)
                .where(membership.c.group_id.in_(groups))
                .where(or_(person.c.kind == PersonKind.STAFF.value, membership.c.person.in_(others)))
            )
            for row in self.rows(question):
                found[row["group_id"]].add(row["person"])
        return found

    def group_names(self, groups: Collection[str]) -> dict[str, str]:
        """The names of these groups."""
        question = select(group.c.id, group.c.name).where(group.c.id.in_(groups))
        return {row["id"]: row["name"] for row in self.rows(question)} if groups else {}
