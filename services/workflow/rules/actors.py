"""Who is meant by coordinator, examiner, assessment team ... for one assessment, and whether somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalkbell.contracts.directory import PersonKind
from chalkbell.contracts.workflow import ActorKind, State, Turn, You

STAFF_ROLES = (ActorKind.COORDINATOR.value, ActorKind.MODERATOR.value, ActorKind.TEAM.value)
EXAMINER_ROLES = (ActorKind.LEAD_EXAMINER.value, ActorKind.EXAMINER.value)


@dataclass(frozen=True)
class Concerned:
    """Who has which part in an assessment: people by their role in its module, and the groups of its package.

    Made with `concerned`, which leaves out who cannot have the part.
    """

    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def examiners(self) -> dict[str, bool]:
        """Everybody who examines the module; true for those who examine its lead programme."""
        lead = self.people.get(ActorKind.LEAD_EXAMINER.value, ())
        return {person: person in lead for person in (*lead, *self.people.get(ActorKind.EXAMINER.value, ()))}


@dataclass(frozen=True)
class Part:
    """Somebody's role in a module. `kind` is what the campus says they are, if it knows them yet."""

    role: str
    person: str
    kind: PersonKind | None = None


def concerned(parts: Iterable[Part], groups: Mapping[str, tuple[str, ...]]) -> Concerned:
    """Who has which part: students have none, and what is for the university's own staff is not for external people."""
    people: dict[str, tuple[str, ...]] = {}
    for part in parts:
        barred = (PersonKind.STUDENT, PersonKind.EXTERNAL) if part.role in STAFF_ROLES else (PersonKind.STUDENT,)
        if part.kind not in barred:
            people[part.role] = (*people.get(part.role, ()), part.person)
    return Concerned(people, groups)


@dataclass(frozen=True)
class Someone:
    """A person as the campus knows them. `kind` is none for whom it does not know: the operator, a service."""

    id: str
    kind: PersonKind | None = None
    active: bool = True
    administrator: bool = False
    groups: frozenset[str] = frozenset()

    @property
    def staff(self) -> bool:
        """Whether this is one of the university's own people, students aside."""
        return self.kind is PersonKind.STAFF

    @property
    def may_take_part(self) -> bool:
        """Whether any door of the workflow is open: not to students, nor to those who may no longer sign in."""
        return self.active and self.kind is not PersonKind.STUDENT


@dataclass(frozen=True)
class Meant:
    """Those whom a list of actors means: people and groups in the order of the list, and more where it says so."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    anyone: bool = False
    administrators: bool = False


def meant(actors: Sequence[str], concerned: Concerned) -> Meant:
    """Whom these actors mean for this assessment. Nobody is looked up: members of groups are whoever is in them at the time."""
    people: dict[str, None] = {}
    groups: dict[str, None] = {}
    for actor in actors:
        if actor.startswith("person:"):
            people[actor.removeprefix("person:")] = None
        elif actor.startswith("group:"):
            groups[actor.removeprefix("group:")] = None
        else:
            people.update(dict.fromkeys(concerned.people.get(actor, ())))
            groups.update(dict.fromkeys(concerned.groups.get(actor, ())))
    return Meant(
        tuple(people),
        tuple(groups),
        anyone=ActorKind.ANYONE.value in actors,
        administrators=ActorKind.ADMINISTRATOR.value in actors,
    )


def is_meant(someone: Someone, actors: Sequence[str], concerned: Concerned) -> bool:
    """Whether somebody is one of these actors, able to sign in or not. Students never are."""
    if someone.kind is PersonKind.STUDENT:
        return False
    those = meant(actors, concerned)
    return (
        someone.id in those.people
        or not someone.groups.isdisjoint(those.groups)
        or (those.anyone and someone.staff)
        or (those.administrators and may_administer(someone))
    )


def may_act(someone: Someone, actors: Sequence[str], concerned: Concerned) -> bool:
    """Whether somebody may act now, in their own name."""
    return someone.active and is_meant(someone, actors, concerned)


def may_administer(someone: Someone) -> bool:
    """Whether somebody acts as an administrator. An external person does not, whatever they may in the directory."""
    return someone.administrator and someone.active and someone.kind not in (PersonKind.EXTERNAL, PersonKind.STUDENT)


def turn(state: State, concerned: Concerned) -> Turn:
    """A state that may be entered next, with whom its actors mean."""
    those = meant(state.actors, concerned)
    return Turn(
        state=state.name,
        title=state.title,
        people=list(those.people),
        groups=list(those.groups),
        anyone=those.anyone,
        administrators=those.administrators,
    )


def waits_for(you: You, turns: Sequence[Turn]) -> bool:
    """Whether one of these turns is somebody's by name or by a group. What anyone may do waits for nobody in particular."""
    return any(you.person in turn.people or not set(you.groups).isdisjoint(turn.groups) for turn in turns)


def lead_programmes(programmes: Sequence[str], lead: str | None) -> list[str]:
    """The programmes whose examiners lead. Where none is named each is, so that somebody is told."""
    return [lead] if lead in programmes and lead is not None else list(programmes)
