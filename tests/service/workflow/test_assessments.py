"""Putting things under quality assurance, and taking them away again."""

from __future__ import annotations

import pytest

from chalkbell.contracts import Invalid
from chalkbell.contracts.workflow import (
    AddAssessments,
    AlreadyThere,
    AssessmentKind,
    FillAssessments,
    HasSignOffs,
    NewAssessment,
    PackageClosed,
    RemoveAssessment,
)
from chalkbell.contracts.workload import RemoveModule, Status
from tests.service.people import OPERATOR
from tests.service.workflow.scenario import ADMINISTRATOR, COORDINATOR, INITIAL, MANAGER, PACKAGE, Scenario


def add(scenario: Scenario, *new: NewAssessment) -> list[str]:
    """Add assessments; their ids."""
    answer = scenario.ask(AddAssessments(package=PACKAGE, assessments=list(new)), MANAGER)
    return [one.id for one in answer.assessments]


def test_several_of_a_kind_have_titles(scenario: Scenario) -> None:
    """Two courseworks are two assessments; two of the same title are one too many, also in one request."""
    first = NewAssessment(module="cs101", kind=AssessmentKind.COURSEWORK, title="Essay")
    assert len(add(scenario, first, NewAssessment(module="cs101", kind=AssessmentKind.COURSEWORK, title="Report"))) == 2
    with pytest.raises(AlreadyThere) as refused:
        add(scenario, first)
    assert refused.value.details["path"] == "assessments[0]"
    twice = NewAssessment(module="cs201", kind=AssessmentKind.RESIT)
    with pytest.raises(AlreadyThere) as refused:
        add(scenario, twice, twice)
    assert refused.value.details["path"] == "assessments[1]"
    assert len(scenario.list(MANAGER).assessments) == 4


def test_all_or_none_are_added(scenario: Scenario) -> None:
    """A module or definition that is not there spoils the whole request, by its path."""
    good = NewAssessment(module="cs101", title="x")
    for bad, path in (
        (NewAssessment(module="law1"), "assessments[1].module"),
        (NewAssessment(module="cs201", title="x", definition="none.1"), "assessments[1].definition"),
    ):
        with pytest.raises(Invalid) as refused:
            add(scenario, good, bad)
        assert refused.value.details["path"] == path
    assert len(scenario.list(MANAGER).assessments) == 2


def test_filling_gives_every_module_what_it_lacks(scenario: Scenario) -> None:
    """Again it adds nothing."""
    ask = FillAssessments(package=PACKAGE, kinds=[AssessmentKind.EXAM, AssessmentKind.RESIT, AssessmentKind.RESIT])
    added = scenario.ask(ask, ADMINISTRATOR).assessments
    assert sorted((one.module, one.kind.value) for one in added) == [("cs101", "resit"), ("cs201", "resit")]
    assert scenario.ask(ask, ADMINISTRATOR).assessments == []


def test_an_assessment_with_sign_offs_stays(scenario: Scenario) -> None:
    """Only one without can be taken away."""
    scenario.bring_to(INITIAL)
    with pytest.raises(HasSignOffs):
        scenario.ask(RemoveAssessment(assessment=scenario.exam), MANAGER)
    scenario.ask(RemoveAssessment(assessment=scenario.other_exam), MANAGER)
    assert [one.id for one in scenario.list(MANAGER).assessments] == [scenario.exam]


def test_a_module_that_goes_leaves_what_was_signed(scenario: Scenario) -> None:
    """Its assessments without sign-offs go with it; the others stay to be read, and nobody can continue them."""
    scenario.bring_to(INITIAL)
    unsigned = scenario.add_one()
    for id in ("cs101", "cs201"):
        scenario.campus.call(RemoveModule(package=PACKAGE, id=id, seen=scenario.module(id).version), **OPERATOR)
    scenario.campus.settle()
    (left,) = scenario.list(MANAGER).assessments
    assert left.id == scenario.exam != unsigned
    assert [turn.people for turn in left.next] == [[], []]
    assert scenario.read(MANAGER).history[0].signer == COORDINATOR
    with pytest.raises(Invalid):
        add(scenario, NewAssessment(module="cs101", title="new"))


def test_a_closed_package_changes_no_more(scenario: Scenario) -> None:
    """Not by its managers, nor by administrators."""
    scenario.change_package(status=Status.CLOSED)
    for by in (MANAGER, ADMINISTRATOR):
        for ask in (
            FillAssessments(package=PACKAGE),
            AddAssessments(package=PACKAGE, assessments=[NewAssessment(module="cs101", title="x")]),
            RemoveAssessment(assessment=scenario.exam),
        ):
            with pytest.raises(PackageClosed):
                scenario.ask(ask, by)
    assert not scenario.list(MANAGER).may_add
