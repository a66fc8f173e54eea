"""Assessments, the ledger of their sign-offs, and who was told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, delete, or_, select, update

from chalkbell.store import Store
from services.workflow.model import assessment, module_role, notified, sign_off

_ONE = select(assessment).where(assessment.c.id == bindparam("id"))
_ONE_LOCKED = _ONE.with_for_update()
_MOVE = (
    update(assessment)
    .where(assessment.c.id == bindparam("which"))
    .values(state=bindparam("state"), since=bindparam("since"), version=bindparam("version"), sign_offs=bindparam("sign_offs"))
)
_SIGN = sign_off.insert()


class AssessmentStore(Store):
    """What is under quality assurance, and its ledger."""

    def assessment(self, id: str, *, lock: bool = False) -> RowMapping | None:
        """One assessment. With `lock` nobody else changes it until this transaction ends."""
        return self.row(_ONE_LOCKED if lock else _ONE, {"id": id})

    def assessments_of(self, package: str, modules: Collection[str] | None = None, *, lock: bool = False) -> Sequence[RowMapping]:
        """A package's assessments, or those of some of its modules."""
        question = select(assessment).where(assessment.c.package == package).order_by(assessment.c.id)
        if modules is not None:
            question = question.where(assessment.c.module.in_(modules))
        return self.rows(question.with_for_update() if lock else question)

    def add_assessments(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add assessments."""
        self.insert(assessment, *rows)

    def remove_assessments(self, ids: Collection[str]) -> None:
        """Take assessments away; the database refuses where there are sign-offs."""
        self.execute(delete(assessment).where(assessment.c.id.in_(ids)))

    def assessments_for(
        self, person: str, roles: Collection[str] | None, packages: Collection[str] = (), definitions: Collection[str] = ()
    ) -> Sequence[RowMapping]:
        """The assessments of all modules in which somebody has one of these roles (none: any), of whole packages, and of definitions."""
        part = module_role
        mine = select(part.c.module).where(
            part.c.person == person, part.c.package == assessment.c.package, part.c.module == assessment.c.module
        )
        if roles is not None:
            mine = mine.where(part.c.role.in_(roles))
        wanted: list[ColumnElement[bool]] = [mine.exists()]
        if packages:
            wanted.append(assessment.c.package.in_(packages))
        if definitions:
            wanted.append(assessment.c.definition.in_(definitions))
        return self.rows(select(assessment).where(or_(*wanted)).order_by(assessment.c.since, assessment.c.id))

    def move(self, id: str, state: str, since: datetime, version: int, sign_offs: int) -> None:
        """Put an assessment into another state."""
        values = {"which": id, "state": state, "since": since, "version": version, "sign_offs": sign_offs}
        self.connection.execute(_MOVE, values)

    def add_sign_off(self, row: Mapping[str, Any]) -> None:
        """Write an entry into the ledger. It stays for ever: the database refuses to change it."""
        self.connection.execute(_SIGN, dict(row))

    def sign_off(self, assessment_id: str, number: int) -> RowMapping | None:
        """One entry of the ledger."""
        return self.row(select(sign_off).where(sign_off.c.assessment == assessment_id, sign_off.c.number == number))

    def ledger(self, assessment_id: str) -> Sequence[RowMapping]:
        """The entries of an assessment, newest first."""
        return self.rows(select(sign_off).where(sign_off.c.assessment == assessment_id).order_by(sign_off.c.number.desc()))

    def told(self, assessment_id: str) -> Sequence[RowMapping]:
        """Who was told of an assessment's sign-offs, and when."""
        question = select(notified).where(notified.c.assessment == assessment_id)
        return self.rows(question.order_by(notified.c.number, notified.c.at, notified.c.person))

    def keep_told(self, assessment_id: str, number: int, person: str, at: datetime) -> bool:
        """Remember that somebody was told. False when that was known."""
        here = and_(notified.c.assessment == assessment_id, notified.c.number == number, notified.c.person == person)
        if self.row(select(notified.c.at).where(here)) is not None:
            return False
        self.insert_if_absent(notified, {"assessment": assessment_id, "number": number, "person": person, "at": at})
        return True
