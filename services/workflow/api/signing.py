"""Signing off: load, decide, write, tell. Asked more often than anything else that changes something: few statements."""

from __future__ import annotations

from typing import Any

from chalkbell.contracts.workflow import ExaminedSignedOff, SignedOff, SignOff, State, examiner_scope
from chalkbell.handlers import Call, procedure
from services.workflow.api import facts, seeing
from services.workflow.api.seeing import Seen
from services.workflow.rules import actors, names, signing
from services.workflow.store import Store


@procedure(SignOff)
def sign_off(ask: SignOff, call: Call, store: Store) -> SignedOff:
    """Decided on the assessment being written, which is locked until the transaction ends."""
    others = [ask.on_behalf_of] if ask.on_behalf_of else []
    seen = seeing.visible_assessment(store, call.caller, ask.assessment, *others, lock=True)
    absent = seen.asking.others.get(ask.on_behalf_of) if ask.on_behalf_of else None
    entered = signing.decide(
        ask,
        graph=seen.graph,
        state=seen.row["state"],
        version=seen.row["version"],
        closed=seen.place.package.closed,
        concerned=seen.place.concerned,
        signer=seen.someone,
        absent=absent,
    )
    number, version = seen.row["sign_offs"] + 1, seen.row["version"] + 1
    store.add_sign_off(
        {
            "assessment": ask.assessment,
            "number": number,
            "definition": seen.row["definition"],
            "state": entered.name,
            "signer": call.person,
            "on_behalf_of": ask.on_behalf_of,
            "reason": ask.reason,
            "notes": ask.notes,
            "at": store.now,
        }
    )
    store.move(ask.assessment, entered.name, store.now, version, number)
    happened = _happened(ask, call, store, seen, entered, number, version)
    examiners = {} if seen.place.package.hidden else seen.place.concerned.examiners()
    fields = {name: getattr(happened, name) for name in SignedOff.__struct_fields__}
    store.record_all([happened, *(ExaminedSignedOff(scope=examiner_scope(person), **fields) for person in sorted(examiners))])
    return happened


def _happened(ask: SignOff, call: Call, store: Store, seen: Seen, entered: State, number: int, version: int) -> SignedOff:
    notify, known = _whom_to_tell(store, seen, entered)
    before = seen.graph.state(seen.row["state"])
    following = [actors.turn(state, seen.place.concerned) for state in seen.graph.after(entered.name)]
    spoken_of = {call.person, *notify, *(person for turn in following for person in turn.people)}
    if ask.on_behalf_of:
        spoken_of.add(ask.on_behalf_of)
    return SignedOff(
        package=seen.row["package"],
        assessment=ask.assessment,
        module=seen.row["module"],
        module_code=seen.place.code,
        module_name=seen.place.name,
        kind=facts.AssessmentKind(seen.row["kind"]),
        title=seen.row["title"],
        state=entered.name,
        state_title=entered.title,
        previous=before.name if before else None,
        previous_title=before.title if before else "",
        signer=call.person,
        on_behalf_of=ask.on_behalf_of,
        sign_off=names.sign_off_id(ask.assessment, number),
        number=number,
        version=version,
        at=store.now,
        has_notes=bool(ask.notes.strip()),
        guidance=entered.guidance,
        notify=notify,
        ended=entered.end,
        next=following,
        names=_names(store, seen, known, spoken_of),
    )


def _whom_to_tell(store: Store, seen: Seen, entered: State) -> tuple[list[str], dict[str, str]]:
    """Who must be told, and the names of those who were looked up for it."""
    those = signing.told(entered, seen.place.concerned)
    rows: list[Any] = list(store.group_members(those.groups))
    if those.administrators:
        rows += store.administrators()
    people = {**seen.place.people, **seen.asking.others}
    if strangers := set(those.people) - people.keys():
        found = store.people_with_groups(strangers)
        people |= facts.someones(found)
        rows += found
    notify = signing.tell(those, facts.someones(rows).values(), people.values())
    return notify, {row["id"]: row["name"] for row in rows}


def _names(store: Store, seen: Seen, known: dict[str, str], spoken_of: set[str]) -> dict[str, str]:
    names = {**known, **seen.place.names, **seen.asking.names}
    missing = spoken_of - names.keys()
    names |= {id: person.name for id, person in store.people(missing).items()}
    return {id: names[id] for id in sorted(spoken_of) if id in names}
