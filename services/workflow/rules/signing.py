"""Whether a sign-off may be, and what it leads to."""

from __future__ import annotations

from collections.abc import Iterable

from chalkbell.contracts import Conflict, Invalid
from chalkbell.contracts.workflow import NotAnActor, NotNext, PackageClosed, SignOff, State
from services.workflow.rules.actors import Concerned, Meant, Someone, is_meant, may_act, may_administer, meant
from services.workflow.rules.graph import Graph


def decide(
    ask: SignOff,
    *,
    graph: Graph,
    state: str | None,
    version: int,
    closed: bool,
    concerned: Concerned,
    signer: Someone,
    absent: Someone | None,
) -> State:
    """The state that is entered. `state` and `version` are the assessment's own, `absent` is whom `on_behalf_of` names, if known.

    Refused with `package_closed`; `conflict` when the signer did not see the present version; `not_next` when the state does not
    follow; `not_an_actor`; `invalid` when an administrator does not say for whom, or not why.
    """
    if closed:
        raise PackageClosed
    present = graph.state(state)
    title = present.title if present else ""
    if ask.seen != version:
        raise Conflict(
            f"It has changed since you looked: now {title!r}. Look again and decide again." if title else None,
            state=state,
            state_title=title,
            version=version,
        )
    following = graph.after(state)
    entered = next((candidate for candidate in following if candidate.name == ask.state), None)
    if entered is None:
        raise NotNext(path="state", state=state, next=[candidate.name for candidate in following])
    if ask.on_behalf_of is None:
        if ask.reason.strip():
            raise Invalid("A reason is for acting on behalf of somebody: name them in on_behalf_of.", path="reason")
        if not may_act(signer, entered.actors, concerned):
            raise NotAnActor(state=entered.name, actors=entered.actors)
    else:
        _check_on_behalf(ask, entered, concerned, signer, absent)
    return entered


def _check_on_behalf(ask: SignOff, entered: State, concerned: Concerned, signer: Someone, absent: Someone | None) -> None:
    if not may_administer(signer):
        raise NotAnActor("Only an administrator may act for somebody else.", path="on_behalf_of")
    if ask.on_behalf_of == signer.id:
        raise Invalid("To act in your own name leave on_behalf_of out.", path="on_behalf_of")
    # whoever is acted for may be unable to act, or to sign in any more: that is why somebody acts for them
    if absent is None or not is_meant(absent, entered.actors, concerned):
        raise NotAnActor(
            "They are not one of those who may enter this state for this assessment either. Name one who is.",
            path="on_behalf_of",
            state=entered.name,
            actors=entered.actors,
        )
    if not ask.reason.strip():
        raise Invalid("Say why you act for somebody else: it is kept beside both names.", path="reason")


def told(state: State, concerned: Concerned) -> Meant:
    """Whom a state's notify list means."""
    return meant(state.notify, concerned)


def tell(those: Meant, members: Iterable[Someone], people: Iterable[Someone]) -> list[str]:
    """The ids of those to be told, each once, in alphabetical order, without those who may take no part.

    `members` are those of the groups meant and, where they are meant, the administrators; `people` may hold more than are meant.
    """
    named = {someone.id for someone in people if someone.id in those.people and someone.may_take_part}
    for someone in members:
        by_group = not someone.groups.isdisjoint(those.groups)
        if someone.may_take_part and (by_group or (those.administrators and may_administer(someone))):
            named.add(someone.id)
    return sorted(named)
