"""Definitions: graphs of states, version by version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalkbell.contracts.core import (
    Ask,
    Change,
    Event,
    Line,
    Message,
    Scope,
    Slug,
    Snapshot,
    Text,
    rpc,
    topic,
)
from chalkbell.contracts.refusals import Invalid, refusal
from chalkbell.contracts.workflow.names import Actor, DefinitionId


class State(Message, frozen=True, kw_only=True):
    """A state of a definition: who may enter it, who is told, and which states may follow."""

    name: Slug
    title: Line
    actors: Annotated[list[Actor], Meta(min_length=1, max_length=20)]
    notify: Annotated[list[Actor], Meta(max_length=20)] = []
    next: Annotated[list[Slug], Meta(max_length=200)] = []
    """Names of the states that may follow, in the order in which they are offered."""
    start: bool = False
    """Whether an assessment may begin here."""
    end: bool = False
    """Whether an assessment is done here: it waits for nobody, though it may be begun again."""
    description: Text = ""
    guidance: Text = ""
    """What whoever comes next should do."""


class Definition(Message, frozen=True, kw_only=True):
    """One version of a named graph of states. It never changes: an edit is a new version."""

    id: DefinitionId
    name: Slug
    version: Annotated[int, Meta(ge=1, le=999_999_999)]
    title: Line
    description: Text = ""
    package: Slug | None = None
    """The package that owns it; none: all share it."""
    states: Annotated[list[State], Meta(min_length=1, max_length=200)]
    added_at: datetime
    added_by: str


class Definitions(Snapshot, frozen=True, kw_only=True):
    """The versions of definitions in a scope, by name and newest first."""

    definitions: list[Definition]


@rpc("workflow.v1.definitions.list")
class ListDefinitions(Ask[Definitions], frozen=True, kw_only=True):
    """A package's own definitions, or without a package those that all share (scope `definitions`; for all staff)."""

    package: Slug | None = None


@rpc("workflow.v1.definition.read")
class ReadDefinition(Ask[Definition], frozen=True, kw_only=True):
    """One version of a definition. Examiners may read those that their assessments follow."""

    id: DefinitionId


@refusal("workflow.v1.error.bad_definition")
class BadDefinition(Invalid):
    """The definition cannot be used. See `problems`: each names the line and the field and says what is wrong."""


@rpc("workflow.v1.definition.add", refusals=(BadDefinition,))
class AddDefinition(Change[Definition], frozen=True, kw_only=True):
    """Add a definition from its YAML text, or a new version of the one with the same name.

    For managers of the package that is to own it; shared ones for administrators. Refused with `bad_definition` and the line and
    field of each problem: unknown fields, no state to start in, successors that do not exist, unknown actors. The same text as the
    newest version's answers that version and adds none.
    """

    text: Annotated[str, Meta(min_length=1, max_length=200_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*$")]
    package: Slug | None = None


@topic("workflow.v1.{scope}.definition_added")
class DefinitionAdded(Event, frozen=True, kw_only=True):
    """There is a new version of a definition: in its package's stream, or in `definitions` where it is shared."""

    scope: Scope
    definition: Definition
