"""What was recorded from WAM, which departments used before, under the ids of the recording.

Where WAM was wrong the test says what is right instead: a notify kind that it did not recognise, one message for all, the same
person twice in it, and a form that let any state through (tests of the service show that it does not).
"""

from __future__ import annotations

import pytest

from chalkbell.contracts.workflow import State
from services.workflow.rules import signing
from services.workflow.rules.actors import Concerned, Someone, may_act, may_administer
from tests.rules import workflow_facts as made

TITLES = {state.title: state for state in made.default().definition.states}
SUBMITTED, ACCEPTED, CHANGES, RESUBMITTED, EXAMINED, EXAMINER_CHANGES, EXAMINER_RESUBMITTED, FINAL = TITLES

# state: actors, notify, start, next; `external` acts for any examiner of the module and is told for those of the lead programme,
# as WAM did both
WORKFLOW_DEFAULT = {
    "Initial Submission": (["coordinator"], ["coordinator", "moderator"], True, [ACCEPTED, CHANGES]),
    "Moderated: Acceptance": (
        ["moderator"], ["coordinator", "moderator", "external"], False, [EXAMINED, EXAMINER_CHANGES, FINAL],
    ),
    "Moderated: Changes Requested": (["moderator"], ["coordinator", "moderator"], False, [RESUBMITTED]),
    "Resubmission for Moderation": (["coordinator"], ["coordinator", "moderator"], False, [ACCEPTED, CHANGES]),
    "External Examination: Acceptance": (
        ["external"], ["coordinator", "moderator", "external", "assessment_team"], False, [FINAL],
    ),
    "External Examination: Changes Requested": (
        ["external"], ["coordinator", "moderator", "external"], False, [EXAMINER_RESUBMITTED],
    ),
    "Resubmission for External Examiner": (
        ["coordinator"], ["coordinator", "external"], False, [EXAMINED, EXAMINER_CHANGES, FINAL],
    ),
    "Coordinator Final Sign-off": (["coordinator"], ["coordinator", "assessment_team"], False, [SUBMITTED]),
}  # fmt: skip


@pytest.mark.parametrize("title", list(WORKFLOW_DEFAULT))
def test_the_definition_that_ships_is_the_recorded_one(title: str) -> None:
    """workflow-default: eight states, in this order, with their actors, whom they tell, and what follows."""
    actors, notify, start, following = WORKFLOW_DEFAULT[title]
    graph = made.default()
    state = TITLES[title]
    assert list(TITLES) == list(WORKFLOW_DEFAULT)
    assert state.actors == ["examiner" if one == "external" else one for one in actors]
    assert state.notify == ["lead_examiner" if one == "external" else one for one in notify]
    assert state.start is start
    assert [one.title for one in graph.after(state.name)] == following


ROLES = (
    "coordinator", "moderator", "team_member", "assessment_staff", "lead_examiner", "other_examiner", "unrelated_examiner",
    "unrelated_staff", "superuser", "external_superuser",
)  # fmt: skip


@pytest.mark.parametrize(
    ("actors", "recorded"),
    [
        pytest.param(["assessment_team"], {"assessment_staff"}, id="actor-token-assessment_staff"),
        pytest.param(
            ["anyone"],
            {"coordinator", "moderator", "team_member", "assessment_staff", "unrelated_staff", "superuser"},
            id="actor-token-anyone",
        ),
        pytest.param(["coordinator", "moderator"], {"coordinator", "moderator"}, id="actor-token-coordinator+moderator"),
        pytest.param(["moderator"], {"moderator"}, id="actor-token-moderator"),
        pytest.param(["coordinator"], {"coordinator"}, id="actor-token-coordinator"),
        # not in the sample
        pytest.param(["team"], {"team_member"}, id="team"),
        pytest.param(["exams_office"], {"exams_officer"}, id="exams office"),
        pytest.param(["lead_examiner"], {"lead_examiner"}, id="lead examiner"),
        pytest.param(["examiner"], {"lead_examiner", "other_examiner"}, id="any examiner"),
        pytest.param(["administrator"], {"superuser"}, id="administrator"),
        pytest.param(["group:cs-exams", "person:unrelated_staff"], {"exams_officer", "unrelated_staff"}, id="named"),
    ],
)
def test_who_is_meant_by_a_kind_of_actor(actors: list[str], recorded: set[str]) -> None:
    """A role on this module; students and those who may not sign in never. Administrators act for others, not as one of them."""
    may = {name for name, someone in made.PEOPLE.items() if may_act(someone, actors, made.module())}
    if actors == ["anyone"]:
        recorded = recorded | {"exams_officer"}
    assert may == recorded


NEXT = {
    "Coordinator Final Sign-off": {"coordinator": [SUBMITTED], "superuser": [SUBMITTED]},
    "Resubmission for Moderation": {"moderator": [ACCEPTED, CHANGES], "superuser": [ACCEPTED, CHANGES]},
    "Moderated: Acceptance": {
        "coordinator": [FINAL],
        "lead_examiner": [EXAMINED, EXAMINER_CHANGES],
        "other_examiner": [EXAMINED, EXAMINER_CHANGES],
        "superuser": [EXAMINED, EXAMINER_CHANGES, FINAL],
    },
    "(none)": {"coordinator": [SUBMITTED], "superuser": [SUBMITTED]},
}


@pytest.mark.parametrize("latest", list(NEXT))
@pytest.mark.parametrize("role", ROLES)
def test_the_states_that_are_offered(latest: str, role: str) -> None:
    """nextstates-*: to each role, after each state. An administrator has them for somebody else."""
    state = TITLES[latest].name if latest in TITLES else None
    someone = made.PEOPLE[role]
    offered = [
        one.title for one in made.default().after(state) if may_administer(someone) or may_act(someone, one.actors, made.module())
    ]
    assert offered == NEXT[latest].get(role, [])


def told(notify: list[str], concerned: Concerned, *more: Someone) -> list[str]:
    """Who is told of a state with this notify list."""
    state = State(name="s", title="S", actors=["anyone"], notify=notify)
    people = [*made.PEOPLE.values(), *more]
    return signing.tell(signing.told(state, concerned), people, people)


@pytest.mark.parametrize(
    ("notify", "recorded"),
    [
        pytest.param(TITLES[SUBMITTED].notify, ["coordinator", "moderator"], id="notify-default-10"),
        pytest.param(TITLES[ACCEPTED].notify, ["coordinator", "lead_examiner", "moderator"], id="notify-default-20"),
        pytest.param(TITLES[FINAL].notify, ["assessment_staff", "coordinator"], id="notify-default-80"),
        pytest.param(["coordinator"], ["coordinator"], id="notify-token-coordinator"),
        pytest.param(["team"], ["team_member"], id="notify-token-team_member"),
        pytest.param(["assessment_team"], ["assessment_staff"], id="notify-token-assessment_staff"),
        # WAM knew no such kind and told nobody of the assessment team
        pytest.param(
            TITLES[EXAMINED].notify, ["assessment_staff", "coordinator", "lead_examiner", "moderator"], id="notify-default-50"
        ),
        pytest.param(["administrator"], ["superuser"], id="administrator"),
        pytest.param(["person:unrelated_staff", "group:cs-exams"], ["exams_officer", "unrelated_staff"], id="named"),
    ],
)
def test_who_is_told(notify: list[str], recorded: list[str]) -> None:
    """Each once; nobody who may not sign in, and no student."""
    assert told(notify, made.module()) == recorded


def test_a_person_with_two_hats_is_told_once() -> None:
    """notify-token-coordinator+moderator-moderator_is_coordinator: WAM put the coordinator twice on the To line."""
    concerned = Concerned({"coordinator": ("coordinator",), "moderator": ("coordinator", "moderator")})
    assert told(["coordinator", "moderator"], concerned) == ["coordinator", "moderator"]
