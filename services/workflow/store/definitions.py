"""Definitions: kept version by version, never changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, select

from chalkbell.store import Store, Transaction
from services.workflow.model import assessment, definition, module_role


class DefinitionStore(Store):
    """Versions of definitions."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self.uncommitted: set[str] = set()
        """Versions added in this transaction, which may yet come to nothing."""

    def definitions(self, ids: Collection[str]) -> Sequence[RowMapping]:
        """Those of these versions that there are."""
        return self.rows(select(definition).where(definition.c.id.in_(ids))) if ids else []

    def definitions_of(self, package_id: str | None) -> Sequence[RowMapping]:
        """A package's own, or those that all share, by name and newest first."""
        order = (definition.c.name, definition.c.version.desc())
        return self.rows(select(definition).where(definition.c.package.is_not_distinct_from(package_id)).order_by(*order))

    def definition_ids(self) -> list[str]:
        """The ids of all versions of all definitions."""
        return [row["id"] for row in self.rows(select(definition.c.id))]

    def definitions_in_use(self, package_id: str) -> list[str]:
        """The ids of the versions that a package's assessments follow."""
        question = select(assessment.c.definition).where(assessment.c.package == package_id).distinct()
        return [row["definition"] for row in self.rows(question)]

    def newest_definition(self, package_id: str | None, name: str) -> RowMapping | None:
        """The newest version of a package's own definition, or of a shared one."""
        here = (definition.c.package.is_not_distinct_from(package_id), definition.c.name == name)
        return self.row(select(definition).where(*here).order_by(definition.c.version.desc()).limit(1))

    def add_definition(self, row: Mapping[str, Any]) -> bool:
        """Add a version. False when somebody else just added one of this number."""
        self.insert_if_absent(definition, row)
        self.uncommitted.add(row["id"])
        kept = self.row(select(definition.c.text, definition.c.added_by).where(definition.c.id == row["id"]))
        return kept is not None and (kept["text"], kept["added_by"]) == (row["text"], row["added_by"])

    def follows_as_examiner(self, person: str, definition_id: str, roles: Collection[str]) -> bool:
        """Whether an assessment follows this version whose module somebody has one of these roles in."""
        table = module_role
        question = (
            select(assessment.c.id)
            .join(table, (table.c.package == assessment.c.package) & (table.c.module == assessment.c.module))
            .where(assessment.c.definition == definition_id, table.c.person == person, table.c.role.in_(roles))
            .limit(1)
        )
        return self.row(question) is not None
