"""The directory: people, groups and sign-in. Its stream has one scope, `campus`."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from msgspec import Meta

from chalkbell.contracts.core import (
    Ask,
    Email,
    Event,
    GroupId,
    Line,
    Message,
    PersonId,
    Snapshot,
    rpc,
    topic,
)

CAMPUS = "campus"
"""The one scope of the directory's stream."""


class PersonKind(str, enum.Enum):
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


class Group(Message, frozen=True, kw_only=True):
    """People under a common name: a department, an assessment team, a class."""

    id: GroupId
    name: Line
    members: list[PersonId] = []


class Campus(Snapshot, frozen=True, kw_only=True):
    """All people and groups."""

    people: list[Person]
    groups: list[Group]


@rpc("directory.v1.campus.read")
class ReadCampus(Ask[Campus], frozen=True, kw_only=True):
    """All people and groups, and the position of the campus stream. For services and administrators; others get `not_allowed`."""

    scope: Annotated[str, Meta(max_length=63)] = CAMPUS


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
