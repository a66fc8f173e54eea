"""Programmes' and modules' rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Table, delete, select

from chalkbell.contracts.workload import Allocation, Module, Overrides, Programme
from chalkbell.store import Store
from services.workload import model

M = model.module
P = model.programme
CHUNK = 500


class CourseStore(Store):
    """What workload remembers of programmes and modules."""

    def programmes(self, package: str, id: str | None = None) -> list[Programme]:
        """A package's programmes by id, or the one with this id."""
        people: dict[tuple[str, str], list[str]] = {}
        for row in self._children(model.programme_person, "programme", package, id, "person"):
            people.setdefault((row["programme"], row["role"]), []).append(row["person"])
        return [
            Programme(
                id=row["id"],
                version=row["version"],
                code=row["code"],
                name=row["name"],
                directors=people.get((row["id"], "directors"), []),
                examiners=people.get((row["id"], "examiners"), []),
            )
            for row in self._things(P, package, id)
        ]

    def keep_programmes(self, package: str, programmes: Sequence[Programme]) -> None:
        """Write programmes, new or changed."""
        self.upsert(
            P, *({"package": package, "id": p.id, "version": p.version, "code": p.code, "name": p.name} for p in programmes)
        )
        self._replace(
            model.programme_person,
            "programme",
            package,
            [one.id for one in programmes],
            [
                {"programme": one.id, "role": role, "person": person}
                for one in programmes
                for role in ("directors", "examiners")
                for person in getattr(one, role)
            ],
        )

    def drop_programme(self, package: str, id: str) -> None:
        """Remove a programme that no module is on."""
        self.execute(delete(P).where(P.c.package == package, P.c.id == id))

    def modules(self, package: str, id: str | None = None) -> list[Module]:
        """A package's modules by id, or the one with this id."""
        moderators = _by_module(self._children(model.module_moderator, "module", package, id, "person"), "person")
        programmes = _by_module(self._children(model.module_programme, "module", package, id, "programme"), "programme")
        allocations: dict[str, list[Allocation]] = {}
        for row in self._children(model.allocation, "module", package, id, "person"):
            one = Allocation(person=row["person"], contact=row["contact"], admin=row["admin"], assessment=row["assessment"])
            allocations.setdefault(row["module"], []).append(one)
        return [
            Module(
                **{name: row[name] for name in MODULE_COLUMNS},
                overrides=Overrides(**row["overrides"]),
                moderators=moderators.get(row["id"], []),
                programmes=programmes.get(row["id"], []),
                allocations=allocations.get(row["id"], []),
                team=[one.person for one in allocations.get(row["id"], [])],
            )
            for row in self._things(M, package, id)
        ]

    def keep_modules(self, package: str, modules: Sequence[Module]) -> None:
        """Write modules, new or changed, with their allocations."""
        self.upsert(
            M,
            *(
                {"package": package, "overrides": one.overrides} | {name: getattr(one, name) for name in MODULE_COLUMNS}
                for one in modules
            ),
        )
        ids = [one.id for one in modules]
        self._replace(
            model.module_moderator,
            "module",
            package,
            ids,
            [{"module": one.id, "person": person} for one in modules for person in one.moderators],
        )
        self._replace(
            model.module_programme,
            "module",
            package,
            ids,
            [{"module": one.id, "programme": programme} for one in modules for programme in one.programmes],
        )
        self._replace(
            model.allocation,
            "module",
            package,
            ids,
            [
                {"module": one.id, "person": a.person, "contact": a.contact, "admin": a.admin, "assessment": a.assessment}
                for one in modules
                for a in one.allocations
            ],
        )

    def drop_module(self, package: str, id: str) -> None:
        """Remove a module, with its moderators, programmes and allocations, that no activity belongs to."""
        self.execute(delete(M).where(M.c.package == package, M.c.id == id))

    def modules_on(self, package: str, programme: str) -> list[str]:
        """The ids of some modules that are on a programme."""
        table = model.module_programme
        question = select(table.c.module).where(table.c.package == package, table.c.programme == programme)
        return [row["module"] for row in self.rows(question.order_by(table.c.module).limit(20))]

    def _things(self, table: Table, package: str, id: str | None) -> Sequence[Any]:
        question = select(table).where(table.c.package == package)
        return in_order(self.rows(question if id is None else question.where(table.c.id == id)), "id")

    def _children(self, table: Table, parent: str, package: str, id: str | None, order: str) -> Sequence[Any]:
        question = select(table).where(table.c.package == package)
        return in_order(self.rows(question if id is None else question.where(table.c[parent] == id)), order)

    def _replace(self, table: Table, parent: str, package: str, parents: Sequence[str], rows: Collection[dict[str, Any]]) -> None:
        for start in range(0, len(parents), CHUNK):
            chunk = parents[start : start + CHUNK]
            self.execute(delete(table).where(table.c.package == package, table.c[parent].in_(chunk)))
        self.insert(table, *({"package": package} | row for row in rows))


MODULE_COLUMNS = (
    "id", "version", "code", "name", "campus", "periods", "credits", "students", "coordinator", "lead_programme",
)  # fmt: skip


def in_order(rows: Sequence[Any], column: str) -> list[Any]:
    """Rows in the order of a column as Python sees it: a database sorts hyphens by its locale."""
    return sorted(rows, key=lambda row: row[column])


def _by_module(rows: Sequence[Any], column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["module"], []).append(row[column])
    return found
