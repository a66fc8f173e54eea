"""The workflow: definitions, assessments and their sign-offs.

Streams: one for each package; `examiner-<person>` (see `examiner_scope`) for each external examiner, who need not be in a
package's groups to see what they examine; and `definitions` for the definitions that all packages share.
"""

from __future__ import annotations

import enum
import hashlib
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
    Position,
    Scope,
    ShortText,
    Slug,
    Snapshot,
    Text,
    Version,
    rpc,
    topic,
)
from chalkbell.contracts.refusals import Conflict, Invalid, NotAllowed, refusal

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


# ---- definitions


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


# ---- assessments


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


# ---- sign-offs


class _SignedOff(Event, frozen=True, kw_only=True):
    package: Slug
    assessment: AssessmentId
    module: Slug
    module_code: str
    module_name: str
    kind: AssessmentKind
    title: ShortText = ""
    state: Slug
    state_title: str
    previous: Slug | None = None
    previous_title: str = ""
    signer: str
    on_behalf_of: PersonId | None = None
    """Whom an administrator acted for."""
    sign_off: SignOffId
    number: Version
    """Which entry of the assessment's ledger it is: 1, 2, 3 ..."""
    version: Version
    """The assessment's version from now on."""
    at: datetime
    has_notes: bool = False
    guidance: Text = ""
    """What whoever comes next should do."""
    notify: list[PersonId] = []
    """Those who must be told, each once: the state's notify list, resolved now, without those who cannot sign in."""
    ended: bool = False
    next: list[Turn] = []
    """Who may act next."""
    names: Names = {}
    """The names of all people in this event."""


@topic("workflow.v1.{package}.signed_off")
class SignedOff(_SignedOff, frozen=True, kw_only=True):
    """An assessment moved to `state`. The event tells that there are notes, never what they say: ask for them."""


@topic("workflow.v1.{package}.sign_off_notified")
class SignOffNotified(Event, frozen=True, kw_only=True):
    """Somebody was told of a sign-off."""

    package: Slug
    assessment: AssessmentId
    sign_off: SignOffId
    person: PersonId
    at: datetime


@refusal("workflow.v1.error.not_an_actor")
class NotAnActor(NotAllowed):
    """You are not one of those who may enter this state for this assessment. Administrators may for one of them, with a reason."""


@refusal("workflow.v1.error.not_next")
class NotNext(Invalid):
    """This state does not follow the assessment's state. Choose one of `next`."""


@rpc("workflow.v1.sign_off", refusals=(NotAnActor, NotNext, PackageClosed))
class SignOff(Change[SignedOff], frozen=True, kw_only=True):
    """Move an assessment to its next state, in the caller's name.

    `seen` is the assessment's version that the caller decided on: when somebody was faster the refusal is `conflict`, with the
    present `state`, `state_title` and `version`. An administrator who is not an actor names one in `on_behalf_of` and says why in
    `reason`; both names are kept.
    """

    assessment: AssessmentId
    state: Slug
    seen: Version
    notes: Text = ""
    """For those concerned with this assessment. They are in no event and no mail."""
    on_behalf_of: PersonId | None = None
    reason: ShortText = ""


class Notified(Message, frozen=True, kw_only=True):
    """Who was told of a sign-off, and when."""

    person: PersonId
    at: datetime


class HistoryEntry(Message, frozen=True, kw_only=True):
    """One sign-off. `notes` and `reason` are none where there are some that are not for the reader. No event tells them: ask."""

    sign_off: SignOffId
    number: Version
    state: Slug
    state_title: str
    signer: str
    on_behalf_of: PersonId | None = None
    reason: str | None = ""
    at: datetime
    has_notes: bool = False
    notes: str | None = ""
    notified: list[Notified] = []
    """Not told to examiners who may not read the package."""


class AssessmentRead(Snapshot, frozen=True, kw_only=True):
    """An assessment with its history, newest first, and what the reader may do with it now."""

    scope: Scope
    """The stream to follow for what happens to it: the package's, or the examiner's own."""
    assessment: Assessment
    definition: Definition
    history: list[HistoryEntry]
    may_enter: list[Slug]
    """The states that the reader may enter in their own name."""
    may_act_for: bool
    """Whether the reader may act for others, as an administrator."""
    notes_are_yours: bool
    """Whether notes on this assessment are for the reader."""
    you: You
    names: Names
    members: dict[str, list[PersonId]]
    """Who is in the groups that a state of this definition names, and may sign in."""
    inactive: list[PersonId]
    """Those spoken of who may no longer sign in."""


@rpc("workflow.v1.assessment.read")
class ReadAssessment(Ask[AssessmentRead], frozen=True, kw_only=True):
    """One assessment: history, who may act next, what the reader may do. For readers of its package and examiners of its module."""

    assessment: AssessmentId


# ---- what concerns me


class WaitingItem(Message, frozen=True, kw_only=True):
    """An assessment that waits for the reader, and the states that they may enter."""

    assessment: Assessment
    package_name: str
    may_enter: list[Slug]


class Waiting(Message, frozen=True, kw_only=True):
    """What waits for the reader, longest waiting first. To keep it true follow the streams of `positions`."""

    items: list[WaitingItem]
    positions: dict[str, Position]
    """By scope: where each stream stands in which something may come to wait for the reader."""
    you: You
    names: Names


@rpc("workflow.v1.waiting.read")
class ReadWaiting(Ask[Waiting], frozen=True, kw_only=True):
    """What waits for the caller by name or by a group, over all packages."""


# ---- external examiners


class Examined(Message, frozen=True, kw_only=True):
    """An assessment as its examiner sees it. `lead`: they examine the module's lead programme; else it is for information."""

    assessment: Assessment
    package_name: str
    lead: bool


class ExaminedAssessments(Snapshot, frozen=True, kw_only=True):
    """What somebody examines: the modules that they lead on first."""

    scope: Scope
    examined: list[Examined]
    mine: list[AssessmentId]
    """Those that wait for the reader."""
    you: You
    names: Names


@rpc("workflow.v1.examined.read")
class ReadExamined(Ask[ExaminedAssessments], frozen=True, kw_only=True):
    """The assessments of all modules that the caller examines, over all packages. Follow `scope` for what happens to them."""


@topic("workflow.v1.{scope}.assessment_shown")
class AssessmentShown(Event, frozen=True, kw_only=True):
    """An examiner may see an assessment from now on, or sees it otherwise than before: complete."""

    scope: Scope
    examined: Examined
    names: Names = {}


@topic("workflow.v1.{scope}.assessment_hidden")
class AssessmentHidden(Event, frozen=True, kw_only=True):
    """An examiner no longer sees an assessment."""

    scope: Scope
    assessment: AssessmentId


@topic("workflow.v1.{scope}.examined_signed_off")
class ExaminedSignedOff(_SignedOff, frozen=True, kw_only=True):
    """An assessment that somebody examines moved to `state`; the same as `signed_off` in its package."""

    scope: Scope


__all__ = [
    "DEFINITIONS", "Actor", "ActorKind", "AddAssessments", "AddDefinition", "Added", "AlreadyThere", "Assessment",
    "AssessmentAdded", "AssessmentChanged", "AssessmentHidden", "AssessmentId", "AssessmentKind", "AssessmentRead",
    "AssessmentRemoved", "AssessmentShown", "BadDefinition", "Definition", "DefinitionAdded", "DefinitionId", "Definitions",
    "Examined", "ExaminedAssessments", "ExaminedSignedOff", "FillAssessments", "HasSignOffs", "HistoryEntry", "ListAssessments",
    "ListDefinitions", "NewAssessment", "NotAnActor", "NotNext", "Notified", "PackageAssessments", "PackageClosed",
    "ReadAssessment", "ReadDefinition", "ReadExamined", "ReadWaiting", "RemoveAssessment", "SignOff", "SignOffId",
    "SignOffNotified", "SignedOff", "State", "Turn", "Waiting", "WaitingItem", "You", "examiner_scope", "is_reserved",
]  # fmt: skip
