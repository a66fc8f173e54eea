"""Packages' rows, and who takes part in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, select, union

from chalkbell.contracts.workload import Formulas, Package, Period, Scaling, Show, Status
from chalkbell.store import Store
from services.workload import model

P = model.package
G = model.package_group
PURPOSES = ("groups", "managers", "assessment_team", "exams_office")


class PackageStore(Store):
    """What workload remembers of packages."""

    def package(self, id: str, *, lock: bool = False) -> Package | None:
        """A package, or None. Locked, nobody else changes anything in it until the commit."""
        question = select(P).where(P.c.id == id)
        row = self.row(question.with_for_update() if lock else question)
        return self._with_groups([row], G.c.package == id)[0] if row else None

    def packages(self) -> list[Package]:
        """All packages, the latest first."""
        return self._with_groups(self.rows(select(P).order_by(P.c.start.desc(), P.c.id)))

    def packages_that_name(self, group: str) -> list[str]:
        """The ids of the packages that name this group for whatever purpose, in order."""
        question = select(G.c.package).where(G.c.group_id == group).distinct().order_by(G.c.package)
        return [row["package"] for row in self.rows(question)]

    def keep_package(self, package: Package) -> None:
        """Write a package, new or changed."""
        row = {name: getattr(package, name) for name in package.__struct_fields__ if name not in PURPOSES}
        self.upsert(P, row | {"status": package.status.value, "show": package.show.value})
        self.execute(delete(G).where(G.c.package == package.id))
        self.insert(
            G,
            *(
                {"package": package.id, "purpose": purpose, "group_id": group}
                for purpose in PURPOSES
                for group in getattr(package, purpose)
            ),
        )

    def takes_part(self, package: str, person: str) -> bool:
        """Whether somebody coordinates, moderates, teaches or directs something in the package, or has a post or activity there."""
        return package in self.packages_with_part_for(person, package)

    def packages_with_part_for(self, person: str, package: str | None = None) -> Collection[str]:
        """The ids of the packages that somebody takes part in; with `package` only that one is looked at."""
        directed = model.programme_person
        parts: list[Select[Any]] = [
            select(table.c.package).where(table.c[column] == person)
            for table, column in (
                (model.module, "coordinator"),
                (model.module_moderator, "person"),
                (model.allocation, "person"),
                (model.activity, "person"),
                (model.post, "person"),
            )
        ]
        parts.append(select(directed.c.package).where(directed.c.person == person, directed.c.role == "directors"))
        if package is not None:
            parts = [part.where(part.selected_columns[0] == package) for part in parts]
        return {row["package"] for row in self.rows(union(*parts))}

    def _with_groups(self, rows: Collection[Any], *where: Any) -> list[Package]:
        named: dict[tuple[str, str], list[str]] = {}
        for row in self.rows(select(G).where(*where).order_by(G.c.group_id)):
            named.setdefault((row["package"], row["purpose"]), []).append(row["group_id"])
        return [_package(row, {purpose: named.get((row["id"], purpose), []) for purpose in PURPOSES}) for row in rows]


def _package(row: Any, groups: dict[str, list[str]]) -> Package:
    fields: dict[str, Any] = {
        **row,
        **groups,
        "status": Status(row["status"]),
        "show": Show(row["show"]),
        "periods": [_period(period) for period in row["periods"]],
        "scaling": Scaling(**row["scaling"]),
        "formulas": Formulas(**row["formulas"]),
    }
    return Package(**fields)


def _period(plain: dict[str, Any]) -> Period:
    start, end = plain.get("start"), plain.get("end")
    return Period(
        name=plain["name"], start=date.fromisoformat(start) if start else None, end=date.fromisoformat(end) if end else None
    )
