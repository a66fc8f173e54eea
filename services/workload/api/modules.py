"""Modules and who does which share of them."""

from __future__ import annotations

from chalkbell.contracts import Done, NotFound
from chalkbell.contracts.workload import AllocateModule, Module, OverAllocated, PutModule, RemoveModule
from chalkbell.contracts.workload.making import made
from chalkbell.handlers import Call, procedure
from services.workload.api.kinds import MODULE, found, put, refuse, remove
from services.workload.api.known import id_of, known_people
from services.workload.api.rights import to_change
from services.workload.rules.checks import allocation_problems, module_problems, over_allocated
from services.workload.rules.tidy import tidy, tidy_allocations
from services.workload.store import Store


@procedure(PutModule)
def put_module(ask: PutModule, call: Call, store: Store) -> Module:
    """Add or change a module; its allocations stay."""
    package = to_change(ask.package, call, store)
    id = id_of(ask.id, ask.values.code)
    before = found(MODULE, package.id, id, ask.seen, store)
    known = known_people(package, [ask.values.coordinator, *ask.values.moderators], store)
    known.programmes = {programme.id for programme in store.programmes(package.id)} if ask.values.programmes else set()
    refuse(module_problems(ask.values, known))
    after = made(
        Module,
        tidy(ask.values),
        id=id,
        version=ask.seen + 1,
        allocations=before.allocations if before else [],
        team=before.team if before else [],
    )
    return put(MODULE, package.id, before, after, store)


@procedure(AllocateModule)
def allocate_module(ask: AllocateModule, call: Call, store: Store) -> Module:
    """Say anew who does which share of a module."""
    package = to_change(ask.package, call, store)
    before = found(MODULE, package.id, ask.id, ask.seen, store)
    if before is None:
        raise NotFound(path="id")
    refuse(allocation_problems(ask.allocations, known_people(package, [one.person for one in ask.allocations], store)), "")
    refuse(over_allocated(ask.allocations), "", OverAllocated)
    allocations = tidy_allocations(ask.allocations)
    after = made(Module, before, version=ask.seen + 1, allocations=allocations, team=[one.person for one in allocations])
    return put(MODULE, package.id, before, after, store)


@procedure(RemoveModule)
def remove_module(ask: RemoveModule, call: Call, store: Store) -> Done:
    """Remove a module that no activity belongs to."""
    package = to_change(ask.package, call, store)
    remove(MODULE, package.id, ask.id, ask.seen, lambda: store.activities_with(package.id, module=ask.id), store)
    return Done()
