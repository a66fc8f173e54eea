"""What concerns somebody over all packages: what waits for them, what they examine."""

from __future__ import annotations

from collections.abc import Callable, Collection

from chalkbell.contracts import Position
from chalkbell.contracts.workflow import (
    Assessment,
    Examined,
    ExaminedAssessments,
    ReadExamined,
    ReadWaiting,
    Waiting,
    WaitingItem,
    examiner_scope,
)
from chalkbell.handlers import Call, procedure
from services.workflow.api import facts
from services.workflow.api.facts import Place, Row
from services.workflow.api.reading import may_enter
from services.workflow.rules import actors, rights
from services.workflow.rules.actors import EXAMINER_ROLES, Someone
from services.workflow.rules.graph import Graph
from services.workflow.rules.rights import Package
from services.workflow.store import Store

Found = list[tuple[Row, Graph, Place, Assessment]]


@procedure(ReadWaiting)
def read_waiting(ask: ReadWaiting, call: Call, store: Store) -> Waiting:
    """By name or by a group, longest waiting first."""
    someone = facts.caller(store, call.caller)
    you = facts.you(someone)
    if not someone.may_take_part:
        return Waiting(items=[], positions={}, you=you, names={})
    packages = _open_packages(store, someone)
    parts = store.parts_of(someone.id)
    named = _definitions_that_name(store, someone)
    in_groups = [one.id for one in packages.values() if not someone.groups.isdisjoint({*one.assessment_team, *one.exams_office})]
    rows = store.assessments_for(someone.id, None, in_groups, named)
    found = [one for one in _found(store, rows, packages) if not one[3].ended and actors.waits_for(you, one[3].next)]
    items = [
        WaitingItem(assessment=one, package_name=place.package.name, may_enter=states)
        for row, graph, place, one in found
        if (states := may_enter(someone, graph, row["state"], place))
    ]
    return Waiting(
        items=items,
        positions=_positions(store, someone, packages, parts, {row["package"] for row in rows if row["definition"] in named}),
        you=you,
        names=facts.names_of(store, [place for _, _, place, _ in found], [graph for _, graph, _, _ in found]),
    )


@procedure(ReadExamined)
def read_examined(ask: ReadExamined, call: Call, store: Store) -> ExaminedAssessments:
    """The modules that they lead on first, then by code."""
    someone = facts.caller(store, call.caller)
    you = facts.you(someone)
    scope = examiner_scope(someone.id)
    position = store.position(scope)
    if not someone.may_take_part:
        return ExaminedAssessments(position=position, scope=scope, examined=[], mine=[], you=you, names={})
    packages = _packages(store, lambda package: not package.hidden)
    rows = store.assessments_for(someone.id, EXAMINER_ROLES)
    found = [one for one in _found(store, rows, packages) if rights.may_examine(someone, one[2].package, one[2].concerned)]
    examined = [
        Examined(assessment=one, package_name=place.package.name, lead=place.concerned.examiners()[someone.id])
        for _, _, place, one in found
    ]
    examined.sort(key=lambda one: (not one.lead, one.assessment.module_code, one.assessment.kind.value, one.assessment.id))
    return ExaminedAssessments(
        position=position,
        scope=scope,
        examined=examined,
        mine=[one.assessment.id for one in examined if not one.assessment.ended and actors.waits_for(you, one.assessment.next)],
        you=you,
        names=facts.names_of(store, [place for _, _, place, _ in found], [graph for _, graph, _, _ in found]),
    )


def _packages(store: Store, wanted: Callable[[Package], bool]) -> dict[str, Package]:
    found = (facts.package_of(row, row["id"], row["name"]) for row in store.packages())
    return {package.id: package for package in found if wanted(package)}


def _open_packages(store: Store, someone: Someone) -> dict[str, Package]:
    """Those in which something may wait for somebody: not closed, and hidden ones only if they manage them."""
    return _packages(store, lambda package: not package.closed and (not package.hidden or rights.may_manage(someone, package)))


def _definitions_that_name(store: Store, someone: Someone) -> set[str]:
    known = facts.graphs(store, store.definition_ids())
    return {id for id, graph in known.items() if someone.id in graph.people() or not someone.groups.isdisjoint(graph.groups())}


def _found(store: Store, rows: facts.Rows, packages: dict[str, Package]) -> Found:
    """These assessments with all about them, those in other packages left out."""
    rows = [row for row in rows if row["package"] in packages]
    graphs = facts.graphs(store, {row["definition"] for row in rows})
    here = {id: packages[id] for id in sorted({row["package"] for row in rows})}
    places = facts.places(store, here, {row["module"] for row in rows})
    found: Found = []
    for row in rows:
        graph, place = graphs[row["definition"]], places[row["package"], row["module"]]
        found.append((row, graph, place, facts.assessment_of(row, graph, place)))
    return found


def _positions(
    store: Store, someone: Someone, packages: dict[str, Package], parts: facts.Rows, named_in: Collection[str]
) -> dict[str, Position]:
    """Where the streams stand that somebody may follow and in which something may come to wait for them."""
    by_package: dict[str, set[str]] = {}
    for part in parts:
        by_package.setdefault(part["package"], set()).add(part["role"])
    scopes = [
        id
        for id, package in packages.items()
        if id in named_in
        or by_package.get(id, set()) & set(actors.STAFF_ROLES)
        or not someone.groups.isdisjoint({*package.groups, *package.managers, *package.assessment_team, *package.exams_office})
    ]
    if any(roles & set(EXAMINER_ROLES) for roles in by_package.values()) or not someone.staff:
        scopes.append(examiner_scope(someone.id))
    return store.positions(scopes)
