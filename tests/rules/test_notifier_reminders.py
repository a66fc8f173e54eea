"""When people are reminded, and who of what: over years, zones and changes of the clocks, and as recorded from WAM."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.rules.reminders import LeftOut, Schedule, decide

LONDON = Schedule(ZoneInfo("Europe/London"), 8)
ZONES = ["Europe/London", "Africa/Cairo", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo", "UTC"]
MOMENTS = st.integers(0, 19 * 366 * 86_400).map(lambda seconds: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
SCHEDULES = st.builds(Schedule, st.sampled_from(ZONES).map(ZoneInfo), st.integers(0, 23))


def test_a_year_in_london_has_three_times_a_week_at_eight_o_clock_whatever_the_clocks_do() -> None:
    """2026 from the first to the last day: Mondays for all, Wednesdays and Fridays for the urgent, always 8:00 of the campus."""
    moment, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = []
    while (due := LONDON.next_after(moment)).due < end:
        found.append(due)
        moment = due.due
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
    assert [date.fromisoformat(due.id) for due in found] == [day for day in days if day.weekday() in (0, 2, 4)]
    for due in found:
        here = due.due.astimezone(LONDON.zone)
        assert (here.hour, here.minute, here.date().isoformat()) == (8, 0, due.id)
        assert due.urgent_only == (here.weekday() != 0)
    assert {due.due.hour for due in found} == {7, 8}


def test_an_hour_that_the_clocks_skip_is_kept_and_one_that_comes_twice_is_kept_once() -> None:
    """Cairo's clocks skip the first hour of a Friday; Nuuk repeats one of a Saturday night, and no zone may make two reminders of it."""
    cairo = Schedule(ZoneInfo("Africa/Cairo"), 0)
    skipped = cairo.next_after(datetime(2026, 4, 23, 12, tzinfo=UTC))
    assert skipped.id == "2026-04-24"
    assert skipped.due == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert cairo.next_after(skipped.due).id == "2026-04-27"
    # St John's put its clocks back at one minute past midnight of a Sunday until 2011; Havana does at one
    havana = Schedule(ZoneInfo("America/Havana"), 0)
    assert havana.next_after(datetime(2026, 10, 31, tzinfo=UTC)).id == "2026-11-02"


@given(SCHEDULES, MOMENTS)
def test_the_next_time_lies_ahead_and_no_day_has_two(schedule: Schedule, moment: datetime) -> None:
    """Times only grow, each on another day, never more than four days apart but where a zone leaves out a day."""
    first = schedule.next_after(moment)
    second = schedule.next_after(first.due)
    assert moment < first.due < second.due
    assert first.id < second.id
    assert second.due - first.due < timedelta(days=4, hours=2)


@given(SCHEDULES, MOMENTS, st.integers(0, 60 * 24 * 40))
def test_after_an_absence_there_is_one_reminder_for_all_that_were_missed(schedule: Schedule, after: datetime, minutes: int) -> None:
    """It is the last one missed, and for everybody if one of those missed was."""
    until = after + timedelta(minutes=minutes)
    missed = []
    due = schedule.next_after(after)
    while due.due <= until:
        missed.append(due)
        due = schedule.next_after(due.due)
    found = schedule.missed(after, until)
    if not missed:
        assert found is None
        return
    assert found is not None
    assert (found.id, found.due) == (missed[-1].id, missed[-1].due)
    assert found.urgent_only == all(one.urgent_only for one in missed)
    assert schedule.missed(found.due, until) is None


NEAR, FAR = datetime(2026, 3, 12, 12, tzinfo=UTC), datetime(2026, 4, 30, 12, tzinfo=UTC)
OPEN = {"ann": ["near", "far"], "eve": ["near"], "cat": ["far"], "fay": ["far"], "bob": ["far"], "dan": ["far"]}


@pytest.mark.parametrize(
    ("now", "reminded"),
    [
        pytest.param(datetime(2026, 4, 24, 8, tzinfo=UTC), ["ann", "bob", "cat", "eve", "fay"], id="reminder-08"),
        pytest.param(datetime(2026, 3, 11, 8, tzinfo=UTC), ["ann", "eve"], id="reminder-05"),
        pytest.param(datetime(2026, 3, 13, 8, tzinfo=UTC), ["ann", "eve"], id="reminder-06"),
    ],
)
def test_who_is_reminded_when_only_the_urgent_are(now: datetime, reminded: list[str]) -> None:
    """As recorded: without the inactive, whose tasks are done, and what is archived."""
    decisions = decide(
        people=[*OPEN, "gus"],
        active=["ann", "bob", "cat", "eve", "fay", "gus"],
        open_tasks=OPEN,
        deadlines={"near": NEAR, "far": FAR},
        reminded_today={},
        per_day=1,
        urgent_only=True,
        now=now,
    )
    assert [one.person for one in decisions if one.left_out is None] == reminded
    assert all(one.urgent for one in decisions if one.left_out is None)
    assert {one.person: one.left_out for one in decisions}["dan"] is LeftOut.INACTIVE
    assert {one.person: one.left_out for one in decisions}["gus"] is LeftOut.NOTHING_OPEN


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.lists(st.sampled_from("tuvw"), unique=True), max_size=8),
    st.dictionaries(st.sampled_from("tuvw"), MOMENTS, min_size=4, max_size=4),
    st.booleans(),
    MOMENTS,
    st.integers(1, 3),
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 3)),
)
def test_everybody_gets_one_decision_with_their_open_tasks_by_deadline(
    open_tasks: dict[str, list[str]],
    deadlines: dict[str, datetime],
    urgent_only: bool,
    now: datetime,
    per_day: int,
    before: dict[str, int],
) -> None:
    """Nobody with nothing open is written to, nobody more often in a day than the limit, and each list is in order."""
    decisions = decide(
        people=open_tasks, active=open_tasks, open_tasks=open_tasks, deadlines=deadlines, reminded_today=before,
        per_day=per_day, urgent_only=urgent_only, now=now,
    )  # fmt: skip
    assert [one.person for one in decisions] == sorted(open_tasks)
    for one in decisions:
        assert sorted(one.tasks) == sorted(open_tasks[one.person])
        assert [deadlines[task] for task in one.tasks] == sorted(deadlines[task] for task in one.tasks)
        if one.left_out is None:
            assert one.tasks
            assert before.get(one.person, 0) < per_day
            assert one.urgent or not urgent_only
