"""Who may see a package or an assessment, asked with what is in the store. What may not be seen is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalkbell.contracts import NotFound
from chalkbell.contracts.workflow import DEFINITIONS, examiner_scope, is_reserved
from chalkbell.handlers import Caller, may_read
from services.workflow.api import facts
from services.workflow.api.facts import Asking, Place
from services.workflow.rules import actors, rights
from services.workflow.rules.actors import Someone
from services.workflow.rules.graph import Graph
from services.workflow.rules.rights import Package
from services.workflow.store import Store


@may_read
def may_read_scope(scope: str, caller: Caller, store: Store) -> bool:
    """Whether somebody may follow a package, the shared definitions, or an examiner's stream, which is their own."""
    someone = facts.caller(store, caller)
    if scope == DEFINITIONS:
        return may_see_definitions(someone)
    if is_reserved(scope):
        return actors.may_administer(someone) or (someone.may_take_part and scope == examiner_scope(someone.id))
    package = facts.package(store, scope)
    return package is not None and sees(store, someone, package)


def may_see_definitions(someone: Someone) -> bool:
    """Whether the shared definitions are for somebody: staff."""
    return actors.may_administer(someone) or (someone.staff and someone.active)


def sees(store: Store, someone: Someone, package: Package) -> bool:
    """Whether somebody may see all of a package's assessments."""
    if rights.may_read(someone, package, (), ()):
        return True
    if package.hidden or not someone.may_take_part:
        return False
    in_use = facts.graphs(store, store.definitions_in_use(package.id)).values()
    return rights.may_read(someone, package, store.roles_in(package.id, someone.id), list(in_use))


def visible_package(store: Store, caller: Caller, id: str, *, lock: bool = False) -> tuple[Package, Someone]:
    """A package that the caller may see, and the caller. Otherwise `not_found`."""
    someone = facts.caller(store, caller)
    package = facts.package(store, id, lock=lock)
    if package is None or not (caller.is_service or sees(store, someone, package)):
        raise NotFound(path="package")
    return package, someone


@dataclass(frozen=True)
class Seen:
    """An assessment that the caller may see: its row, definition and place, who looks, and whether only as an examiner."""

    row: Any
    graph: Graph
    place: Place
    asking: Asking
    as_examiner: bool

    @property
    def someone(self) -> Someone:
        """Who looks."""
        return self.asking.someone

    @property
    def scope(self) -> str:
        """The stream in which the caller hears of it."""
        return examiner_scope(self.someone.id) if self.as_examiner else self.place.package.id


def visible_assessment(store: Store, caller: Caller, id: str, *others: str, lock: bool = False) -> Seen:
    """An assessment that the caller may see; `others` are people to look up besides. Otherwise `not_found`.

    The assessment is read (and locked) first, and everything about it after, so that what is decided on belongs together.
    """
    row = store.assessment(id, lock=lock)
    place = facts.place(store, row["package"], row["module"]) if row else None
    if row is None or place is None:
        raise NotFound(path="assessment")
    graph = facts.graph(store, row["definition"])
    asking = facts.asking(store, caller, *others)
    someone = asking.someone
    roles = [role for role, people in place.concerned.people.items() if someone.id in people]
    reads = caller.is_service or rights.may_read(someone, place.package, roles, [graph])
    examines = not reads and rights.may_examine(someone, place.package, place.concerned)
    if not reads and not examines and not sees(store, someone, place.package):
        raise NotFound(path="assessment")
    return Seen(row, graph, place, asking, as_examiner=examines)
