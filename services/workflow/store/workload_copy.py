"""The copy of workload's packages, modules and programmes: what workflow needs to know who has which part."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, delete, exists, select, update

from chalkbell.directory_copy.tables import person
from chalkbell.store import Store
from services.workflow.model import assessment, module, module_role, package, programme

_MODULE = (module.c.package, module.c.id.label("module"), module.c.code, module.c.name, module.c.removed)
_PART = (module_role.c.role, module_role.c.person, person.c.name.label("person_name"), person.c.kind, person.c.active)
_PACKAGE = (
    package.c.name.label("package_name"),
    package.c.status,
    package.c.groups,
    package.c.managers,
    package.c.assessment_team,
    package.c.exams_office,
)


def _with_parts(*columns: Any) -> Select[*tuple[Any, ...]]:
    """A row for each module and each part that somebody has in it, or one without a part."""
    return (
        select(*_MODULE, *columns, *_PART)
        .select_from(module)
        .outerjoin(module_role, and_(module_role.c.package == module.c.package, module_role.c.module == module.c.id))
        .outerjoin(person, person.c.id == module_role.c.person)
        .order_by(module.c.package, module.c.code, module.c.id, module_role.c.role, module_role.c.place)
    )


# the one look that a sign-off takes at its module: prepared, for it is asked most often
_PLACE = (
    _with_parts(*_PACKAGE)
    .join(package, package.c.id == module.c.package)
    .where(module.c.package == bindparam("package"), module.c.id == bindparam("module"))
)


class WorkloadCopy(Store):
    """Packages, modules and programmes as workload last told."""

    def package(self, id: str, *, lock: bool = False) -> RowMapping | None:
        """A package. With `lock` nobody else changes it, or adds assessments to it, until this transaction ends."""
        question = select(package).where(package.c.id == id)
        return self.row(question.with_for_update() if lock else question)

    def packages(self, ids: Collection[str] | None = None) -> Sequence[RowMapping]:
        """All packages, or those of these ids."""
        question = select(package).order_by(package.c.id)
        return self.rows(question if ids is None else question.where(package.c.id.in_(ids)))

    def keep_package(self, row: Mapping[str, Any]) -> None:
        """Take over a package."""
        self.upsert(package, row)

    def programmes(self, package_id: str) -> dict[str, list[str]]:
        """The examiners of each programme of a package."""
        rows = self.rows(select(programme.c.id, programme.c.examiners).where(programme.c.package == package_id))
        return {row["id"]: row["examiners"] for row in rows}

    def keep_programme(self, package_id: str, id: str, examiners: list[str]) -> None:
        """Take over a programme."""
        self.upsert(programme, {"package": package_id, "id": id, "examiners": examiners})

    def drop_programme(self, package_id: str, id: str) -> None:
        """Forget a programme."""
        self.execute(delete(programme).where(programme.c.package == package_id, programme.c.id == id))

    def modules(self, package_id: str, ids: Collection[str] | None = None) -> Sequence[RowMapping]:
        """A package's modules, those among these ids if some are given, by code; without those removed."""
        question = select(module).where(module.c.package == package_id, ~module.c.removed).order_by(module.c.code, module.c.id)
        return self.rows(question if ids is None else question.where(module.c.id.in_(ids)))

    def keep_module(self, row: Mapping[str, Any]) -> None:
        """Take over a module."""
        self.upsert(module, row)

    def drop_module(self, package_id: str, id: str) -> None:
        """Forget a module and who has parts in it; of one with assessments keep what it was called."""
        self.keep_parts(package_id, {id: []})
        here = and_(module.c.package == package_id, module.c.id == id)
        used = exists().where(assessment.c.package == package_id, assessment.c.module == id)
        self.execute(delete(module).where(here, ~used))
        self.execute(update(module).where(here).values(removed=True))

    def keep_parts(self, package_id: str, parts: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Replace who has which part in each of these modules: pairs of role and person, in order."""
        table = module_role
        self.execute(delete(table).where(table.c.package == package_id, table.c.module.in_(parts)))
        rows = [
            {"package": package_id, "module": id, "role": role, "person": person, "place": place}
            for id, pairs in parts.items()
            for place, (role, person) in enumerate(dict.fromkeys(pairs))
        ]
        self.insert(table, *rows)

    def staff_parts(self, package_id: str, roles: Collection[str], ids: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        """By module of a package (those of these ids) the parts in these roles, as `keep_parts` takes them."""
        table = module_role
        question = (
            select(table.c.module, table.c.role, table.c.person)
            .where(table.c.package == package_id, table.c.module.in_(ids), table.c.role.in_(roles))
            .order_by(table.c.module, table.c.place)
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for row in self.rows(question):
            found.setdefault(row["module"], []).append((row["role"], row["person"]))
        return found

    def place(self, package_id: str, module_id: str) -> Sequence[RowMapping]:
        """A module with its package, a row for each part; nothing when there is none such."""
        return self.rows(_PLACE, {"package": package_id, "module": module_id})

    def modules_with_parts(self, packages: Collection[str], ids: Collection[str] | None = None) -> Sequence[RowMapping]:
        """A row for each module of these packages (removed ones too, of these ids if some are given) and each part in it."""
        question = _with_parts().where(module.c.package.in_(packages))
        return self.rows(question if ids is None else question.where(module.c.id.in_(ids)))

    def parts_of(self, person_id: str) -> Sequence[RowMapping]:
        """All parts that somebody has, over all packages."""
        return self.rows(select(module_role).where(module_role.c.person == person_id))

    def roles_in(self, package_id: str, person_id: str) -> set[str]:
        """The roles that somebody has in any module of a package."""
        table = module_role
        question = select(table.c.role).where(table.c.person == person_id, table.c.package == package_id).distinct()
        return {row["role"] for row in self.rows(question)}
