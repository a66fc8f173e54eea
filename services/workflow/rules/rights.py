"""Who may see a package's assessments, who may change what is in it, and for whom notes are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalkbell.contracts.workflow import ActorKind
from services.workflow.rules.actors import STAFF_ROLES, Concerned, Someone, is_meant, may_administer
from services.workflow.rules.graph import Graph

HIDDEN = ("draft", "hidden")
CLOSED = "closed"


@dataclass(frozen=True)
class Package:
    """What workflow knows of a package: its name, whether it is open, and its groups."""

    id: str
    name: str
    status: str
    groups: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    assessment_team: tuple[str, ...] = ()
    exams_office: tuple[str, ...] = ()

    @property
    def hidden(self) -> bool:
        """Whether only those who manage it may see it."""
        return self.status in HIDDEN

    @property
    def closed(self) -> bool:
        """Whether nothing in it may change any more."""
        return self.status == CLOSED

    def by_kind(self) -> dict[str, tuple[str, ...]]:
        """The groups that a kind of actor means."""
        return {ActorKind.ASSESSMENT_TEAM.value: self.assessment_team, ActorKind.EXAMS_OFFICE.value: self.exams_office}


def may_manage(someone: Someone, package: Package) -> bool:
    """Whether somebody may add assessments and definitions to a package."""
    if may_administer(someone):
        return True
    return someone.may_take_part and not someone.groups.isdisjoint(package.managers)


def may_read(someone: Someone, package: Package, roles: Iterable[str], graphs: Sequence[Graph]) -> bool:
    """Whether somebody may see all of a package's assessments.

    Those of its groups may, who manages it, its assessment team and exams office, staff with a role in one of its modules (`roles`
    are theirs), and whom a definition that is in use there (`graphs`) names. External examiners as such may not.
    """
    if may_manage(someone, package):
        return True
    if package.hidden or not someone.may_take_part:
        return False
    groups = {*package.groups, *package.assessment_team, *package.exams_office}
    if not someone.groups.isdisjoint(groups) or any(role in STAFF_ROLES for role in roles):
        return True
    return any(someone.id in graph.people() or not someone.groups.isdisjoint(graph.groups()) for graph in graphs)


def may_examine(someone: Someone, package: Package, concerned: Concerned) -> bool:
    """Whether somebody may see an assessment as an examiner of its module."""
    return not package.hidden and someone.may_take_part and someone.id in concerned.examiners()


def may_read_notes(someone: Someone, concerned: Concerned, graph: Graph, signers: Iterable[str]) -> bool:
    """Whether notes are for somebody: those with a part in this assessment, whoever signed it, and administrators.

    Other members of the package's groups see that there are notes, and not what they say.
    """
    if may_administer(someone):
        return True
    if not someone.may_take_part:
        return False
    named = [*graph.actors() - {ActorKind.ANYONE.value}, *STAFF_ROLES]
    everybody = [*named, *(kind.value for kind in (ActorKind.EXAMINER, ActorKind.LEAD_EXAMINER, ActorKind.ASSESSMENT_TEAM))]
    return someone.id in signers or is_meant(someone, everybody, concerned)
