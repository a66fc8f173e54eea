"""How a page brings its snapshot forward with the events that follow: plain, and without asking anybody anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from chalkbell.contracts import Envelope, Position, topic_named
from chalkbell.contracts.workflow import (
    Assessment,
    AssessmentAdded,
    AssessmentChanged,
    AssessmentHidden,
    AssessmentRead,
    AssessmentRemoved,
    AssessmentShown,
    DefinitionAdded,
    Definitions,
    ExaminedAssessments,
    ExaminedSignedOff,
    HistoryEntry,
    Notified,
    PackageAssessments,
    SignedOff,
    SignOffNotified,
    Turn,
    You,
)

replace = msgspec.structs.replace


def event_of(envelope: Envelope) -> Any:
    """The event in an envelope, by its contract."""
    declared = topic_named(envelope.service, envelope.name)
    assert declared
    return msgspec.convert(envelope.data, declared.event)


def is_mine(assessment: Assessment, you: You) -> bool:
    """Whether it waits for the reader."""
    named = any(you.person in turn.people or set(you.groups) & set(turn.groups) for turn in assessment.next)
    return named and not assessment.ended


def may_enter(turn: Turn, you: You) -> bool:
    """Whether the reader may enter this state in their own name."""
    by_name = you.person in turn.people or bool(set(you.groups) & set(turn.groups))
    return by_name or (turn.anyone and you.staff) or (turn.administrators and you.administrator)


def moved(assessment: Assessment, event: SignedOff | ExaminedSignedOff) -> Assessment:
    """An assessment after a sign-off."""
    return replace(
        assessment,
        state=event.state,
        state_title=event.state_title,
        ended=event.ended,
        since=event.at,
        version=event.version,
        sign_offs=event.number,
        next=event.next,
    )


def position_of(envelopes: Iterable[Envelope], before: Position) -> Position:
    """The position after these events."""
    for envelope in envelopes:
        assert envelope.seq == before.seq + 1
        before = Position(epoch=envelope.epoch, seq=envelope.seq)
    return before


def package(snapshot: PackageAssessments, envelopes: list[Envelope]) -> PackageAssessments:
    """A package's assessments after these events."""
    found = {one.id: one for one in snapshot.assessments}
    names = dict(snapshot.names)
    for envelope in envelopes:
        match event_of(envelope):
            case AssessmentAdded() | AssessmentChanged() as event:
                found[event.assessment.id] = event.assessment
                names |= event.names
            case AssessmentRemoved() as event:
                del found[event.assessment]
            case SignedOff() as event:
                found[event.assessment] = moved(found[event.assessment], event)
                names |= event.names
            case DefinitionAdded() | SignOffNotified():
                pass
            case other:
                raise AssertionError(other)
    assessments = [found[id] for id in sorted(found)]
    return replace(
        snapshot,
        assessments=assessments,
        mine=[one.id for one in assessments if is_mine(one, snapshot.you)],
        names=names,
        position=position_of(envelopes, snapshot.position),
    )


def examined(snapshot: ExaminedAssessments, envelopes: list[Envelope]) -> ExaminedAssessments:
    """What somebody examines after these events."""
    found = {one.assessment.id: one for one in snapshot.examined}
    names = dict(snapshot.names)
    for envelope in envelopes:
        match event_of(envelope):
            case AssessmentShown() as event:
                found[event.examined.assessment.id] = event.examined
                names |= event.names
            case AssessmentHidden() as event:
                del found[event.assessment]
            case ExaminedSignedOff() as event:
                one = found[event.assessment]
                found[event.assessment] = replace(one, assessment=moved(one.assessment, event))
                names |= event.names
            case other:
                raise AssertionError(other)
    ordered = sorted(
        found.values(), key=lambda one: (not one.lead, one.assessment.module_code, one.assessment.kind, one.assessment.id)
    )
    return replace(
        snapshot,
        examined=ordered,
        mine=[one.assessment.id for one in ordered if is_mine(one.assessment, snapshot.you)],
        names=names,
        position=position_of(envelopes, snapshot.position),
    )


def assessment(snapshot: AssessmentRead, envelopes: list[Envelope]) -> AssessmentRead:
    """One assessment after these events. What notes and reasons say is in no event: none here."""
    one, history, names = snapshot.assessment, list(snapshot.history), dict(snapshot.names)
    for envelope in envelopes:
        event = event_of(envelope)
        match event:
            case SignedOff() | ExaminedSignedOff() if event.assessment == one.id:
                one = moved(one, event)
                names |= event.names
                history.insert(0, entry_of(event))
            case AssessmentChanged() if event.assessment.id == one.id:
                one = event.assessment
                names |= event.names
            case AssessmentShown() if event.examined.assessment.id == one.id:
                one = event.examined.assessment
                names |= event.names
            case SignOffNotified() if event.assessment == one.id:
                history = [told(entry, event) for entry in history]
            case _:
                pass
    return replace(
        snapshot,
        assessment=one,
        history=history,
        may_enter=[turn.state for turn in one.next if may_enter(turn, snapshot.you)],
        names=names,
        position=position_of(envelopes, snapshot.position),
    )


def entry_of(event: SignedOff | ExaminedSignedOff) -> HistoryEntry:
    """The entry that a sign-off makes in the history."""
    return HistoryEntry(
        sign_off=event.sign_off,
        number=event.number,
        state=event.state,
        state_title=event.state_title,
        signer=event.signer,
        on_behalf_of=event.on_behalf_of,
        reason=None,
        at=event.at,
        has_notes=event.has_notes,
        notes=None,
    )


def told(entry: HistoryEntry, event: SignOffNotified) -> HistoryEntry:
    """An entry after somebody was told of it."""
    if entry.sign_off != event.sign_off:
        return entry
    notified = [*entry.notified, Notified(person=event.person, at=event.at)]
    return replace(entry, notified=sorted(notified, key=lambda one: (one.at, one.person)))


def definitions(snapshot: Definitions, envelopes: list[Envelope]) -> Definitions:
    """Definitions after these events."""
    found = [event.definition for event in map(event_of, envelopes) if isinstance(event, DefinitionAdded)]
    ordered = sorted([*snapshot.definitions, *found], key=lambda one: (one.name, -one.version))
    return replace(snapshot, definitions=ordered, position=position_of(envelopes, snapshot.position))
