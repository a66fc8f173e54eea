"""Programmes."""

from __future__ import annotations

from chalkbell.contracts import Done
from chalkbell.contracts.workload import Programme, PutProgramme, RemoveProgramme
from chalkbell.contracts.workload.making import made
from chalkbell.handlers import Call, procedure
from services.workload.api.kinds import PROGRAMME, found, put, refuse, remove
from services.workload.api.known import id_of, known_people
from services.workload.api.rights import to_change
from services.workload.rules.checks import programme_problems
from services.workload.rules.tidy import tidy
from services.workload.store import Store


@procedure(PutProgramme)
def put_programme(ask: PutProgramme, call: Call, store: Store) -> Programme:
    """Add or change a programme."""
    package = to_change(ask.package, call, store)
    id = id_of(ask.id, ask.values.code)
    before = found(PROGRAMME, package.id, id, ask.seen, store)
    refuse(programme_problems(ask.values, known_people(package, [*ask.values.directors, *ask.values.examiners], store)))
    after = made(Programme, tidy(ask.values), id=id, version=ask.seen + 1)
    return put(PROGRAMME, package.id, before, after, store)


@procedure(RemoveProgramme)
def remove_programme(ask: RemoveProgramme, call: Call, store: Store) -> Done:
    """Remove a programme that no module is on."""
    package = to_change(ask.package, call, store)
    remove(PROGRAMME, package.id, ask.id, ask.seen, lambda: store.modules_on(package.id, ask.id), store)
    return Done()
