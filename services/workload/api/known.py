"""What things may refer to: ids in the package, and people of the campus."""

from __future__ import annotations

from collections.abc import Collection

from chalkbell.contracts import Invalid
from chalkbell.contracts.workload import Package
from services.workload.rules.checks import Known, slug_of
from services.workload.store import Store


def known_people(package: Package, ids: Collection[str | None], store: Store) -> Known:
    """Those of these people that the campus knows, and how many periods the package has."""
    return Known(periods=len(package.periods), people=store.known_people({id for id in ids if id}))


def id_of(given: str | None, text: str) -> str:
    """The id that was given, or one made of a code or name."""
    id = given or slug_of(text)
    if not id:
        raise Invalid("No id can be made of this. Give one.", path="id")
    return id
