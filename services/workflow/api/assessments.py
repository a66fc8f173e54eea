"""The assessments of a package: listed, added, filled in, removed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from chalkbell.contracts import Done, Invalid, NotAllowed
from chalkbell.contracts.workflow import (
    AddAssessments,
    Added,
    AlreadyThere,
    FillAssessments,
    HasSignOffs,
    ListAssessments,
    NewAssessment,
    PackageAssessments,
    PackageClosed,
    RemoveAssessment,
)
from chalkbell.handlers import Call, procedure
from services.workflow.api import definitions, facts, seeing, telling
from services.workflow.rules import actors, rights
from services.workflow.rules.rights import Package
from services.workflow.store import Store

Key = tuple[str, str, str]


@procedure(ListAssessments)
def list_assessments(ask: ListAssessments, call: Call, store: Store) -> PackageAssessments:
    """All of a package, in a number of statements that does not depend on how many they are."""
    package, someone = seeing.visible_package(store, call.caller, ask.package)
    rows = store.assessments_of(package.id)
    graphs = facts.graphs(store, (row["definition"] for row in rows))
    places = facts.places(store, {package.id: package})
    you = facts.you(someone)
    assessments = [facts.assessment_of(row, graphs[row["definition"]], places[package.id, row["module"]]) for row in rows]
    return PackageAssessments(
        position=store.position(package.id),
        package=package.id,
        package_name=package.name,
        may_add=rights.may_manage(someone, package) and not package.closed,
        assessments=assessments,
        mine=[one.id for one in assessments if not one.ended and actors.waits_for(you, one.next)],
        you=you,
        names=facts.names_of(store, places.values(), graphs.values()),
    )


@procedure(AddAssessments)
def add_assessments(ask: AddAssessments, call: Call, store: Store) -> Added:
    """All or none."""
    package = _managed(store, call, ask.package)
    modules = {row["id"] for row in store.modules(package.id, {new.module for new in ask.assessments})}
    there = _there(store, package.id)
    for index, new in enumerate(ask.assessments):
        if new.module not in modules:
            raise Invalid(f"The package has no module {new.module!r}.", path=f"assessments[{index}].module")
        key = (new.module, new.kind.value, new.title)
        if key in there:
            raise AlreadyThere(path=f"assessments[{index}]", module=new.module, kind=new.kind.value, title=new.title)
        there.add(key)
    return _add(store, package, ask.assessments)


@procedure(FillAssessments)
def fill_assessments(ask: FillAssessments, call: Call, store: Store) -> Added:
    """For every module and kind of which there is none."""
    package = _managed(store, call, ask.package)
    definition = definitions.to_follow(store, package.id, ask.definition, "definition")
    there = {(module, kind) for module, kind, _ in _there(store, package.id)}
    wanted = [
        NewAssessment(module=row["id"], kind=kind, definition=definition)
        for row in store.modules(package.id)
        for kind in dict.fromkeys(ask.kinds)
        if (row["id"], kind.value) not in there
    ]
    return _add(store, package, wanted)


@procedure(RemoveAssessment)
def remove_assessment(ask: RemoveAssessment, call: Call, store: Store) -> Done:
    """One that nobody has signed off."""
    seen = seeing.visible_assessment(store, call.caller, ask.assessment, lock=True)
    package = seen.place.package
    if not (call.caller.is_service or rights.may_manage(seen.someone, package)):
        raise NotAllowed("Assessments are removed by those who manage the package.")
    if package.closed:
        raise PackageClosed
    if seen.row["sign_offs"]:
        raise HasSignOffs(sign_offs=seen.row["sign_offs"])
    store.remove_assessments([ask.assessment])
    store.record_all(list(telling.told(seen.row, seen.graph, seen.place, {}).removed()))
    return Done()


def _managed(store: Store, call: Call, id: str) -> Package:
    """The package, locked, if the caller may change what is in it."""
    package, someone = seeing.visible_package(store, call.caller, id, lock=True)
    if not (call.caller.is_service or rights.may_manage(someone, package)):
        raise NotAllowed("Assessments are added by those who manage the package.")
    if package.closed:
        raise PackageClosed
    return package


def _there(store: Store, package: str) -> set[Key]:
    return {(row["module"], row["kind"], row["title"]) for row in store.assessments_of(package)}


def _add(store: Store, package: Package, wanted: Sequence[NewAssessment]) -> Added:
    if not wanted:
        return Added(assessments=[])
    versions: dict[str | None, str] = {}
    for index, new in enumerate(wanted):
        if new.definition not in versions:
            path = f"assessments[{index}].definition"
            versions[new.definition] = definitions.to_follow(store, package.id, new.definition, path)
    rows: list[dict[str, Any]] = [
        {
            "id": secrets.token_hex(8),
            "package": package.id,
            "module": new.module,
            "kind": new.kind.value,
            "title": new.title,
            "definition": versions[new.definition],
            "state": None,
            "since": store.now,
            "version": 0,
            "sign_offs": 0,
        }
        for new in wanted
    ]
    store.add_assessments(rows)
    graphs = facts.graphs(store, set(versions.values()))
    places = facts.places(store, {package.id: package}, {new.module for new in wanted})
    names = facts.names_of(store, places.values(), graphs.values())
    told = [telling.told(row, graphs[row["definition"]], places[package.id, row["module"]], names) for row in rows]
    store.record_all([event for one in told for event in one.added()])
    return Added(assessments=[one.assessment for one in told])
