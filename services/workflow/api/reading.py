"""One assessment: its history, who may act next, what the reader may do."""

from __future__ import annotations

from chalkbell.contracts.workflow import AssessmentRead, HistoryEntry, Notified, ReadAssessment
from chalkbell.handlers import Call, procedure
from services.workflow.api import facts, seeing
from services.workflow.api.seeing import Seen
from services.workflow.rules import actors, names, rights
from services.workflow.store import Store


@procedure(ReadAssessment)
def read_assessment(ask: ReadAssessment, call: Call, store: Store) -> AssessmentRead:
    """All of it, in a fixed number of statements."""
    seen = seeing.visible_assessment(store, call.caller, ask.assessment)
    ledger = store.ledger(ask.assessment)
    signers = {row[who] for row in ledger for who in ("signer", "on_behalf_of") if row[who]}
    notes = call.caller.is_service or rights.may_read_notes(seen.someone, seen.place.concerned, seen.graph, signers)
    assessment = facts.assessment_of(seen.row, seen.graph, seen.place)
    groups = {group for state in seen.graph.definition.states for group in actors.meant(state.actors, seen.place.concerned).groups}
    rows = store.group_members(groups)
    members: dict[str, list[str]] = {group: [] for group in sorted(groups)}
    for row in rows:
        if facts.someones([row])[row["id"]].may_take_part:
            members[row["group_id"]].append(row["id"])
    known = {**seen.place.names, **{row["id"]: row["name"] for row in rows}, **seen.asking.names}
    strangers = (signers | seen.graph.people()) - known.keys()
    people = store.people(strangers)
    known |= {id: person.name for id, person in people.items()}
    inactive = {one.id for one in seen.place.people.values() if not one.active}
    inactive |= {person.id for person in people.values() if not person.active}
    closed = seen.place.package.closed
    return AssessmentRead(
        position=store.position(seen.scope),
        scope=seen.scope,
        assessment=assessment,
        definition=seen.graph.definition,
        history=_history(store, seen, ledger, notes),
        may_enter=[] if closed else may_enter(seen.someone, seen.graph, seen.row["state"], seen.place),
        may_act_for=actors.may_administer(seen.someone) and not closed,
        notes_are_yours=notes,
        you=facts.you(seen.someone),
        names=known,
        members=members,
        inactive=sorted(inactive),
    )


def may_enter(someone: actors.Someone, graph: facts.Graph, state: str | None, place: facts.Place) -> list[str]:
    """The states that somebody may enter next in their own name."""
    return [one.name for one in graph.after(state) if actors.may_act(someone, one.actors, place.concerned)]


def _history(store: Store, seen: Seen, ledger: facts.Rows, notes: bool) -> list[HistoryEntry]:
    told: dict[int, list[Notified]] = {}
    if not seen.as_examiner:
        for row in store.told(seen.row["id"]):
            told.setdefault(row["number"], []).append(Notified(person=row["person"], at=row["at"]))
    graphs = facts.graphs(store, {row["definition"] for row in ledger})
    entries: list[HistoryEntry] = []
    for row in ledger:
        state = graphs[row["definition"]].state(row["state"])
        has_notes = bool(row["notes"].strip())
        entries.append(
            HistoryEntry(
                sign_off=names.sign_off_id(row["assessment"], row["number"]),
                number=row["number"],
                state=row["state"],
                state_title=state.title if state else row["state"],
                signer=row["signer"],
                on_behalf_of=row["on_behalf_of"],
                reason=row["reason"] if notes or not row["reason"] else None,
                at=row["at"],
                has_notes=has_notes,
                notes=row["notes"] if notes or not has_notes else None,
                notified=told.get(row["number"], []),
            )
        )
    return entries
