"""What the rules decide on, made from what the store remembers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chalkbell.contracts.directory import PersonKind
from chalkbell.contracts.workflow import Assessment, AssessmentKind, Definition, State, You
from chalkbell.handlers import Caller
from services.workflow.rules import actors, rights
from services.workflow.rules.actors import Concerned, Part, Someone
from services.workflow.rules.graph import Graph
from services.workflow.store import Store

Row = Mapping[Any, Any]
Rows = Sequence[Row]

# A version of a definition never changes, so each process reads it once. The epoch tells databases and their histories apart.
_graphs: dict[tuple[str, str], Graph] = {}
_KEPT = 2000


def graphs(store: Store, ids: Iterable[str]) -> dict[str, Graph]:
    """These versions of definitions, by id; at most one statement, and none for those that were asked for before."""
    epoch = store.transaction.epoch
    found: dict[str, Graph] = {}
    missing: list[str] = []
    for id in set(ids):
        known = _graphs.get((epoch, id))
        if known is None:
            missing.append(id)
        else:
            found[id] = known
    for row in store.definitions(missing):
        found[row["id"]] = read = Graph(definition_of(row))
        if row["id"] not in store.uncommitted:
            if len(_graphs) >= _KEPT:
                _graphs.clear()
            _graphs[epoch, row["id"]] = read
    return found


def forget_definitions() -> None:
    """Read all definitions anew. Needed only where databases are copied, and with them their epoch."""
    _graphs.clear()


def graph(store: Store, id: str) -> Graph:
    """One version of a definition that is known to be there."""
    return graphs(store, [id])[id]


def definition_of(row: Row) -> Definition:
    """A version as others see it."""
    return Definition(
        id=row["id"],
        name=row["name"],
        version=row["version"],
        title=row["title"],
        description=row["description"],
        package=row["package"],
        states=msgspec.convert(row["states"], list[State]),
        added_at=row["added_at"],
        added_by=row["added_by"],
    )


# ---- people


def someones(rows: Sequence[Row]) -> dict[str, Someone]:
    """People by id, from rows with one group each."""
    first: dict[str, Row] = {}
    groups: dict[str, set[str]] = {}
    for row in rows:
        first.setdefault(row["id"], row)
        if group := row.get("group_id"):
            groups.setdefault(row["id"], set()).add(group)
    return {
        id: Someone(id, PersonKind(row["kind"]), row["active"], row["administrator"], frozenset(groups.get(id, ())))
        for id, row in first.items()
    }


@dataclass(frozen=True)
class Asking:
    """Who asks, with other people who were looked up in the same statement, and the names of all of them."""

    someone: Someone
    others: Mapping[str, Someone]
    names: Mapping[str, str]


def asking(store: Store, caller: Caller, *others: str) -> Asking:
    """Who asks. Somebody is an administrator here when their session is and the directory still says so."""
    rows = store.people_with_groups({caller.person, *others})
    found = someones(rows)
    someone = found.get(caller.person)
    if someone is None:
        trusted = caller.role == "operator" or caller.is_service
        someone = Someone(caller.person, active=trusted, administrator=caller.role == "operator")
    elif someone.administrator and not caller.is_administrator:
        someone = Someone(someone.id, someone.kind, someone.active, False, someone.groups)
    return Asking(someone, found, {row["id"]: row["name"] for row in rows})


def caller(store: Store, caller: Caller) -> Someone:
    """Who asks."""
    return asking(store, caller).someone


def you(someone: Someone) -> You:
    """What a page needs to know about its reader."""
    return You(
        person=someone.id,
        groups=sorted(someone.groups),
        staff=someone.staff and someone.active,
        administrator=actors.may_administer(someone),
    )


# ---- packages and modules


def package_of(row: Row, id: str, name: str) -> rights.Package:
    """A package from a row that holds its columns."""
    return rights.Package(
        id,
        name,
        row["status"],
        tuple(row["groups"]),
        tuple(row["managers"]),
        tuple(row["assessment_team"]),
        tuple(row["exams_office"]),
    )


def package(store: Store, id: str, *, lock: bool = False) -> rights.Package | None:
    """A package, or None."""
    row = store.package(id, lock=lock)
    return package_of(row, id, row["name"]) if row else None


@dataclass(frozen=True)
class Place:
    """Where an assessment is: a module of a package, and who is concerned there."""

    package: rights.Package
    module: str
    code: str
    name: str
    removed: bool
    concerned: Concerned
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    people: Mapping[str, Someone] = field(default_factory=dict[str, Someone])
    """Those with a part whom the campus knows, without their groups."""


def place(store: Store, package_id: str, module: str) -> Place | None:
    """The place of an assessment, in one statement."""
    rows = store.place(package_id, module)
    return _place(package_of(rows[0], package_id, rows[0]["package_name"]), rows) if rows else None


def places(
    store: Store, packages: Mapping[str, rights.Package], modules: Collection[str] | None = None
) -> dict[tuple[str, str], Place]:
    """All modules of packages (or those with these ids) by package and module, in one statement."""
    together: dict[tuple[str, str], list[Row]] = {}
    for row in store.modules_with_parts(list(packages), modules):
        together.setdefault((row["package"], row["module"]), []).append(row)
    return {key: _place(packages[key[0]], rows) for key, rows in together.items()}


def _place(package: rights.Package, rows: Sequence[Row]) -> Place:
    module = rows[0]
    known = [row for row in rows if row["role"] is not None]
    parts = [Part(row["role"], row["person"], PersonKind(row["kind"]) if row["kind"] else None) for row in known]
    return Place(
        package,
        module["module"],
        module["code"],
        module["name"],
        module["removed"],
        actors.concerned(parts, package.by_kind()),
        {row["person"]: row["person_name"] for row in known if row["person_name"]},
        {row["person"]: Someone(row["person"], PersonKind(row["kind"]), row["active"]) for row in known if row["kind"]},
    )


# ---- assessments


def assessment_of(row: Row, graph: Graph, place: Place) -> Assessment:
    """An assessment as its readers see it."""
    state = graph.state(row["state"])
    return Assessment(
        id=row["id"],
        package=row["package"],
        module=row["module"],
        module_code=place.code,
        module_name=place.name,
        kind=AssessmentKind(row["kind"]),
        title=row["title"],
        definition=row["definition"],
        state=row["state"],
        state_title=state.title if state else "",
        ended=bool(state and state.end),
        since=row["since"],
        version=row["version"],
        sign_offs=row["sign_offs"],
        next=[actors.turn(following, place.concerned) for following in graph.after(row["state"])],
    )


def names_of(store: Store, places: Iterable[Place], graphs: Iterable[Graph], extra: Iterable[str] = ()) -> dict[str, str]:
    """The names of everybody with a part in these places, whom the definitions name, and some more; at most one statement."""
    names: dict[str, str] = {}
    for one in places:
        names.update(one.names)
    wanted = {*extra, *(person for graph in graphs for person in graph.people())} - names.keys()
    names.update({id: person.name for id, person in store.people(wanted).items()})
    return names
