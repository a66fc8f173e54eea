"""A definition as a graph: what follows what, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from chalkbell.contracts.workflow import ActorKind, Definition, State

KINDS = {kind.value for kind in ActorKind}
NOBODY_IN_PARTICULAR = ActorKind.ANYONE.value


class Graph:
    """A definition's states by name."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.states = {state.name: state for state in definition.states}
        self.start = [state for state in definition.states if state.start]

    def state(self, name: str | None) -> State | None:
        """A state by its name; None for none and for a name that is not here."""
        return self.states.get(name) if name else None

    def after(self, name: str | None) -> list[State]:
        """The states that may be entered from a state, or first, in the order in which they are offered."""
        state = self.state(name)
        return [self.states[follower] for follower in state.next] if state else self.start

    def actors(self) -> set[str]:
        """Everybody that any state names as an actor."""
        return {actor for state in self.definition.states for actor in state.actors}

    def groups(self) -> set[str]:
        """The groups that any state names, as actors or to be told."""
        return {id for kind, id in self._named() if kind == "group"}

    def people(self) -> set[str]:
        """The people that any state names, as actors or to be told."""
        return {id for kind, id in self._named() if kind == "person"}

    def _named(self) -> Iterator[tuple[str, str]]:
        for state in self.definition.states:
            for actor in (*state.actors, *state.notify):
                if ":" in actor:
                    kind, id = actor.split(":", 1)
                    yield kind, id


@dataclass(frozen=True)
class Problem:
    """What is wrong with a definition, and where: a path such as `states[2].next[0]`."""

    path: str
    message: str


def problems(states: Sequence[State], groups: Collection[str], people: Collection[str]) -> list[Problem]:
    """All that is wrong with these states, in their order. `groups` and `people` are the ids that the campus knows."""
    found: list[Problem] = []
    names = [state.name for state in states]
    if not any(state.start for state in states):
        found.append(Problem("states", "no state has `start: true`, so nothing could ever begin"))
    for index, state in enumerate(states):
        path = f"states[{index}]"
        if state.name in names[:index]:
            found.append(Problem(f"{path}.name", f"two states are called {state.name!r}"))
        for place, follower in enumerate(state.next):
            if follower not in names:
                found.append(Problem(f"{path}.next[{place}]", f"there is no state {follower!r}"))
            elif follower in state.next[:place]:
                found.append(Problem(f"{path}.next[{place}]", f"{follower!r} is named twice"))
        for field, actors in (("actors", state.actors), ("notify", state.notify)):
            for place, actor in enumerate(actors):
                if wrong := _wrong_with(actor, field, actors[:place], groups, people):
                    found.append(Problem(f"{path}.{field}[{place}]", wrong))
    return found


def _wrong_with(actor: str, field: str, before: Sequence[str], groups: Collection[str], people: Collection[str]) -> str:
    if actor in before:
        return f"{actor!r} is named twice"
    if actor.startswith("group:"):
        return "" if actor.removeprefix("group:") in groups else f"there is no group {actor.removeprefix('group:')!r}"
    if actor.startswith("person:"):
        return "" if actor.removeprefix("person:") in people else f"there is nobody {actor.removeprefix('person:')!r}"
    if actor not in KINDS:
        return f"{actor!r} is none of {', '.join(sorted(KINDS))}, group:<id>, person:<id>"
    if field == "notify" and actor == NOBODY_IN_PARTICULAR:
        return "`anyone` may act, but cannot be told: name who is concerned"
    return ""
