"""Who may do what: every kind of person on every procedure, every stream and every state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalkbell.contracts import PROCEDURES, NotAllowed, NotFound, Refusal, Request, procedure_of
from chalkbell.contracts.shared import EventsSince, MayRead
from chalkbell.contracts.workflow import (
    DEFINITIONS,
    AddAssessments,
    AddDefinition,
    AssessmentKind,
    FillAssessments,
    ListAssessments,
    ListDefinitions,
    NewAssessment,
    ReadAssessment,
    ReadDefinition,
    ReadExamined,
    ReadWaiting,
    RemoveAssessment,
    SignOff,
    examiner_scope,
)
from chalkbell.contracts.workload import Status
from chalkbell.dispatch import ROUTER_ROLE
from tests.service.workflow.scenario import (
    ACCEPTED,
    ADMINISTRATOR,
    ASSESSMENT_STAFF,
    COORDINATOR,
    DISABLED,
    EVERYBODY,
    EXAMS_OFFICER,
    EXTERNAL_ADMINISTRATOR,
    INITIAL,
    LEAD_EXAMINER,
    MANAGER,
    MODERATOR,
    OTHER,
    OTHER_COORDINATOR,
    OTHER_EXAMINER,
    PACKAGE,
    SIGNERS,
    STATES,
    STRANGER,
    STUDENT,
    TEAM_MEMBER,
    UNRELATED_EXAMINER,
    UNRELATED_STAFF,
    WAYS,
    Scenario,
    role_of,
)

READERS = {
    ADMINISTRATOR, MANAGER, COORDINATOR, MODERATOR, TEAM_MEMBER, ASSESSMENT_STAFF, EXAMS_OFFICER, UNRELATED_STAFF, OTHER_COORDINATOR,
}  # fmt: skip
MANAGERS = {ADMINISTRATOR, MANAGER}
EXAMINERS = {LEAD_EXAMINER, OTHER_EXAMINER}
STAFF = READERS | {STRANGER}
ANYBODY = set(EVERYBODY)
TEXT = "name: short\ntitle: T\nstates:\n  - {name: done, title: Done, start: true, actors: [coordinator]}\n"

# what is asked, who may, and what others hear: `None` where the answer is merely empty for them
Ask = Callable[[Scenario], Request[Any]]
TABLE: list[tuple[str, Ask, set[str], type[Refusal]]] = [
    ("list", lambda it: ListAssessments(package=PACKAGE), READERS, NotFound),
    ("list another package", lambda it: ListAssessments(package=OTHER), {ADMINISTRATOR, STRANGER}, NotFound),
    ("list no package", lambda it: ListAssessments(package="nowhere"), set(), NotFound),
    ("read", lambda it: ReadAssessment(assessment=it.exam), READERS | EXAMINERS, NotFound),
    ("read of another package", lambda it: ReadAssessment(assessment=it.law_exam), {ADMINISTRATOR, STRANGER}, NotFound),
    ("read the other exam", lambda it: ReadAssessment(assessment=it.other_exam), READERS | {UNRELATED_EXAMINER}, NotFound),
    ("read nothing", lambda it: ReadAssessment(assessment="nothing"), set(), NotFound),
    ("shared definitions", lambda it: ListDefinitions(), STAFF, NotAllowed),
    ("a package's definitions", lambda it: ListDefinitions(package=PACKAGE), READERS, NotFound),
    ("a definition", lambda it: ReadDefinition(id="default.1"), STAFF | EXAMINERS | {UNRELATED_EXAMINER}, NotFound),
    ("no definition", lambda it: ReadDefinition(id="default.9"), set(), NotFound),
    ("waiting", lambda it: ReadWaiting(), ANYBODY, NotFound),
    ("examined", lambda it: ReadExamined(), ANYBODY, NotFound),
    ("add a shared definition", lambda it: AddDefinition(text=TEXT), {ADMINISTRATOR}, NotAllowed),
    ("add a definition", lambda it: AddDefinition(text=TEXT, package=PACKAGE), MANAGERS, NotAllowed),
    ("fill", lambda it: FillAssessments(package=PACKAGE, kinds=[AssessmentKind.RESIT]), MANAGERS, NotAllowed),
    (
        "add",
        lambda it: AddAssessments(package=PACKAGE, assessments=[NewAssessment(module="cs101", title=str(next(it.numbers)))]),
        MANAGERS,
        NotAllowed,
    ),
    ("remove", lambda it: RemoveAssessment(assessment=it.add_one()), MANAGERS, NotAllowed),
    ("sign off", lambda it: SignOff(assessment=it.add_one(), state=INITIAL, seen=0), {COORDINATOR}, NotAllowed),
    (
        "sign off for the coordinator",
        lambda it: SignOff(assessment=it.add_one(), state=INITIAL, seen=0, on_behalf_of=COORDINATOR, reason="Away"),
        {ADMINISTRATOR},
        NotAllowed,
    ),
    ("replay", lambda it: EventsSince(scope=PACKAGE), READERS, NotFound),
    ("replay another package", lambda it: EventsSince(scope=OTHER), {ADMINISTRATOR, STRANGER}, NotFound),
    ("replay definitions", lambda it: EventsSince(scope=DEFINITIONS), STAFF, NotFound),
    ("replay an examiner's", lambda it: EventsSince(scope=examiner_scope(LEAD_EXAMINER)), {ADMINISTRATOR, LEAD_EXAMINER}, NotFound),
    ("replay nothing", lambda it: EventsSince(scope="nowhere"), set(), NotFound),
]


def test_every_procedure_is_in_the_table(scenario: Scenario) -> None:
    """None is left out."""
    asked = {procedure_of(type(ask(scenario)), "workflow").uri for _, ask, _, _ in TABLE}
    own = {uri for uri, one in PROCEDURES.items() if one.service == "workflow" and ".meta." not in uri}
    assert asked == own - {"chalkbell.workflow.v1.events.heads"}


def test_everybody_on_everything(scenario: Scenario) -> None:
    """Who may is answered; who may not is refused; who may not even see it finds nothing there."""
    for name, ask, may, refusal in TABLE:
        for someone in EVERYBODY:
            request = ask(scenario)
            what = f"{name} by {someone}"
            try:
                answer = scenario.campus.call(request, by=someone, role=role_of(someone), service="workflow")
            except NotAllowed:
                assert someone not in may, what
                sees = someone in READERS | EXAMINERS or not hasattr(request, "assessment")
                assert refusal is NotAllowed, what
                assert sees, what
            except NotFound:
                assert someone not in may, what
                assert refusal is NotFound or someone not in READERS, what
            else:
                assert someone in may, what
                if someone in (STUDENT, DISABLED):
                    assert not getattr(answer, "items", None), what
                    assert not getattr(answer, "examined", None), what


@pytest.mark.parametrize("start", [None, *STATES])
def test_everybody_on_every_state(scenario: Scenario, start: str | None) -> None:
    """In their own name: who is an actor of a state that follows, on this assessment, and nobody else."""
    scenario.bring_to(*WAYS[start])
    allowed = {state: {SIGNERS[state]} for state in STATES}
    for state in STATES:
        if SIGNERS[state] == LEAD_EXAMINER:
            allowed[state] = EXAMINERS
    following = [turn.state for turn in scenario.read().assessment.next]
    for someone in EVERYBODY:
        expected = [state for state in following if someone in allowed[state]]
        if someone in READERS | EXAMINERS:
            assert scenario.read(someone).may_enter == expected, someone
        for state in STATES:
            if state not in expected:
                with pytest.raises(Refusal):
                    scenario.sign(someone, state)
    assert len(scenario.read().history) == len(WAYS[start])


@pytest.mark.parametrize("status", [Status.DRAFT, Status.HIDDEN])
def test_a_hidden_package_is_seen_by_those_who_manage_it(scenario: Scenario, status: Status) -> None:
    """And by nobody else, in whatever way."""
    scenario.change_package(status=status)
    for someone in EVERYBODY:
        asks = (ListAssessments(package=PACKAGE), ReadAssessment(assessment=scenario.exam), EventsSince(scope=PACKAGE))
        for request in asks:
            if someone in MANAGERS:
                scenario.campus.call(request, by=someone, role=role_of(someone), service="workflow")
            else:
                with pytest.raises(NotFound):
                    scenario.campus.call(request, by=someone, role=role_of(someone), service="workflow")
        assert scenario.ask(ReadExamined(), someone).examined == []
        if someone not in MANAGERS:
            waiting = scenario.ask(ReadWaiting(), someone)
            assert all(item.assessment.package != PACKAGE for item in waiting.items)
            assert PACKAGE not in waiting.positions


def test_subscribing_is_judged_as_replaying_is(scenario: Scenario) -> None:
    """For every kind of person and stream."""
    scopes = (PACKAGE, OTHER, DEFINITIONS, examiner_scope(LEAD_EXAMINER), examiner_scope(COORDINATOR), "nowhere", "examiner-", "..")
    for someone in EVERYBODY:
        for scope in scopes:
            ask = MayRead(scope=scope, person=someone, role=role_of(someone))
            may = scenario.campus.call(ask, by="router", role=ROUTER_ROLE, service="workflow").may
            try:
                scenario.campus.call_uri("chalkbell.workflow.v1.events.since", {"scope": scope}, by=someone, role=role_of(someone))
            except Refusal:
                assert not may, (someone, scope)
            else:
                assert may, (someone, scope)


def test_notes_are_told_to_those_with_a_part_only(scenario: Scenario) -> None:
    """Others of the package see that there are some; nobody sees any in an event."""
    scenario.sign(ADMINISTRATOR, INITIAL, on_behalf_of=COORDINATOR, reason="Illness", notes="Question 3 leaked")
    scenario.sign(MODERATOR, ACCEPTED)
    for someone in (COORDINATOR, MODERATOR, TEAM_MEMBER, ASSESSMENT_STAFF, LEAD_EXAMINER, OTHER_EXAMINER, ADMINISTRATOR):
        entry = scenario.read(someone).history[-1]
        assert (entry.notes, entry.reason) == ("Question 3 leaked", "Illness"), someone
    for someone in (UNRELATED_STAFF, MANAGER, OTHER_COORDINATOR):
        entry = scenario.read(someone).history[-1]
        assert (entry.notes, entry.reason, entry.has_notes) == (None, None, True), someone
    for scope in (PACKAGE, examiner_scope(LEAD_EXAMINER)):
        told = str(scenario.campus.events("workflow", scope))
        assert "leaked" not in told
        assert "Illness" not in told


def test_an_administrator_of_another_university_administers_nothing_here(scenario: Scenario) -> None:
    """External people have no more rights by being administrators of the directory."""
    with pytest.raises(NotFound):
        scenario.ask(ListAssessments(package=PACKAGE), EXTERNAL_ADMINISTRATOR)
