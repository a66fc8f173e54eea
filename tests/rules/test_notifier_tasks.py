"""Urgent, overdue, who may complete what: in part as recorded from WAM, under the ids of the recording."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkbell.contracts import Invalid, NotAllowed, NotFound
from chalkbell.contracts.notifier import AlreadyCompleted, NotATarget, NotCompleted, TaskArchived
from services.notifier.rules import tasks as rules
from services.notifier.rules.durations import time_left

MOMENTS = st.integers(0, 20 * 366 * 86_400).map(lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("deadline", "now", "urgent", "overdue", "left"),
    [
        pytest.param("2026-10-25T01:30:00+01:00", "2026-10-25T01:00:00+00:00", True, True, None, id="task-status-14"),
        pytest.param("2026-03-29T12:00:00+01:00", "2026-03-22T10:59:59+00:00", False, False, None, id="task-status-12"),
        pytest.param("2026-03-16T12:00:00+00:00", "2026-03-16T12:00:01+00:00", True, True, "0 minutes", id="task-status-08"),
        pytest.param("2026-03-16T12:00:00+00:00", "2025-03-16T12:00:00+00:00", False, False, "1 year", id="task-status-10"),
        pytest.param("2026-03-16T12:00:00+00:00", "2026-03-09T11:59:59+00:00", False, False, "1 week", id="task-status-02"),
        pytest.param("2026-03-16T12:00:00+00:00", "2026-03-09T12:00:00+00:00", False, False, "1 week", id="seven days"),
        pytest.param("2026-03-16T12:00:00+00:00", "2026-03-09T12:00:01+00:00", True, False, "6 days, 23 hours", id="a second less"),
        pytest.param("2026-03-16T12:00:00+00:00", "2026-03-16T12:00:00+00:00", True, False, "0 minutes", id="the deadline"),
        pytest.param("2026-04-30T12:00:00+00:00", "2026-03-30T12:00:00+00:00", False, False, "1 month", id="a short month"),
        pytest.param(
            "2026-03-16T12:00:00+00:00", "2025-12-31T13:00:00+00:00", False, False, "2 months, 2 weeks", id="over the year"
        ),
    ],
)
def test_urgent_and_overdue_are_told_to_the_second(deadline: str, now: str, urgent: bool, overdue: bool, left: str | None) -> None:
    """Less than seven days is urgent, past is overdue, over the change of clocks too."""
    due, moment = datetime.fromisoformat(deadline), datetime.fromisoformat(now)
    assert rules.is_urgent(due, moment) is urgent
    assert rules.is_overdue(due, moment) is overdue
    if left is not None:
        assert time_left(due, moment) == left


@given(MOMENTS, MOMENTS)
def test_overdue_is_urgent_and_zones_change_nothing(deadline: datetime, now: datetime) -> None:
    """Whatever is overdue is urgent; the same moments in other zones give the same answers."""
    urgent, overdue = rules.is_urgent(deadline, now), rules.is_overdue(deadline, now)
    assert urgent or not overdue
    elsewhere = deadline.astimezone(ZoneInfo("Pacific/Auckland"))
    assert (rules.is_urgent(elsewhere, now), rules.is_overdue(elsewhere, now)) == (urgent, overdue)
    assert urgent == (deadline - now < timedelta(days=7))


@given(MOMENTS, MOMENTS)
def test_the_time_left_is_never_empty(deadline: datetime, now: datetime) -> None:
    """There is always something to say, of at most two units."""
    words = time_left(deadline, now)
    assert 1 <= len(words.split(", ")) <= 2
    assert words[0].isdigit()


@pytest.mark.parametrize("deadline", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_a_deadline_at_the_end_of_time_is_refused(deadline: datetime) -> None:
    """No campus means the year 9999."""
    with pytest.raises(Invalid) as refused:
        rules.checked_deadline(deadline)
    assert refused.value.details["path"] == "deadline"


@pytest.mark.parametrize("name", ["Europe/Nowhere", "../../etc/passwd", "leapseconds", "Europe"])
def test_a_time_zone_that_is_none_is_refused(name: str) -> None:
    """Only names that the tz database knows."""
    with pytest.raises(Invalid):
        rules.checked_zone(name)


def test_unknown_ids_are_named_by_their_place() -> None:
    """The path says which."""
    with pytest.raises(Invalid) as refused:
        rules.known(["ada", "bob", "cid"], {"ada", "cid"}, "people")
    assert refused.value.details["path"] == "people[1]"
    assert rules.known(["bob", "ada", "bob"], {"ada", "bob"}, "people") == ["ada", "bob"]


OWN = rules.Standing(
    caller="ann", subject="ann", oversees=False, is_target=True, subject_is_target=True, archived=False, completed=False
)
FOR_ANOTHER = replace(OWN, caller="root", oversees=True, is_target=False)


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [
        pytest.param(OWN, None, id="one's own"),
        pytest.param(FOR_ANOTHER, None, id="task-complete-root-for-ann-noperm"),
        # WAM let this through: a completion by somebody whom the task was never for
        pytest.param(
            replace(OWN, is_target=False, subject_is_target=False), NotFound, id="task-complete-ann-for-ann-noperm-nottarget"
        ),
        pytest.param(replace(FOR_ANOTHER, subject_is_target=False), NotATarget, id="for somebody it is not for"),
        pytest.param(replace(OWN, subject="bob"), NotAllowed, id="for another target"),
        pytest.param(replace(OWN, subject="bob", is_target=False), NotFound, id="for a target by a stranger"),
        pytest.param(replace(OWN, archived=True), TaskArchived, id="archived"),
        pytest.param(replace(OWN, completed=True), AlreadyCompleted, id="again"),
        pytest.param(replace(FOR_ANOTHER, completed=True), AlreadyCompleted, id="again for another"),
    ],
)
def test_only_a_target_can_complete_and_only_once(standing: rules.Standing, refusal: type[Exception] | None) -> None:
    """People certify their own; who oversees the task certifies for others."""
    if refusal is None:
        rules.may_complete(standing)
        rules.may_take_back(replace(standing, completed=True))
        return
    with pytest.raises(refusal) as refused:
        rules.may_complete(standing)
    assert type(refused.value) is refusal


def test_only_what_was_completed_can_be_taken_back() -> None:
    """And the same people may who may complete."""
    with pytest.raises(NotCompleted):
        rules.may_take_back(OWN)
    with pytest.raises(NotFound):
        rules.may_take_back(replace(OWN, is_target=False, completed=True))
