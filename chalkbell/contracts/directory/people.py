"""People: who there is at the university. All events stand here; those of groups too, for they are one stream."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from msgspec import Meta

from chalkbell.contracts.core import (
    Allow,
    Ask,
    Change,
    Email,
    Event,
    GroupId,
    Line,
    Message,
    PersonId,
    ShortText,
    Snapshot,
    Version,
    rpc,
    topic,
)
from chalkbell.contracts.refusals import Conflict, refusal

CAMPUS = "campus"
"""The one scope of the directory's stream."""

NewId = Annotated[
    str,
    Meta(
        pattern=r"^[a-z](?:[a-z0-9-]{0,46}[a-z0-9])?$(?!\n)",
        max_length=48,
        description="A new id: a letter, then letters, digits and inner hyphens, at most 48. It never changes.",
    ),
]
Limit = Annotated[int, Meta(ge=1, le=500, description="How many at most.")]


class PersonKind(enum.StrEnum):
    """What somebody is to the university. External: an examiner of another one, say."""

    STAFF = "staff"
    STUDENT = "student"
    EXTERNAL = "external"


class Person(Message, frozen=True, kw_only=True):
    """Somebody who may sign in while `active`. `internal` people are those whose kind is not external."""

    id: PersonId
    name: Line
    email: Email
    kind: PersonKind = PersonKind.STAFF
    active: bool = True
    administrator: bool = False
    version: Version = 0
    """Counts the changes: name the one you saw when you change somebody."""


class Group(Message, frozen=True, kw_only=True):
    """People under a common name: a department, an assessment team, a class."""

    id: GroupId
    name: Line
    members: list[PersonId] = []
    version: Version = 0


class Campus(Snapshot, frozen=True, kw_only=True):
    """All people and groups, in the order of their ids."""

    people: list[Person]
    groups: list[Group]


class PersonAnswer(Message, frozen=True, kw_only=True):
    """Somebody as they are now."""

    person: Person


class Named(Message, frozen=True, kw_only=True):
    """What everybody at the university may know of somebody. `email` is there only for administrators, and oneself."""

    id: PersonId
    name: Line
    kind: PersonKind
    active: bool
    email: Email | None = None


class People(Message, frozen=True, kw_only=True):
    """People, in the order asked for."""

    people: list[Named]


class PeoplePage(Message, frozen=True, kw_only=True):
    """One page of people. There are more while `next` is not null: ask again with it as `after`."""

    people: list[Named]
    next: PersonId | None = None
    total: int


@refusal("directory.v1.error.last_administrator")
class LastAdministrator(Conflict):
    """Nobody would be left to administer the campus. Make somebody else an administrator first."""


@refusal("directory.v1.error.taken")
class Taken(Conflict):
    """Somebody or something else has this already, see `path`. Choose another."""


@rpc("directory.v1.campus.read")
class ReadCampus(Ask[Campus], frozen=True, kw_only=True):
    """All people and groups, and the position of the campus stream. For services and administrators; others get `not_allowed`."""

    scope: Annotated[str, Meta(max_length=63)] = CAMPUS


@rpc("directory.v1.people.named")
class AskNames(Ask[People], frozen=True, kw_only=True):
    """The names of people whose ids you have. Ids that nobody has are left out."""

    ids: Annotated[list[PersonId], Meta(max_length=1000)]


@rpc("directory.v1.people.list")
class ListPeople(Ask[PeoplePage], frozen=True, kw_only=True):
    """Search people, in the order of their ids. For staff; students and externals get `not_allowed`.

    `search` finds those whose name or id has this text in it, and for administrators whose e-mail address has.
    """

    search: ShortText = ""
    kind: PersonKind | None = None
    active: bool | None = None
    after: PersonId | None = None
    limit: Limit = 100


@rpc("directory.v1.person.read", allow=Allow.ADMINISTRATOR)
class ReadPerson(Ask[PersonAnswer], frozen=True, kw_only=True):
    """Everything about somebody but their secrets."""

    id: PersonId


@rpc("directory.v1.person.add", allow=Allow.ADMINISTRATOR, refusals=(Taken,))
class AddPerson(Change[PersonAnswer], frozen=True, kw_only=True):
    """Add somebody. They can sign in once they have a password (`person.set_password`) or a token.

    The id never changes and is refused if it looks like one of the system's own, such as `operator`.
    """

    id: NewId
    name: Line
    email: Email
    kind: PersonKind = PersonKind.STAFF
    administrator: bool = False


@rpc("directory.v1.person.change", allow=Allow.ADMINISTRATOR, refusals=(Taken, LastAdministrator))
class ChangePerson(Change[PersonAnswer], frozen=True, kw_only=True):
    """Change somebody; what is left out stays as it is. Who gains or loses the administrator's rights has to join anew."""

    id: PersonId
    seen: Version
    name: Line | None = None
    email: Email | None = None
    kind: PersonKind | None = None
    administrator: bool | None = None


@rpc("directory.v1.person.disable", allow=Allow.ADMINISTRATOR, refusals=(LastAdministrator,))
class DisablePerson(Change[PersonAnswer], frozen=True, kw_only=True):
    """Let somebody no longer in: their sessions end at once, and their browsers are signed out. Nothing of theirs is removed."""

    id: PersonId


@rpc("directory.v1.person.enable", allow=Allow.ADMINISTRATOR)
class EnablePerson(Change[PersonAnswer], frozen=True, kw_only=True):
    """Let somebody in again, with the password and tokens they had."""

    id: PersonId


class RefusedRow(Message, frozen=True, kw_only=True):
    """A row that cannot be imported: the line in the file (the heading is line 1), the column if it is one, and why."""

    line: int
    column: str = ""
    reason: str


class ImportReport(Message, frozen=True, kw_only=True):
    """What an import did, or would do. With any row refused nothing at all is done, and `done` is false."""

    done: bool
    added: int
    changed: int
    unchanged: int
    refused: list[RefusedRow]


@rpc("directory.v1.people.import", allow=Allow.ADMINISTRATOR)
class ImportPeople(Change[ImportReport], frozen=True, kw_only=True):
    """Add and change people from a CSV file; nobody is removed. With `dry_run` it is only said what would happen.

    The first line names the columns: `id`, `name`, `email`, and if wanted `kind` (staff, student or external) and `groups` (ids
    of existing groups, parted by spaces or semicolons, which the person comes into). Separator is comma, semicolon or tab.
    People are known by their `id`. What a missing column would say stays as it is.
    """

    csv: Annotated[str, Meta(max_length=2_000_000, pattern=r"^[^\x00\ud800-\udfff]*$")]
    dry_run: bool = False


@topic("directory.v1.{scope}.person_changed")
class PersonChanged(Event, frozen=True, kw_only=True):
    """Somebody is new, or is different from before; the complete new state. A disabled person has `active` false."""

    scope: Literal["campus"] = CAMPUS
    person: Person


@topic("directory.v1.{scope}.group_changed")
class GroupChanged(Event, frozen=True, kw_only=True):
    """A group is new or has another name. Its members come by `members_changed`."""

    scope: Literal["campus"] = CAMPUS
    id: GroupId
    name: Line
    version: Version = 0


@topic("directory.v1.{scope}.group_removed")
class GroupRemoved(Event, frozen=True, kw_only=True):
    """A group is no more."""

    scope: Literal["campus"] = CAMPUS
    id: GroupId


@topic("directory.v1.{scope}.members_changed")
class MembersChanged(Event, frozen=True, kw_only=True):
    """People came into a group or left it."""

    scope: Literal["campus"] = CAMPUS
    group: GroupId
    added: list[PersonId] = []
    removed: list[PersonId] = []
