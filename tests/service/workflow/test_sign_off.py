"""Signing off: the graph, the actors, the version seen, on behalf of others."""

import pytest

from chalkbell.contracts import Conflict, Invalid, NotFound
from chalkbell.contracts.workflow import ExaminedSignedOff, NotAnActor, NotNext, PackageClosed, SignOff, examiner_scope
from chalkbell.contracts.workload import Status
from tests.service.workflow.scenario import (
    ACCEPTED,
    ADMINISTRATOR,
    COORDINATOR,
    EXTERNAL_ADMINISTRATOR,
    FINAL,
    INITIAL,
    LEAD_EXAMINER,
    MODERATOR,
    OTHER_EXAMINER,
    PACKAGE,
    STATES,
    STUDENT,
    TEAM_MEMBER,
    WAYS,
    Scenario,
)


def test_a_sign_off_moves_the_assessment_and_says_who_is_next(scenario: Scenario) -> None:
    """The answer is the event: state, signer, who is told, who may act next."""
    happened = scenario.sign(COORDINATOR, INITIAL, notes="Please look at question 3.")
    assert (happened.state, happened.state_title, happened.previous) == (INITIAL, "Initial Submission", None)
    assert happened.notify == [COORDINATOR, MODERATOR]
    assert [turn.people for turn in happened.next] == [[MODERATOR], [MODERATOR]]
    assert happened.names[MODERATOR] == "Mo Mod"
    assert happened.has_notes
    recorded = scenario.campus.events("workflow", PACKAGE)[-1]
    assert recorded.name == "signed_off"
    assert "question 3" not in str(recorded.data)
    assert scenario.read().assessment.state == INITIAL


def test_examiners_hear_of_it_in_a_stream_of_their_own(scenario: Scenario) -> None:
    """Lead examiner and others alike; no examiner of another module."""
    happened = scenario.sign(COORDINATOR, INITIAL)
    for examiner in (LEAD_EXAMINER, OTHER_EXAMINER):
        heard = scenario.campus.events("workflow", examiner_scope(examiner))[-1]
        assert (heard.name, heard.data["sign_off"]) == ("examined_signed_off", happened.sign_off)
    assert scenario.campus.events("workflow", examiner_scope("una-unrelated"))[-1].name == "assessment_shown"
    assert ExaminedSignedOff.__struct_fields__[1:] != ()


@pytest.mark.parametrize("start", [None, *STATES])
def test_only_a_state_that_follows_may_be_entered(scenario: Scenario, start: str | None) -> None:
    """Every other state is refused with `not_next`, even to administrators who act for the right person."""
    scenario.bring_to(*WAYS[start])
    read = scenario.read()
    following = [turn.state for turn in read.assessment.next]
    for state in STATES:
        if state not in following:
            with pytest.raises(NotNext) as refused:
                scenario.sign(ADMINISTRATOR, state, on_behalf_of=COORDINATOR, reason="Away")
            assert refused.value.details["next"] == following


def test_who_did_not_see_the_present_version_is_told_the_present_state(scenario: Scenario) -> None:
    """The second of two gets `conflict`, and nothing is written."""
    scenario.bring_to(INITIAL)
    scenario.sign(MODERATOR, ACCEPTED, seen=1)
    with pytest.raises(Conflict) as refused:
        scenario.sign(MODERATOR, ACCEPTED, seen=1)
    assert refused.value.details == {"state": ACCEPTED, "state_title": "Moderated: Acceptance", "version": 2}
    assert [entry.number for entry in scenario.read().history] == [2, 1]


def test_the_coordinator_of_another_module_is_no_actor(scenario: Scenario) -> None:
    """A role counts on the module of the assessment being written, and nowhere else."""
    with pytest.raises(NotAnActor):
        scenario.sign(COORDINATOR, INITIAL, scenario.other_exam)
    with pytest.raises(NotFound):
        scenario.sign(COORDINATOR, INITIAL, scenario.law_exam)


def test_an_administrator_acts_for_an_actor_and_both_names_are_kept(scenario: Scenario) -> None:
    """With a reason; the ledger and the event name both."""
    happened = scenario.sign(ADMINISTRATOR, INITIAL, on_behalf_of=COORDINATOR, reason="On leave")
    assert (happened.signer, happened.on_behalf_of) == (ADMINISTRATOR, COORDINATOR)
    assert {ADMINISTRATOR, COORDINATOR} <= happened.names.keys()
    (entry,) = scenario.read().history
    assert (entry.signer, entry.on_behalf_of, entry.reason) == (ADMINISTRATOR, COORDINATOR, "On leave")


def test_what_an_administrator_must_say(scenario: Scenario) -> None:
    """For whom, who must be an actor, and why; without, an administrator is no actor either."""
    with pytest.raises(NotAnActor):
        scenario.sign(ADMINISTRATOR, INITIAL)
    with pytest.raises(Invalid, match="Say why"):
        scenario.sign(ADMINISTRATOR, INITIAL, on_behalf_of=COORDINATOR)
    with pytest.raises(Invalid, match="own name"):
        scenario.sign(ADMINISTRATOR, INITIAL, on_behalf_of=ADMINISTRATOR, reason="Why not")
    for nobody in (MODERATOR, TEAM_MEMBER, STUDENT, "no-such-person"):
        with pytest.raises(NotAnActor):
            scenario.sign(ADMINISTRATOR, INITIAL, on_behalf_of=nobody, reason="On leave")
    with pytest.raises(NotAnActor):
        scenario.sign(MODERATOR, INITIAL, on_behalf_of=COORDINATOR, reason="On leave")
    with pytest.raises(Invalid, match="reason"):
        scenario.sign(COORDINATOR, INITIAL, reason="No need")
    with pytest.raises(NotFound):
        scenario.sign(EXTERNAL_ADMINISTRATOR, INITIAL, on_behalf_of=COORDINATOR, reason="On leave")
    assert scenario.read().history == []


def test_a_disabled_coordinator_cannot_act_but_may_be_acted_for(scenario: Scenario) -> None:
    """That somebody cannot sign in any more is why an administrator acts for them. They are not told either."""
    scenario.change_module(coordinator="dis-abled")
    with pytest.raises(NotFound):
        scenario.sign("dis-abled", INITIAL)
    happened = scenario.sign(ADMINISTRATOR, INITIAL, on_behalf_of="dis-abled", reason="Has left")
    assert happened.notify == [MODERATOR]
    assert scenario.read().inactive == ["dis-abled"]


def test_the_operator_at_the_machine_may_act_for_somebody(scenario: Scenario) -> None:
    """As an administrator may."""
    assert scenario.sign("operator", INITIAL, on_behalf_of=COORDINATOR, reason="By telephone").signer == "operator"


def test_nobody_signs_in_a_closed_package(scenario: Scenario) -> None:
    """It changes no more; and in a hidden one only who may see it finds anything."""
    scenario.change_package(status=Status.HIDDEN)
    with pytest.raises(NotFound):
        scenario.sign(COORDINATOR, INITIAL)
    scenario.change_package(status=Status.CLOSED)
    with pytest.raises(PackageClosed):
        scenario.sign(COORDINATOR, INITIAL)
    assert scenario.read(COORDINATOR).may_enter == []


def test_a_request_repeated_is_answered_as_the_first_time(scenario: Scenario) -> None:
    """The same request id signs once."""
    request = SignOff(assessment=scenario.exam, state=INITIAL, seen=0, request_id="once")
    assert scenario.ask(request, COORDINATOR) == scenario.ask(request, COORDINATOR)
    assert len(scenario.read().history) == 1


def test_the_default_ends_and_may_begin_again(scenario: Scenario) -> None:
    """In the last state it waits for nobody; the coordinator may submit it anew."""
    scenario.bring_to(INITIAL, ACCEPTED, FINAL)
    assert scenario.read().assessment.ended
    assert scenario.list(COORDINATOR).mine == []
    scenario.bring_to(INITIAL)
    assert [entry.number for entry in scenario.read().history] == [4, 3, 2, 1]
