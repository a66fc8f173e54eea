"""What concerns somebody over all packages: what waits for them, what they examine."""

from __future__ import annotations

from chalkbell.contracts.core import (
    Ask,
    Event,
    Message,
    Position,
    Scope,
    Slug,
    Snapshot,
    rpc,
    topic,
)
from chalkbell.contracts.workflow.assessments import Assessment, Names, You
from chalkbell.contracts.workflow.names import AssessmentId
from chalkbell.contracts.workflow.sign_offs import SignOffEvent


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
class ExaminedSignedOff(SignOffEvent, frozen=True, kw_only=True):
    """An assessment that somebody examines moved to `state`; the same as `signed_off` in its package."""

    scope: Scope
