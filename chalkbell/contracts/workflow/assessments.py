"""Assessments of a package: listed, added, filled in, removed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalkbell.contracts.core import (
    Ask,
    Change,
    Done,
    Event,
    GroupId,
    Line,
    Message,
    PersonId,
    ShortText,
    Slug,
    Snapshot,
    Version,
    rpc,
    topic,
)
from chalkbell.contracts.refusals import Conflict, NotAllowed, refusal
from chalkbell.contracts.workflow.names import AssessmentId, AssessmentKind, DefinitionId


class Turn(Message, frozen=True, kw_only=True):
    """A state that may be entered next, and who may enter it: `people`, members of `groups`, and more where it says so.

    Administrators may besides act for one of them. Only people who may still sign in can act.
    """

    state: Slug
    title: Line
    people: list[PersonId] = []
    groups: list[GroupId] = []
    anyone: bool = False
    """Every member of staff."""
    administrators: bool = False


class Assessment(Message, frozen=True, kw_only=True):
    """One thing under quality assurance, and where it stands."""

    id: AssessmentId
    package: Slug
    module: Slug
    module_code: str
    module_name: str
    kind: AssessmentKind
    title: ShortText = ""
    """Tells apart several of a kind on one module; mostly empty."""
    definition: DefinitionId
    state: Slug | None = None
    """The state of the latest sign-off; none before the first."""
    state_title: str = ""
    ended: bool = False
    """Whether the state is one where it is done: then it waits for nobody, whatever `next` allows."""
    since: datetime
    """Since when it is in this state."""
    version: Version = 0
    """Counts its changes: send it as `seen` with a sign-off."""
    sign_offs: Version = 0
    next: list[Turn] = []


class You(Message, frozen=True, kw_only=True):
    """What is needed to say of any `Turn` whether it is the reader's: at the snapshot, and after each later event."""

    person: str
    groups: list[GroupId] = []
    staff: bool = False
    administrator: bool = False


Names = dict[str, str]
"""People's names by id, of those who are spoken of."""


class PackageAssessments(Snapshot, frozen=True, kw_only=True):
    """All assessments of a package, and which of them wait for the reader."""

    package: Slug
    package_name: str
    may_add: bool
    """Whether the reader may add assessments."""
    assessments: list[Assessment]
    mine: list[AssessmentId]
    """Those not ended where the reader is one of those who may act next, by name or by a group."""
    you: You
    names: Names


@rpc("workflow.v1.assessments.list")
class ListAssessments(Ask[PackageAssessments], frozen=True, kw_only=True):
    """A package's assessments: state, since when, whom each waits for. For those who may read the package."""

    package: Slug


@refusal("workflow.v1.error.already_there")
class AlreadyThere(Conflict):
    """The module has such an assessment already. Give this one another title, or use the one that is there."""


@refusal("workflow.v1.error.package_closed")
class PackageClosed(NotAllowed):
    """The package is closed: nothing in it changes any more. Ask those who manage it to open it again."""


class NewAssessment(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An assessment to be. Without a definition it follows the newest version of `default`."""

    module: Slug
    kind: AssessmentKind = AssessmentKind.EXAM
    title: ShortText = ""
    definition: DefinitionId | None = None


class Added(Message, frozen=True, kw_only=True):
    """The assessments that are new."""

    assessments: list[Assessment]


@rpc("workflow.v1.assessments.add", refusals=(AlreadyThere, PackageClosed))
class AddAssessments(Change[Added], frozen=True, kw_only=True):
    """Put things under quality assurance: all of the list or, if one is refused, none. For managers of the package."""

    package: Slug
    assessments: Annotated[list[NewAssessment], Meta(min_length=1, max_length=1000)]


@rpc("workflow.v1.assessments.fill", refusals=(PackageClosed,))
class FillAssessments(Change[Added], frozen=True, kw_only=True):
    """Give every module of a package an assessment of each of these kinds that it has none of yet. For managers of the package."""

    package: Slug
    kinds: Annotated[list[AssessmentKind], Meta(min_length=1, max_length=3)] = msgspec.field(
        default_factory=lambda: [AssessmentKind.EXAM]
    )
    definition: DefinitionId | None = None


@refusal("workflow.v1.error.has_sign_offs")
class HasSignOffs(Conflict):
    """An assessment with sign-offs cannot be removed: they are the record of what was done."""


@rpc("workflow.v1.assessment.remove", refusals=(HasSignOffs, PackageClosed))
class RemoveAssessment(Change[Done], frozen=True, kw_only=True):
    """Take away an assessment that nobody has signed off yet. For managers of the package."""

    assessment: AssessmentId


@topic("workflow.v1.{package}.assessment_added")
class AssessmentAdded(Event, frozen=True, kw_only=True):
    """Something came under quality assurance. `names` are those of the people in it."""

    package: Slug
    assessment: Assessment
    names: Names = {}


@topic("workflow.v1.{package}.assessment_changed")
class AssessmentChanged(Event, frozen=True, kw_only=True):
    """Other people may act next, or the module is called otherwise: the complete new assessment. Its state is the same.

    Who shows `assessment.read` asks for it anew: what the reader may do, and whose notes they are, may be different too.
    """

    package: Slug
    assessment: Assessment
    names: Names = {}


@topic("workflow.v1.{package}.assessment_removed")
class AssessmentRemoved(Event, frozen=True, kw_only=True):
    """An assessment without sign-offs was taken away, or its module was."""

    package: Slug
    assessment: AssessmentId
