"""Definitions: those that ship, those that packages add, and who may read them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from chalkbell.contracts import Conflict, Invalid, NotAllowed, NotFound
from chalkbell.contracts.workflow import (
    DEFINITIONS,
    AddDefinition,
    Definition,
    DefinitionAdded,
    Definitions,
    ListDefinitions,
    ReadDefinition,
)
from chalkbell.handlers import Call, procedure
from services.workflow.api import definition_text, facts, seeing
from services.workflow.rules import actors, names, rights
from services.workflow.store import Store

SHIPPED = Path(__file__).parents[1] / "definitions"
DEFAULT = "default"


@procedure(ListDefinitions)
def list_definitions(ask: ListDefinitions, call: Call, store: Store) -> Definitions:
    """A package's own, or the shared ones."""
    if ask.package is not None:
        seeing.visible_package(store, call.caller, ask.package)
    elif not call.caller.is_service:
        someone = facts.caller(store, call.caller)
        if not seeing.may_see_definitions(someone):
            raise NotAllowed
    return Definitions(
        position=store.position(ask.package or DEFINITIONS),
        definitions=[facts.definition_of(row) for row in store.definitions_of(ask.package)],
    )


@procedure(ReadDefinition)
def read_definition(ask: ReadDefinition, call: Call, store: Store) -> Definition:
    """One version, for those who may read its package or all shared ones, and for examiners of what follows it."""
    found = facts.graphs(store, [ask.id]).get(ask.id)
    if found is None:
        raise NotFound(path="id")
    if not call.caller.is_service:
        someone = facts.caller(store, call.caller)
        package = facts.package(store, found.definition.package) if found.definition.package else None
        mine = seeing.sees(store, someone, package) if package else seeing.may_see_definitions(someone)
        if not mine and not (someone.may_take_part and store.follows_as_examiner(someone.id, ask.id, actors.EXAMINER_ROLES)):
            raise NotFound(path="id")
    return found.definition


@procedure(AddDefinition)
def add_definition(ask: AddDefinition, call: Call, store: Store) -> Definition:
    """From its text, checked, as the next version."""
    if ask.package is None:
        someone = facts.caller(store, call.caller)
        if not actors.may_administer(someone):
            raise NotAllowed("Definitions that all packages share are added by administrators. Name a package that you manage.")
    else:
        package, someone = seeing.visible_package(store, call.caller, ask.package, lock=True)
        if not rights.may_manage(someone, package):
            raise NotAllowed("Definitions of a package are added by those who manage it.")
    return keep(store, ask.text, ask.package, call.person)


def keep(store: Store, text: str, package: str | None, by: str) -> Definition:
    """Keep a text as the next version of the definition it names, and tell it; the newest version's own text is no new one."""
    groups, people = definition_text.named(text)
    read = definition_text.read(text, store.known_groups(groups), store.people(people).keys())
    newest = store.newest_definition(package, read.name)
    if newest and newest["text"] == text:
        return facts.definition_of(newest)
    version = newest["version"] + 1 if newest else 1
    row = {
        "id": names.definition_id(package, read.name, version),
        "name": read.name,
        "package": package,
        "version": version,
        "title": read.title,
        "description": read.description,
        "states": msgspec.to_builtins(read.states),
        "text": text,
        "added_at": store.now,
        "added_by": by,
    }
    if not store.add_definition(row):
        raise Conflict(f"Somebody else just added version {version} of {read.name!r}. Look at it and decide again.")
    definition = facts.definition_of(row)
    store.record(DefinitionAdded(scope=package or DEFINITIONS, definition=definition))
    return definition


def install(store: Store) -> None:
    """Keep the definitions that ship and are not there yet. One of the same name that is there stays what it is."""
    there = {row["name"] for row in store.definitions_of(None)}
    for file in sorted(SHIPPED.glob("*.yaml")):
        if file.stem not in there:
            keep(store, file.read_text(encoding="utf-8"), None, "service.workflow")


def to_follow(store: Store, package: str, id: str | None, path: str) -> str:
    """The version that a new assessment of a package shall follow: the one asked for, or the newest of the default.

    Refused with `invalid` and this `path` where it is not there or belongs to another package.
    """
    if id is not None:
        if names.owner_of(id) not in (None, package) or id not in facts.graphs(store, [id]):
            raise Invalid(f"There is no definition {id!r} that this package may use.", path=path)
        return id
    newest = store.newest_definition(package, DEFAULT) or store.newest_definition(None, DEFAULT)
    if newest is None:
        install(store)
        newest = store.newest_definition(None, DEFAULT)
    assert newest is not None, "the default definition ships with us"
    return newest["id"]
