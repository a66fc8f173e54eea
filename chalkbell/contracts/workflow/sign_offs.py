"""Signing off, and one assessment with its history."""

from __future__ import annotations

from datetime import datetime

from chalkbell.contracts.core import (
    Ask,
    Change,
    Event,
    Message,
    PersonId,
    Scope,
    ShortText,
    Slug,
    Snapshot,
    Text,
    Version,
    rpc,
    topic,
)
from chalkbell.contracts.refusals import Invalid, NotAllowed, refusal
from chalkbell.contracts.workflow.assessments import Assessment, Names, PackageClosed, Turn, You
from chalkbell.contracts.workflow.definitions import Definition
from chalkbell.contracts.workflow.names import AssessmentId, AssessmentKind, SignOffId


class SignOffEvent(Event, frozen=True, kw_only=True):
    """What there is to tell of a sign-off, in whichever stream."""

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
class SignedOff(SignOffEvent, frozen=True, kw_only=True):
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
