"""A module with somebody in every part, and the default definition, for tests of workflow's rules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from chalkbell.contracts.directory import PersonKind
from chalkbell.contracts.workflow import Definition, State
from services.workflow.api import definition_text
from services.workflow.rules.actors import Concerned, Part, Someone, concerned
from services.workflow.rules.graph import Graph

FILE = Path(__file__).parents[2] / "services" / "workflow" / "definitions" / "default.yaml"
GROUPS = {"assessment_team": ("cs-assessment",), "exams_office": ("cs-exams",)}

STAFF, EXTERNAL, STUDENT = PersonKind.STAFF, PersonKind.EXTERNAL, PersonKind.STUDENT
PEOPLE = {
    "coordinator": Someone("coordinator", STAFF),
    "moderator": Someone("moderator", STAFF),
    "team_member": Someone("team_member", STAFF),
    "assessment_staff": Someone("assessment_staff", STAFF, groups=frozenset({"cs-assessment"})),
    "exams_officer": Someone("exams_officer", STAFF, groups=frozenset({"cs-exams"})),
    "lead_examiner": Someone("lead_examiner", EXTERNAL),
    "other_examiner": Someone("other_examiner", EXTERNAL),
    "unrelated_examiner": Someone("unrelated_examiner", EXTERNAL),
    "unrelated_staff": Someone("unrelated_staff", STAFF),
    "superuser": Someone("superuser", STAFF, administrator=True),
    "external_superuser": Someone("external_superuser", EXTERNAL, administrator=True),
    "student": Someone("student", STUDENT, groups=frozenset({"cs-assessment", "cs-exams"})),
    "disabled": Someone("disabled", STAFF, active=False, groups=frozenset({"cs-assessment", "cs-exams"})),
}
PARTS = [
    Part("coordinator", "coordinator", STAFF),
    Part("moderator", "moderator", STAFF),
    Part("team", "team_member", STAFF),
    Part("lead_examiner", "lead_examiner", EXTERNAL),
    Part("examiner", "lead_examiner", EXTERNAL),
    Part("examiner", "other_examiner", EXTERNAL),
    # nobody of these has the part that the module's data gives them
    Part("coordinator", "student", STUDENT),
    Part("moderator", "unrelated_examiner", EXTERNAL),
]


def module() -> Concerned:
    """Who is concerned with an assessment of the module."""
    return concerned(PARTS, GROUPS)


def graph_of(states: list[State]) -> Graph:
    """A definition of these states."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Graph(Definition(id="test.1", name="test", version=1, title="Test", states=states, added_at=now, added_by="test"))


def default() -> Graph:
    """The definition that ships."""
    return graph_of(list(definition_text.read(FILE.read_text(), (), ()).states))
