"""People's rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, func, or_, select, text

from chalkbell.contracts.directory import Person, PersonChanged, PersonKind
from chalkbell.store import Store
from services.directory import model

P = model.person


class PeopleStore(Store):
    """What the directory remembers of people."""

    def lock_people(self) -> None:
        """Let nobody else change people until the commit: ids, addresses and the last administrator are decided over all rows."""
        if not self.on_sqlite:
            self.execute(text("lock table person in share row exclusive mode"))

    def person(self, id: str) -> Person | None:
        """Somebody, or None."""
        row = self.row(select(P).where(P.c.id == id))
        return as_person(row) if row else None

    def person_by_email(self, email: str) -> Person | None:
        """Whose address this is, however it is written."""
        row = self.row(select(P).where(P.c.email_key == email_key(email)))
        return as_person(row) if row else None

    def people(self, ids: Collection[str]) -> dict[str, Person]:
        """Those of these people that there are, by id."""
        found = [row for some in portions(ids) for row in self.rows(select(P).where(P.c.id.in_(some)))]
        return {row["id"]: as_person(row) for row in found}

    def owners_of_emails(self, emails: Collection[str]) -> dict[str, str]:
        """Who has which of these addresses, by the address in small letters."""
        keys = {email_key(email) for email in emails}
        question = select(P.c.email_key, P.c.id)
        return {
            row["email_key"]: row["id"] for some in portions(keys) for row in self.rows(question.where(P.c.email_key.in_(some)))
        }

    def all_people(self) -> list[Person]:
        """Everybody, by id."""
        return [as_person(row) for row in self.rows(select(P).order_by(P.c.id))]

    def search_people(
        self, wanted: str, *, with_email: bool, kind: PersonKind | None, active: bool | None, after: str | None, limit: int
    ) -> tuple[list[Person], int]:
        """One page of those found, by id, and how many were found in all."""
        question: Select[Any] = select(P)
        if wanted:
            pattern = f"%{escaped(wanted.casefold())}%"
            columns = [P.c.id, func.lower(P.c.name), *([P.c.email_key] if with_email else [])]
            question = question.where(or_(*(column.like(pattern, escape="\\") for column in columns)))
        if kind:
            question = question.where(P.c.kind == kind.value)
        if active is not None:
            question = question.where(P.c.active == active)
        total = self.value(select(func.count()).select_from(question.subquery()))
        if after:
            question = question.where(P.c.id > after)
        return [as_person(row) for row in self.rows(question.order_by(P.c.id).limit(limit))], total

    def other_administrators(self, id: str) -> bool:
        """Whether anybody else who may sign in administers the campus."""
        return self.row(select(P.c.id).where(P.c.administrator, P.c.active, P.c.id != id).limit(1)) is not None

    def keep_person(self, person: Person) -> None:
        """Write somebody, new or changed, and record it."""
        self.keep_people([person])

    def keep_people(self, people: Collection[Person]) -> None:
        """Write people, new or changed, and record it."""
        self.upsert(P, *(_row(person) for person in people))
        for person in people:
            self.record(PersonChanged(person=person))


def as_person(row: Any) -> Person:
    """A row as a person."""
    return Person(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        kind=PersonKind(row["kind"]),
        active=row["active"],
        administrator=row["administrator"],
        version=row["version"],
    )


def _row(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "email_key": email_key(person.email),
        "kind": person.kind.value,
        "active": person.active,
        "administrator": person.administrator,
        "version": person.version,
    }


def portions(ids: Collection[str], size: int = 5000) -> Iterator[list[str]]:
    """As many at a time as fit into one statement."""
    every = sorted(ids)
    return (every[start : start + size] for start in range(0, len(every), size))


def email_key(email: str) -> str:
    """An address as it is compared."""
    return email.casefold()[:254]


def escaped(text: str) -> str:
    """Text without the signs that mean something to LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
