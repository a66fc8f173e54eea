"""Bringing in people from a file: all of it, or nothing with the reasons why."""

from __future__ import annotations

from typing import Any

import msgspec

from chalkbell.contracts import Email, Line
from chalkbell.contracts.directory import ImportPeople, ImportReport, NewId, Person, PersonKind, RefusedRow
from chalkbell.handlers import Call, procedure
from services.directory import rules
from services.directory.store import Store

CELLS: dict[str, tuple[Any, str]] = {
    "id": (NewId, "Expected a lower-case letter, then letters, digits and inner hyphens, at most 48."),
    "name": (Line, "Expected one line of at most 200 characters."),
    "email": (Email, "Expected an e-mail address."),
    "kind": (PersonKind, "Expected staff, student or external."),
}


@procedure(ImportPeople)
def import_people(ask: ImportPeople, call: Call, store: Store) -> ImportReport:
    """Add and change people from a CSV file."""
    if not ask.dry_run:
        store.lock_people()
        store.lock_groups()
    rows, refused = rules.read(ask.csv)
    refused += [problem for row in rows for problem in _problems(row)]
    known = store.people([row.cells["id"] for row in rows if "id" in row.cells])
    owners = store.owners_of_emails([row.cells["email"] for row in rows if "email" in row.cells])
    groups = store.known_groups({group for row in rows for group in row.groups})
    refused += [problem for row in rows for problem in _conflicts(row, owners, groups)]
    if refused:
        refused.sort(key=lambda problem: (problem.line, problem.column))
        return ImportReport(done=False, added=0, changed=0, unchanged=0, refused=refused)
    people = [_person(row, known.get(row.cells["id"])) for row in rows]
    joining = _joining(rows, store)
    moved = {person for members in joining.values() for person in members}
    added = [person for person in people if person.id not in known]
    changed = [person for person in people if person.id in known and person != known[person.id]]
    different = {person.id for person in (*added, *changed)}
    only_moved = [person for person in people if person.id in moved - different]
    if not ask.dry_run:
        store.keep_people([*added, *changed])
        for group in sorted(joining):
            store.change_members(group, joining[group], ())
    return ImportReport(
        done=not ask.dry_run,
        added=len(added),
        changed=len(changed) + len(only_moved),
        unchanged=len(people) - len(different) - len(only_moved),
        refused=[],
    )


def _problems(row: rules.Row) -> list[RefusedRow]:
    found: list[RefusedRow] = []
    for column, (kind, expected) in CELLS.items():
        value = row.cells.get(column)
        if value is None:
            continue
        try:
            msgspec.convert(value.lower() if column == "kind" else value, kind)
        except msgspec.ValidationError:
            found.append(RefusedRow(line=row.line, column=column, reason=expected))
        else:
            if column == "id" and rules.is_reserved(value):
                found.append(RefusedRow(line=row.line, column=column, reason="This id is one of the system's own."))
    return found


def _conflicts(row: rules.Row, owners: dict[str, str], groups: set[str]) -> list[RefusedRow]:
    found: list[RefusedRow] = []
    owner = owners.get(row.cells.get("email", "").casefold())
    if owner and owner != row.cells.get("id"):
        found.append(RefusedRow(line=row.line, column="email", reason=f"{owner} has this address."))
    if unknown := sorted(row.groups - groups):
        found.append(RefusedRow(line=row.line, column="groups", reason=f"There is no group {', '.join(unknown)[:200]}."))
    return found


def _person(row: rules.Row, known: Person | None) -> Person:
    kind = PersonKind(row.cells["kind"].lower()) if "kind" in row.cells else None
    name, email = row.cells["name"], row.cells["email"]
    if known:
        return rules.changed(known, name=name, email=email, kind=kind)
    return Person(id=row.cells["id"], name=name, email=email, kind=kind or PersonKind.STAFF, version=1)


def _joining(rows: list[rules.Row], store: Store) -> dict[str, set[str]]:
    """Who is to come into which group and is not in yet."""
    there = store.memberships([row.cells["id"] for row in rows])
    joining: dict[str, set[str]] = {}
    for row in rows:
        for group in row.groups:
            if (group, row.cells["id"]) not in there:
                joining.setdefault(group, set()).add(row.cells["id"])
    return joining
