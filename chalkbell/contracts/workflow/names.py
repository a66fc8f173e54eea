"""Ids, streams and kinds."""

from __future__ import annotations

import enum
import hashlib
from typing import Annotated

from msgspec import Meta

DEFINITIONS = "definitions"
"""The scope of the definitions that all packages share."""
EXAMINER = "examiner-"
"""What the scopes of examiners begin with. No package may have such an id, nor be called `definitions`."""


def examiner_scope(person: str) -> str:
    """The scope of an examiner's own stream. A very long id is shortened to its hash, for a scope has 63 characters at most."""
    scope = EXAMINER + person
    return scope if len(scope) <= 63 else EXAMINER + hashlib.sha256(person.encode()).hexdigest()[:40]


def is_reserved(package: str) -> bool:
    """Whether a package of this id would share a stream with something else: workload and workflow refuse it."""
    return package == DEFINITIONS or package.startswith(EXAMINER)


DefinitionId = Annotated[
    str,
    Meta(
        pattern=r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.[1-9][0-9]{0,8}$",
        max_length=140,
        description="One version of a definition: `default.1` is shared, `cs-2026.default.1` belongs to package cs-2026.",
    ),
]
Actor = Annotated[
    str,
    Meta(
        pattern=r"^(?:[a-z][a-z_]{0,30}|(?:group|person):[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$",
        max_length=80,
        description="Who may act: one of the kinds of `ActorKind`, `group:<id>` or `person:<id>`.",
    ),
]
AssessmentId = Annotated[str, Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", max_length=63)]
SignOffId = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$", max_length=80, description="`<assessment>-<number in its ledger>`.")
]


class ActorKind(enum.StrEnum):
    """Who may enter a state, or is told of it, beside named groups and people (`group:<id>`, `person:<id>`)."""

    ANYONE = "anyone"
    """Every member of staff. Cannot be told."""
    COORDINATOR = "coordinator"
    MODERATOR = "moderator"
    TEAM = "team"
    """Those with an allocation on the module."""
    ASSESSMENT_TEAM = "assessment_team"
    """The assessment team groups of the package."""
    EXAMS_OFFICE = "exams_office"
    """The exams office groups of the package."""
    LEAD_EXAMINER = "lead_examiner"
    """External examiners of the module's lead programme."""
    EXAMINER = "examiner"
    """External examiners of any of the module's programmes."""
    ADMINISTRATOR = "administrator"


class AssessmentKind(enum.StrEnum):
    """What is under quality assurance."""

    EXAM = "exam"
    COURSEWORK = "coursework"
    RESIT = "resit"
