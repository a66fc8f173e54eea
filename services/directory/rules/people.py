"""What may be done to people."""

from __future__ import annotations

from chalkbell.contracts.directory import Person, PersonKind

RESERVED = frozenset({"admin", "anonymous", "campus", "chalkbell", "operator", "root", "router", "service", "system", "trusted"})


def is_reserved(id: str) -> bool:
    """Whether an id means, or looks like, somebody who is no person."""
    return id in RESERVED


def administers(person: Person) -> bool:
    """Whether somebody can use an administrator's rights."""
    return person.active and person.administrator


def changed(
    person: Person,
    *,
    name: str | None = None,
    email: str | None = None,
    kind: PersonKind | None = None,
    active: bool | None = None,
    administrator: bool | None = None,
) -> Person:
    """Somebody with what is not None changed, and the version one higher; the very same where nothing is different."""
    new = Person(
        id=person.id,
        name=person.name if name is None else name,
        email=person.email if email is None else email,
        kind=person.kind if kind is None else kind,
        active=person.active if active is None else active,
        administrator=person.administrator if administrator is None else administrator,
        version=person.version,
    )
    if new == person:
        return person
    return Person(
        id=new.id, name=new.name, email=new.email, kind=new.kind, active=new.active, administrator=new.administrator,
        version=person.version + 1,
    )  # fmt: skip
