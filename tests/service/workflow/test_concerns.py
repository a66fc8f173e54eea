"""What waits for somebody over all packages, and what examiners see."""

from __future__ import annotations

from datetime import timedelta

from chalkbell.contracts.directory import ChangeMembers
from chalkbell.contracts.workflow import AddAssessments, AddDefinition, NewAssessment, ReadExamined, ReadWaiting, examiner_scope
from chalkbell.contracts.workload import Status
from tests.service.people import OPERATOR
from tests.service.workflow.scenario import (
    ACCEPTED,
    COORDINATOR,
    EXAMINED,
    EXAMINER_CHANGES,
    EXAMS_OFFICER,
    FINAL,
    INITIAL,
    LEAD_EXAMINER,
    MANAGER,
    MODERATOR,
    OTHER,
    OTHER_COORDINATOR,
    OTHER_EXAMINER,
    PACKAGE,
    STRANGER,
    STUDENT,
    UNRELATED_EXAMINER,
    UNRELATED_STAFF,
    Scenario,
)


def waiting(scenario: Scenario, by: str) -> list[str]:
    """What waits for somebody."""
    return [item.assessment.id for item in scenario.ask(ReadWaiting(), by).items]


def test_what_waits_goes_from_hand_to_hand(scenario: Scenario) -> None:
    """From the coordinator to the moderator, to examiner and coordinator, and to nobody when it is done."""
    assert waiting(scenario, COORDINATOR) == [scenario.exam]
    assert waiting(scenario, STRANGER) == [scenario.law_exam]
    scenario.bring_to(INITIAL)
    assert waiting(scenario, COORDINATOR) == []
    (item,) = scenario.ask(ReadWaiting(), MODERATOR).items
    assert (item.assessment.id, item.package_name) == (scenario.exam, "CS-2026")
    assert item.may_enter == [ACCEPTED, "moderated-changes-requested"]
    scenario.bring_to(ACCEPTED)
    for someone in (COORDINATOR, LEAD_EXAMINER, OTHER_EXAMINER):
        assert waiting(scenario, someone) == [scenario.exam]
    assert scenario.ask(ReadWaiting(), OTHER_EXAMINER).items[0].may_enter == [EXAMINED, EXAMINER_CHANGES]
    scenario.bring_to(EXAMINED, FINAL)
    for someone in (COORDINATOR, MODERATOR, LEAD_EXAMINER, OTHER_EXAMINER, STUDENT):
        assert waiting(scenario, someone) == []


def test_what_waits_longest_is_first(scenario: Scenario) -> None:
    """Since it came into its state."""
    scenario.campus.frozen.advance(timedelta(days=1))
    later = scenario.add_one()
    assert waiting(scenario, COORDINATOR) == [scenario.exam, later]
    scenario.campus.frozen.advance(timedelta(days=1))
    scenario.bring_to(INITIAL, ACCEPTED)
    assert waiting(scenario, COORDINATOR) == [later, scenario.exam]


def test_what_waits_for_a_group_waits_for_its_members(scenario: Scenario) -> None:
    """Kinds that mean groups, and groups that are named, as long as one is in them; `anyone` is nobody in particular."""
    text = (
        "name: office\ntitle: Office\nstates:\n"
        "  - {name: a, title: A, start: true, actors: [exams_office, anyone]}\n"
        '  - {name: b, title: B, start: true, actors: ["group:law-staff"]}\n'
    )
    scenario.ask(AddDefinition(text=text, package=PACKAGE), MANAGER)
    new = NewAssessment(module="cs101", title="x", definition=f"{PACKAGE}.office.1")
    (added,) = scenario.ask(AddAssessments(package=PACKAGE, assessments=[new]), MANAGER).assessments
    assert waiting(scenario, EXAMS_OFFICER) == [added.id]
    assert sorted(waiting(scenario, STRANGER)) == sorted([added.id, scenario.law_exam])
    assert waiting(scenario, UNRELATED_STAFF) == []
    assert scenario.read(UNRELATED_STAFF, added.id).may_enter == ["a"]
    scenario.campus.call(ChangeMembers(group="law-staff", remove=[STRANGER]), **OPERATOR)
    scenario.campus.settle()
    assert waiting(scenario, STRANGER) == [scenario.law_exam]


def test_the_streams_to_follow_are_those_one_may_read(scenario: Scenario) -> None:
    """Packages with a part or a group of one's own; for external people their own stream. None that is closed."""
    followed = {
        by: set(scenario.ask(ReadWaiting(), by).positions) for by in (COORDINATOR, UNRELATED_STAFF, STRANGER, LEAD_EXAMINER)
    }
    assert followed == {
        COORDINATOR: {PACKAGE},
        UNRELATED_STAFF: {PACKAGE},
        STRANGER: {OTHER},
        LEAD_EXAMINER: {examiner_scope(LEAD_EXAMINER)},
    }
    position = scenario.ask(ReadWaiting(), COORDINATOR).positions[PACKAGE]
    assert position == scenario.list(COORDINATOR).position
    scenario.change_package(status=Status.CLOSED)
    answer = scenario.ask(ReadWaiting(), COORDINATOR)
    assert (answer.items, answer.positions) == ([], {})


def test_examiners_see_the_modules_they_examine_those_they_lead_first(scenario: Scenario) -> None:
    """And those of no other; for whom the module is for information sees that it is."""
    scenario.change_module("cs201", programmes=["msc", "ba"], lead_programme="ba")
    by = {
        one: scenario.ask(ReadExamined(), one).examined for one in (LEAD_EXAMINER, OTHER_EXAMINER, UNRELATED_EXAMINER, COORDINATOR)
    }
    seen = {who: [(one.assessment.module, one.lead) for one in them] for who, them in by.items()}
    assert seen == {
        LEAD_EXAMINER: [("cs101", True)],
        OTHER_EXAMINER: [("cs201", True), ("cs101", False)],
        UNRELATED_EXAMINER: [("cs201", False)],
        COORDINATOR: [],
    }


def test_an_examiner_reads_an_assessment_from_their_own_stream(scenario: Scenario) -> None:
    """With history and notes, but not who was told when."""
    scenario.bring_to(INITIAL)
    read = scenario.read(LEAD_EXAMINER)
    assert read.scope == examiner_scope(LEAD_EXAMINER)
    assert read.position == scenario.ask(ReadExamined(), LEAD_EXAMINER).position
    assert read.notes_are_yours
    assert scenario.read(OTHER_COORDINATOR).scope == PACKAGE


def test_a_very_long_id_has_a_stream_too() -> None:
    """A scope has 63 characters at most; two long ids never share one."""
    long = "x" * 63
    assert len(examiner_scope(long)) <= 63
    assert examiner_scope(long) != examiner_scope("x" * 62)
    assert examiner_scope("ada") == "examiner-ada"
