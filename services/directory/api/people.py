"""People: added, changed, let in and out; found and named."""

from __future__ import annotations

import msgspec

from chalkbell.contracts import Conflict, Invalid, NotAllowed, NotFound
from chalkbell.contracts.directory import (
    CAMPUS,
    AddPerson,
    AskNames,
    Campus,
    ChangePerson,
    DisablePerson,
    EnablePerson,
    LastAdministrator,
    ListPeople,
    Named,
    People,
    PeoplePage,
    Person,
    PersonAnswer,
    PersonKind,
    ReadCampus,
    ReadPerson,
    Taken,
)
from chalkbell.handlers import Call, Caller, may_read, procedure
from services.directory import rules
from services.directory.store import Store


@may_read
def may_read_campus(scope: str, caller: Caller, store: Store) -> bool:
    """The campus's stream has everybody's address in it: it is for administrators."""
    if scope != CAMPUS or not caller.is_administrator:
        return False
    person = store.person(caller.person)
    return person is not None and person.active and person.administrator


@procedure(ReadCampus)
def read_campus(ask: ReadCampus, call: Call, store: Store) -> Campus:
    """Everything, for services and administrators."""
    if not (call.caller.is_service or call.caller.is_administrator):
        raise NotAllowed
    if ask.scope != CAMPUS:
        raise NotFound(path="scope")
    return Campus(position=store.position(CAMPUS), people=store.all_people(), groups=store.all_groups())


@procedure(AskNames)
def ask_names(ask: AskNames, call: Call, store: Store) -> People:
    """Names for ids."""
    found = store.people(ask.ids)
    return People(people=[_named(found[id], call.caller) for id in dict.fromkeys(ask.ids) if id in found])


@procedure(ListPeople)
def list_people(ask: ListPeople, call: Call, store: Store) -> PeoplePage:
    """Search people."""
    caller = call.caller
    sees_all = caller.is_service or caller.is_administrator
    if not sees_all:
        person = store.person(call.person)
        if person is None or not person.active or person.kind is not PersonKind.STAFF:
            raise NotAllowed("Only staff may search people. Ask for the names of those whose ids you have.")
    found, total = store.search_people(
        ask.search, with_email=sees_all, kind=ask.kind, active=ask.active, after=ask.after, limit=ask.limit + 1
    )
    page = found[: ask.limit]
    more = len(found) > ask.limit
    return PeoplePage(people=[_named(person, caller) for person in page], next=page[-1].id if more else None, total=total)


@procedure(ReadPerson)
def read_person(ask: ReadPerson, call: Call, store: Store) -> PersonAnswer:
    """Everything about somebody but their secrets."""
    person = store.person(ask.id)
    if person is None:
        raise NotFound(path="id")
    return PersonAnswer(person=person)


@procedure(AddPerson)
def add_person(ask: AddPerson, call: Call, store: Store) -> PersonAnswer:
    """Add somebody."""
    if rules.is_reserved(ask.id):
        raise Invalid("This id is one of the system's own. Choose another.", path="id")
    store.lock_people()
    if store.person(ask.id):
        raise Taken("There is somebody with this id already.", path="id")
    _check_email(ask.email, ask.id, store)
    person = Person(id=ask.id, name=ask.name, email=ask.email, kind=ask.kind, administrator=ask.administrator, version=1)
    store.keep_person(person)
    return PersonAnswer(person=person)


@procedure(ChangePerson)
def change_person(ask: ChangePerson, call: Call, store: Store) -> PersonAnswer:
    """Change somebody."""
    person = _person(ask.id, store)
    if ask.seen != person.version:
        raise Conflict(person=msgspec.to_builtins(person), version=person.version)
    if ask.email is not None:
        _check_email(ask.email, ask.id, store)
    changed = rules.changed(person, name=ask.name, email=ask.email, kind=ask.kind, administrator=ask.administrator)
    return _keep(person, changed, call, store)


@procedure(DisablePerson)
def disable_person(ask: DisablePerson, call: Call, store: Store) -> PersonAnswer:
    """Let somebody no longer in."""
    person = _person(ask.id, store)
    return _keep(person, rules.changed(person, active=False), call, store)


@procedure(EnablePerson)
def enable_person(ask: EnablePerson, call: Call, store: Store) -> PersonAnswer:
    """Let somebody in again."""
    person = _person(ask.id, store)
    return _keep(person, rules.changed(person, active=True), call, store)


def _keep(person: Person, changed: Person, call: Call, store: Store) -> PersonAnswer:
    if changed == person:
        return PersonAnswer(person=person)
    # the operator at the machine can always make a new administrator
    if rules.administers(person) and not rules.administers(changed) and call.caller.role != "operator":
        if not store.other_administrators(person.id):
            raise LastAdministrator
    store.keep_person(changed)
    if not changed.active:
        store.forget_browsers(person.id)
    if (changed.active, changed.administrator) != (person.active, person.administrator):
        store.end_sessions(person.id)
    return PersonAnswer(person=changed)


def _person(id: str, store: Store) -> Person:
    store.lock_people()
    person = store.person(id)
    if person is None:
        raise NotFound(path="id")
    return person


def _check_email(email: str, id: str, store: Store) -> None:
    owner = store.person_by_email(email)
    if owner and owner.id != id:
        raise Taken("Somebody else has this e-mail address.", path="email")


def _named(person: Person, caller: Caller) -> Named:
    sees_email = caller.is_service or caller.is_administrator or caller.person == person.id
    return Named(id=person.id, name=person.name, kind=person.kind, active=person.active, email=person.email if sees_email else None)
