"""How many statements things cost: few for a sign-off, and for lists a number that does not grow with what is in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalkbell.contracts import Request
from chalkbell.contracts.workflow import (
    AddAssessments,
    FillAssessments,
    ListAssessments,
    NewAssessment,
    ReadAssessment,
    ReadExamined,
    ReadWaiting,
    SignOff,
)
from chalkbell.contracts.workload import FilledModule, FillPackage
from tests.service.counting import counted_statements
from tests.service.people import OPERATOR
from tests.service.workflow.scenario import (
    ACCEPTED,
    COORDINATOR,
    EXAMINED,
    FINAL,
    INITIAL,
    LEAD_EXAMINER,
    MANAGER,
    MODERATOR,
    PACKAGE,
    Scenario,
)


@pytest.mark.parametrize(
    ("state", "signer", "way", "more"),
    [(INITIAL, COORDINATOR, (), 0), (ACCEPTED, MODERATOR, (INITIAL,), 0), (EXAMINED, LEAD_EXAMINER, (INITIAL, ACCEPTED), 1)],
)
def test_a_sign_off_takes_nine_statements(scenario: Scenario, state: str, signer: str, way: tuple[str, ...], more: int) -> None:
    """Three looks (the assessment, its module with everybody's part, the signer with groups), the ledger's entry, the new state;

    then for each stream (the package's and those of two examiners) its next number, and all events in one. A state that tells a
    group looks once more, for its members.
    """
    scenario.bring_to(*way)
    scenario.read()  # the definition is known from here on, for it never changes
    request = SignOff(assessment=scenario.exam, state=state, seen=len(way))
    with counted_statements(scenario.campus, "workflow") as statements:
        scenario.ask(request, signer)
    assert len(statements) == 3 + more + 2 + 3 + 1, "\n".join(statements)


def grow(scenario: Scenario, modules: int) -> None:
    """More modules with the same people, three assessments each, some of them signed and told of."""
    codes = [f"CS{modules}0{number}" for number in range(modules)]
    filled = [
        FilledModule(
            code=code, name=code, coordinator=COORDINATOR, moderators=[MODERATOR], programmes=["bsc", "ba"], lead_programme="bsc"
        )
        for code in codes
    ]
    scenario.campus.call(FillPackage(package=PACKAGE, modules=filled), **OPERATOR)
    scenario.campus.settle()
    new = [NewAssessment(module=code.lower(), title=title) for code in codes for title in "abc"]
    for one in scenario.ask(AddAssessments(package=PACKAGE, assessments=new), MANAGER).assessments[::2]:
        scenario.bring_to(INITIAL, ACCEPTED, assessment=one.id)


@pytest.mark.parametrize(
    ("ask", "by"),
    [
        pytest.param(lambda it: ListAssessments(package=PACKAGE), COORDINATOR, id="list"),
        pytest.param(lambda it: ReadAssessment(assessment=it.exam), COORDINATOR, id="read"),
        pytest.param(lambda it: ReadWaiting(), COORDINATOR, id="waiting for the coordinator"),
        pytest.param(lambda it: ReadWaiting(), LEAD_EXAMINER, id="waiting for the examiner"),
        pytest.param(lambda it: ReadExamined(), LEAD_EXAMINER, id="examined"),
    ],
)
def test_reading_takes_as_many_statements_for_many_as_for_few(
    scenario: Scenario, ask: Callable[[Scenario], Request[object]], by: str
) -> None:
    """However many modules, assessments and sign-offs there are."""
    counts: list[int] = []
    for modules in (1, 8):
        grow(scenario, modules)
        scenario.bring_to(INITIAL, ACCEPTED, FINAL)
        scenario.ask(ask(scenario), by)
        with counted_statements(scenario.campus, "workflow") as statements:
            scenario.ask(ask(scenario), by)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 9, "\n".join(statements)


def test_adding_many_looks_once(scenario: Scenario) -> None:
    """Only the numbers of their events are drawn one by one."""
    scenario.read()
    counts: list[int] = []
    for modules in (2, 6):
        codes = [f"X{modules}{number}" for number in range(modules)]
        scenario.campus.call(
            FillPackage(package=PACKAGE, modules=[FilledModule(code=code, name=code) for code in codes]), **OPERATOR
        )
        scenario.campus.settle()
        with counted_statements(scenario.campus, "workflow") as statements:
            added = scenario.ask(FillAssessments(package=PACKAGE), MANAGER).assessments
        assert len(added) == modules
        counts.append(len([one for one in statements if "INTO stream " not in one]))
    assert counts[0] == counts[1]
