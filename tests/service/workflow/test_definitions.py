"""Definitions from YAML: kept by version, and told what is wrong by line and field."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalkbell.contracts import Invalid
from chalkbell.contracts.workflow import (
    DEFINITIONS,
    AddAssessments,
    AddDefinition,
    BadDefinition,
    Definition,
    FillAssessments,
    ListDefinitions,
    NewAssessment,
    ReadDefinition,
)
from services.workflow.api import definition_text
from services.workflow.api.definitions import SHIPPED
from tests.service.workflow.scenario import ADMINISTRATOR, COORDINATOR, MANAGER, OTHER, PACKAGE, STATES, Scenario

GOOD = """\
name: two-steps
title: Two steps
states:
  - name: written
    title: Written
    start: true
    actors: [coordinator, "group:cs-exams"]
    notify: ["person:mo-mod"]
    next: [agreed]
  - name: agreed
    title: Agreed
    end: yes
    actors: [moderator, anyone]
    guidance: |
      All is well.
      Go home.
"""


def add(scenario: Scenario, text: str, by: str = ADMINISTRATOR, package: str | None = None) -> Definition:
    """Add a definition."""
    return scenario.ask(AddDefinition(text=text, package=package), by)


def test_a_definition_is_added_version_by_version(scenario: Scenario) -> None:
    """Another text is another version; the same one is the newest version itself, and tells nothing."""
    first = add(scenario, GOOD)
    assert (first.id, first.version, first.added_by) == ("two-steps.1", 1, ADMINISTRATOR)
    assert [state.name for state in first.states] == ["written", "agreed"]
    assert first.states[1].end
    assert first.states[1].guidance == "All is well.\nGo home.\n"
    second = add(scenario, GOOD.replace("Two steps", "Two short steps"))
    assert second.id == "two-steps.2"
    heard = len(scenario.campus.events("workflow", DEFINITIONS))
    assert add(scenario, GOOD.replace("Two steps", "Two short steps")) == second
    assert len(scenario.campus.events("workflow", DEFINITIONS)) == heard
    assert scenario.ask(ReadDefinition(id="two-steps.1"), COORDINATOR) == first
    listed = scenario.ask(ListDefinitions(), COORDINATOR).definitions
    assert [one.id for one in listed] == ["default.1", "two-steps.2", "two-steps.1"]


def test_a_package_has_definitions_of_its_own(scenario: Scenario) -> None:
    """No other may use them; its own `default` wins over the shared one."""
    own = add(scenario, GOOD.replace("name: two-steps", "name: default"), MANAGER, PACKAGE)
    assert own.id == f"{PACKAGE}.default.1"
    new = scenario.ask(AddAssessments(package=PACKAGE, assessments=[NewAssessment(module="cs101", title="x")]), MANAGER)
    assert new.assessments[0].definition == own.id
    assert new.assessments[0].next[0].groups == ["cs-exams"]
    with pytest.raises(Invalid) as refused:
        scenario.ask(FillAssessments(package=OTHER, definition=own.id), ADMINISTRATOR)
    assert refused.value.details["path"] == "definition"


def test_the_definition_that_ships_is_there_from_the_start(scenario: Scenario) -> None:
    """Installed once, however often the job runs."""
    scenario.campus.run_job("workflow", "install_definitions")
    scenario.campus.run_job("workflow", "install_definitions")
    listed = scenario.ask(ListDefinitions(), ADMINISTRATOR).definitions
    assert [one.id for one in listed] == ["default.1"]
    assert [state.name for state in listed[0].states] == list(STATES)
    assert (SHIPPED / "default.yaml").exists()


def deep(levels: int) -> str:
    """A text nested so deeply."""
    return "name: " + "[" * levels + "]" * levels


BAD: list[tuple[str, str, int, str, str]] = [
    ("no YAML", GOOD.replace("title: Written", "title: [Written"), 6, "", ""),
    ("tabs", "name:\tx\n\ttitle: y\n", 2, "", ""),
    ("empty", "# nothing\n", 1, "", "nothing in it"),
    ("a list", "- 1\n", 1, "", "Expected `object`"),
    ("a reference", "name: &a x\ntitle: *a\nstates: []\n", 2, "", "references"),
    ("too deep", deep(40), 1, "", "nested too deeply"),
    ("far too deep", deep(50_000), 1, "", "nested too deeply"),
    ("an unknown field", GOOD.replace("    start: true", "    starts: true"), 6, "states[0].starts", "unknown field"),
    ("a field missing", GOOD.replace("    title: Agreed\n", ""), 10, "states[1]", "'title' is missing"),
    ("a field twice", GOOD.replace("    end: yes", "    title: Again"), 12, "states[1].title", "twice"),
    ("no flag", GOOD.replace("start: true", "start: perhaps"), 6, "states[0].start", "Expected `bool`"),
    ("a bad name", GOOD.replace("name: agreed", "name: Agreed!"), 10, "states[1].name", "matching regex"),
    ("no start", GOOD.replace("start: true", "start: false"), 3, "states", "no state has `start: true`"),
    ("no such state", GOOD.replace("next: [agreed]", "next: [agreed, gone]"), 9, "states[0].next[1]", "no state 'gone'"),
    ("no such actor", GOOD.replace("[moderator, anyone]", "[moderator, dean]"), 13, "states[1].actors[1]", "'dean' is none of"),
    ("no such group", GOOD.replace("cs-exams", "cs-nobody"), 7, "states[0].actors[1]", "no group 'cs-nobody'"),
    ("no such person", GOOD.replace("mo-mod", "mo-nobody"), 8, "states[0].notify[0]", "nobody 'mo-nobody'"),
    ("anyone told", GOOD.replace('"person:mo-mod"', "anyone"), 8, "states[0].notify[0]", "cannot be told"),
    ("no states", "name: x\ntitle: X\nstates: []\n", 3, "states", "no state has `start: true`"),
]


@pytest.mark.parametrize(("text", "line", "field", "message"), [pytest.param(*one[1:], id=one[0]) for one in BAD])
def test_what_is_wrong_is_named_by_line_and_field(text: str, line: int, field: str, message: str) -> None:
    """The first problem of the text, or all of the graph; the refusal's own words name the first."""
    with pytest.raises(BadDefinition) as refused:
        definition_text.read(text, ["cs-exams"], ["mo-mod"])
    problem: dict[str, Any] = refused.value.details["problems"][0]
    assert (problem["line"], problem["field"]) == (line, field), refused.value.message
    assert message in problem["message"]
    assert f"line {line}" in refused.value.message


@settings(max_examples=150)
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text(alphabet="ab:-[]{}&*!|>'\"\n #?,%@`\\\\0~<=\x85é", max_size=12))
def test_whatever_is_written_is_read_or_refused(place: int, length: int, scrawl: str) -> None:
    """A definition that somebody's cat walked over has lines and fields that are wrong, and nothing worse happens."""
    with contextlib.suppress(BadDefinition):
        definition_text.read(GOOD[:place] + scrawl + GOOD[place + length :], ["cs-exams"], ["mo-mod"])


def test_a_bad_definition_changes_nothing(scenario: Scenario) -> None:
    """And all that is wrong with its graph is told at once."""
    text = GOOD.replace("next: [agreed]", "next: [gone]").replace("[moderator, anyone]", "[dean]")
    with pytest.raises(BadDefinition) as refused:
        add(scenario, text)
    assert [one["field"] for one in refused.value.details["problems"]] == ["states[0].next[0]", "states[1].actors[0]"]
    assert [one.id for one in scenario.ask(ListDefinitions(), ADMINISTRATOR).definitions] == ["default.1"]


def test_whom_a_definition_names_sees_the_packages_that_use_it(scenario: Scenario) -> None:
    """Else they could not do what it asks of them."""
    text = GOOD.replace("[moderator, anyone]", '["person:lou-law"]')
    new = NewAssessment(module="cs101", title="y", definition=add(scenario, text, MANAGER, PACKAGE).id)
    (added,) = scenario.ask(AddAssessments(package=PACKAGE, assessments=[new]), MANAGER).assessments
    scenario.sign(COORDINATOR, "written", added.id)
    assert added.id in scenario.list("lou-law").mine
    assert scenario.sign("lou-law", "agreed", added.id).signer == "lou-law"
