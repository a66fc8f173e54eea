"""What is told of assessments: to the readers of their package, and to each external examiner in a stream of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from chalkbell.contracts import Event
from chalkbell.contracts.workflow import (
    Assessment,
    AssessmentAdded,
    AssessmentChanged,
    AssessmentHidden,
    AssessmentRemoved,
    AssessmentShown,
    Examined,
    Turn,
    examiner_scope,
)
from services.workflow.api import facts
from services.workflow.store import Store


@dataclass(frozen=True)
class Told:
    """An assessment as it is told of: with who examines it (true: the lead programme), and the names of whom it waits for."""

    assessment: Assessment
    package_name: str
    examiners: Mapping[str, bool]
    names: dict[str, str]

    def examined(self, person: str) -> Examined:
        """As this examiner sees it."""
        return Examined(assessment=self.assessment, package_name=self.package_name, lead=self.examiners[person])

    def added(self) -> Iterator[Event]:
        """That it is there."""
        yield AssessmentAdded(package=self.assessment.package, assessment=self.assessment, names=self.names)
        yield from self.shown(self.examiners)

    def shown(self, people: Iterable[str]) -> Iterator[Event]:
        """That examiners see it."""
        for person in sorted(people):
            yield AssessmentShown(scope=examiner_scope(person), examined=self.examined(person), names=self.names)

    def removed(self) -> Iterator[Event]:
        """That it is gone."""
        yield AssessmentRemoved(package=self.assessment.package, assessment=self.assessment.id)
        yield from self.hidden(self.examiners)

    def hidden(self, people: Iterable[str]) -> Iterator[Event]:
        """That examiners no longer see it."""
        for person in sorted(people):
            yield AssessmentHidden(scope=examiner_scope(person), assessment=self.assessment.id)


def told(row: facts.Row, graph: facts.Graph, place: facts.Place, names: Mapping[str, str]) -> Told:
    """An assessment as it is told of. A package that is hidden is hidden from its examiners too."""
    assessment = facts.assessment_of(row, graph, place)
    examiners = {} if place.package.hidden else place.concerned.examiners()
    return Told(assessment, place.package.name, examiners, names_in(assessment.next, names))


def names_in(turns: Iterable[Turn], names: Mapping[str, str]) -> dict[str, str]:
    """The names of those whose turn it is."""
    return {person: names[person] for turn in turns for person in turn.people if person in names}


def all_told(store: Store, package_id: str, modules: Collection[str] | None = None) -> dict[str, Told]:
    """A package's assessments (or those of some modules) by id, locked until the transaction ends, as they are told of."""
    package = facts.package(store, package_id, lock=True)
    rows: facts.Rows = store.assessments_of(package_id, modules, lock=True) if package else ()
    if package is None or not rows:
        return {}
    graphs = facts.graphs(store, (row["definition"] for row in rows))
    places = facts.places(store, {package_id: package}, {row["module"] for row in rows})
    names = facts.names_of(store, places.values(), graphs.values())
    return {row["id"]: told(row, graphs[row["definition"]], places[package_id, row["module"]], names) for row in rows}


@contextlib.contextmanager
def telling_what_changes(store: Store, package_id: str, modules: Collection[str] | None = None) -> Iterator[None]:
    """Record what becomes different about a package's assessments (or those of some modules) by what is done within."""
    before = all_told(store, package_id, modules)
    yield
    if before:
        after = all_told(store, package_id, modules)
        store.record_all([event for id in before for event in _difference(before[id], after.get(id))])


def _difference(before: Told, after: Told | None) -> Iterator[Event]:
    if after is None:
        yield from before.removed()
        return
    if after.assessment != before.assessment:
        yield AssessmentChanged(package=after.assessment.package, assessment=after.assessment, names=after.names)
    yield from after.shown(
        person for person in after.examiners if person not in before.examiners or after.examined(person) != before.examined(person)
    )
    yield from before.hidden(before.examiners.keys() - after.examiners.keys())
