"""People as workflow looks at them: with the groups that they are in, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping, bindparam, select

from chalkbell.contracts.directory import Group, Person
from chalkbell.directory_copy import DirectoryCopy
from chalkbell.directory_copy.tables import membership, person
from services.workflow.store.workload_copy import WorkloadCopy

_PERSON = (person.c.id, person.c.name, person.c.kind, person.c.active, person.c.administrator)
_WITH_GROUPS = (
    select(*_PERSON, membership.c.group_id)
    .outerjoin_from(person, membership, membership.c.person == person.c.id)
    .where(person.c.id.in_(bindparam("ids", expanding=True)))
)
_MEMBERS = (
    select(*_PERSON, membership.c.group_id)
    .join_from(membership, person, membership.c.person == person.c.id)
    .where(membership.c.group_id.in_(bindparam("groups", expanding=True)))
    .order_by(person.c.id)
)


class PeopleStore(WorkloadCopy, DirectoryCopy):
    """Questions about people beyond the shared copy's."""

    def replace_directory(self, people: Collection[Person], groups: Collection[Group]) -> None:
        """Take over everything from a fresh snapshot; anybody may have lost the right to any package by it."""
        super().replace_directory(people, groups)
        for row in self.packages():
            self.audit_subscriptions(row["id"])

    def people_with_groups(self, ids: Collection[str]) -> Sequence[RowMapping]:
        """A row for each of these people and each group that they are in, or one without a group."""
        return self.rows(_WITH_GROUPS, {"ids": list(ids)}) if ids else []

    def group_members(self, groups: Collection[str]) -> Sequence[RowMapping]:
        """A row for each member of each of these groups."""
        return self.rows(_MEMBERS, {"groups": list(groups)}) if groups else []

    def administrators(self) -> Sequence[RowMapping]:
        """A row for each administrator of the campus."""
        return self.rows(select(*_PERSON).where(person.c.administrator).order_by(person.c.id))
