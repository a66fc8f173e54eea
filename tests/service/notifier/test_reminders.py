"""Reminding people: each time once, whoever is away, never after a task is done."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalkbell.contracts import NotAllowed
from chalkbell.contracts.directory import DisablePerson
from chalkbell.contracts.notifier import (
    ArchiveTask,
    ChangePreferences,
    CompleteTask,
    ExplainMessages,
    ListDeliveries,
    Remind,
    TakeBackCompletion,
)
from chalkbell.database import Database
from chalkbell.dispatch import Dispatcher
from chalkbell.handlers import Caller, Job
from chalkbell.store import Transaction
from services.notifier.__main__ import definition as notifier
from services.notifier.store import Store
from tests.service.counting import counted_statements
from tests.service.notifier.office import (
    ADMINISTRATOR,
    ANN,
    BOB,
    CAT,
    DISABLED,
    EXAMINER,
    GROUP,
    LATER,
    NOW,
    SETTER,
    STUDENT,
    Office,
)
from tests.service.people import OPERATOR, populate

MONDAY = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


def reminded(office: Office) -> dict[str, int]:
    """How many reminders each of these got."""
    return {who: count for who in (ANN, BOB, CAT, EXAMINER, STUDENT, DISABLED) if (count := office.names(who).count("reminded"))}


def test_mondays_all_and_wednesdays_and_fridays_the_urgent(office: Office) -> None:
    """One reminder each, of all that is open by deadline, urgent if any of it is."""
    office.begin()
    far = office.task("far", deadline=LATER, groups=[GROUP], people=[CAT])
    near = office.task("near", deadline=MONDAY + 6 * DAY, people=[ANN, EXAMINER, STUDENT])
    done = office.task("done", people=[CAT])
    office.complete(done, CAT)
    office.call(ArchiveTask(task=office.task("away", people=[CAT]).id), SETTER)
    assert office.remind_at(MONDAY - timedelta(seconds=1)) == MONDAY
    assert reminded(office) == {}
    assert office.remind_at(MONDAY) == MONDAY + 2 * DAY
    assert reminded(office) == {ANN: 1, BOB: 1, CAT: 1, EXAMINER: 1, STUDENT: 1}
    event = office.events(ANN)[-1].data["reminder"]
    assert (event["tasks"], event["urgent"]) == ([near.id, far.id], True)
    assert office.events(CAT)[-1].data["reminder"] == {
        "id": "2026-11-23", "at": "2026-11-23T08:00:00Z", "urgent": False, "tasks": [far.id]
    }  # fmt: skip
    office.remind_at(MONDAY + 2 * DAY)
    office.remind_at(MONDAY + 4 * DAY)
    assert reminded(office) == {ANN: 3, BOB: 1, CAT: 1, EXAMINER: 3, STUDENT: 3}
    assert [one.id for one in office.mine(ANN).reminders] == ["2026-11-27", "2026-11-25", "2026-11-23"]


def test_a_year_of_reminders_is_one_for_each_time(office: Office) -> None:
    """The job runs four times a day for a year, over both changes of the clocks."""
    office.begin()
    office.task(deadline=datetime(2027, 12, 31, tzinfo=UTC))
    moment = NOW
    for _ in range(365 * 4):
        moment += timedelta(hours=6)
        office.remind_at(moment)
    mondays = [NOW.date() + timedelta(days=7 * week) for week in range(53)]
    periods = office.campus.within("notifier", lambda store: store.decisions(ANN, 1000))
    assert [row["period"] for row in reversed(periods) if row["reminded"]] == [day.isoformat() for day in mondays]
    assert len(periods) == len({row["period"] for row in periods}) == 157


def test_a_new_campus_has_missed_nothing(office: Office) -> None:
    """The first run sends nothing, whatever the time."""
    office.task()
    office.remind_at(MONDAY + timedelta(hours=3))
    office.remind_at(MONDAY + timedelta(hours=4))
    assert reminded(office) == {}


def test_after_an_absence_people_are_reminded_once(office: Office) -> None:
    """Three weeks away, one reminder; and of all, for a Monday was among what was missed."""
    office.begin()
    office.task(deadline=LATER + 20 * DAY)
    back = MONDAY + 18 * DAY + timedelta(hours=5)
    office.remind_at(back)
    office.remind_at(back + timedelta(minutes=1))
    assert reminded(office) == {ANN: 1}
    office.remind_at(back + timedelta(days=3))
    assert reminded(office) == {ANN: 2}


def test_nobody_gets_more_in_a_day_than_is_allowed(office: Office) -> None:
    """What was missed comes late on Wednesday's eve, past midnight; Wednesday's own then finds that there was one."""
    office.begin()
    office.task()
    wednesday = MONDAY + 2 * DAY
    office.remind_at(wednesday - timedelta(hours=7))
    office.remind_at(wednesday)
    assert reminded(office) == {ANN: 1}
    answer = office.call(Remind(), ADMINISTRATOR)
    assert (answer.people, answer.left_out) == ([], {"enough_today": 1})


def test_reminders_stop_when_the_task_is_done_and_come_back_with_it(office: Office) -> None:
    """Done before the time: nothing. Taken back: the next time again."""
    office.begin()
    task = office.task(deadline=LATER)
    office.complete(task, ANN)
    office.remind_at(MONDAY)
    assert reminded(office) == {}
    office.call(TakeBackCompletion(task=task.id), ANN)
    office.remind_at(MONDAY + 7 * DAY)
    assert reminded(office) == {ANN: 1}


def test_who_was_disabled_is_not_reminded(office: Office) -> None:
    """From the moment that the notifier knows."""
    office.begin()
    office.task(groups=[GROUP])
    office.campus.call(DisablePerson(id=BOB), **OPERATOR)
    office.campus.settle()
    office.remind_at(MONDAY)
    assert reminded(office) == {ANN: 1}


def test_an_administrator_reminds_now_or_looks_first(office: Office) -> None:
    """A dry run says the same and does nothing."""
    office.task("near", people=[ANN])
    office.task("far", deadline=LATER, people=[BOB])
    dry = office.call(Remind(urgent_only=True, dry_run=True), ADMINISTRATOR)
    assert (dry.people, dry.left_out) == ([ANN], {"nothing_urgent": 1})
    assert reminded(office) == {}
    assert office.call(Remind(urgent_only=True), ADMINISTRATOR) == dry
    assert reminded(office) == {ANN: 1}
    with pytest.raises(NotAllowed):
        office.call(Remind(), SETTER)


def test_who_wants_no_mail_is_reminded_by_event_alone(office: Office) -> None:
    """The page shows it."""
    office.call(ChangePreferences(reminder_mail=False), ANN)
    office.task(people=[ANN, BOB])
    office.call(Remind(), ADMINISTRATOR)
    assert reminded(office) == {ANN: 1, BOB: 1}
    assert [one.person for one in office.call(ListDeliveries(), ADMINISTRATOR).deliveries] == [BOB]


def test_why_and_why_not_and_what_comes_next(office: Office) -> None:
    """In words, for oneself; administrators may ask for anybody."""
    office.begin()
    task = office.task(deadline=LATER)
    office.remind_at(MONDAY)
    office.deliver()
    office.remind_at(MONDAY + 2 * DAY)
    told = office.call(ExplainMessages(), ANN)
    assert [(one.sent, one.why) for one in told.past] == [
        (False, "Only people with something urgent were reminded that day, and nothing was."),
        (True, "One task was open. The mail went out."),
    ]
    assert (told.next.at, told.next.sent) == (MONDAY + 4 * DAY, False)
    office.remind_at(MONDAY + 4 * DAY)
    told = office.call(ExplainMessages(person=ANN), ADMINISTRATOR)
    assert (told.next.at, told.next.sent, told.next.why) == (MONDAY + 7 * DAY, True, "A reminder of one task, unless done before.")
    office.complete(task, ANN)
    assert office.call(ExplainMessages(), ANN).next.why == "Nothing: no task is open."


def test_200_people_with_200_tasks_are_decided_in_few_questions(office: Office) -> None:
    """WAM asked 40,401 times. Here only the counter of each reminded person's stream is one question each."""
    people = [f"person-{number}" for number in range(200)]
    populate(office.campus, people, {"everybody": people})
    first = office.task("task 0", groups=["everybody"], deadline=LATER)

    def add_others(store: Store) -> None:
        # without the 40,000 events that setting them one by one would record
        for number in range(1, 200):
            store.keep_task(replace(first, id=f"task-{number}", deadline=LATER + timedelta(minutes=number)))
        store.assignment_changes()

    office.campus.within("notifier", add_others, write=True)
    with counted_statements(office.campus, "notifier") as statements:
        answer = office.call(Remind(), ADMINISTRATOR)
    assert len(answer.people) == 200
    counts = Counter("INSERT INTO stream " in statement for statement in statements)
    assert counts[True] == 200
    assert counts[False] <= 20
    event = office.events("person-7")[-1]
    assert (event.name, len(event.data["reminder"]["tasks"])) == ("reminded", 200)


def processes(office: Office, number: int) -> list[Dispatcher]:
    """So many notifiers on the office's database, each with connections of its own."""
    first = office.campus.members["notifier"].dispatcher.database
    url = first.url.render_as_string(hide_password=False)
    return [Dispatcher(notifier, Database(url, "notifier"), office.campus.clock, office.settings) for _ in range(number)]


def at_once(work: list[threading.Thread]) -> None:
    """Run all of it at the same time."""
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()


def test_five_notifiers_at_once_remind_once(office: Office) -> None:
    """Even without the lease that keeps them apart."""
    office.begin()
    office.task(groups=[GROUP])
    office.campus.frozen.set(MONDAY)
    start = threading.Barrier(5)
    handler = next(job for job in notifier.handlers.jobs if job.name == "remind")
    failures: list[BaseException] = []

    def run(dispatcher: Dispatcher) -> None:
        def once(transaction: Transaction) -> None:
            handler.run(Job(transaction.now), dispatcher.definition.store(transaction))

        start.wait()
        try:
            dispatcher.transact(once, write=True, by="service.notifier")
        except BaseException as error:
            failures.append(error)

    dispatchers = processes(office, 5)
    at_once([threading.Thread(target=run, args=[dispatcher]) for dispatcher in dispatchers])
    for dispatcher in dispatchers:
        dispatcher.database.dispose()
    assert failures == []
    assert reminded(office) == {ANN: 1, BOB: 1}
    assert len(office.call(ListDeliveries(), ADMINISTRATOR).deliveries) == 2


def test_no_reminder_is_decided_after_a_completion_committed(office: Office) -> None:
    """Forty people complete while the reminder is decided: in each one's stream a reminder never stands after the completion."""
    people = [f"person-{number}" for number in range(40)]
    populate(office.campus, people, {"everybody": people})
    task = office.task(groups=["everybody"])
    start = threading.Barrier(3)
    completing, reminding = processes(office, 2)
    failures: list[BaseException] = []

    def complete(some: list[str]) -> None:
        start.wait()
        for person in some:
            try:
                fields = {"task": task.id}
                completing.answer("chalkbell.notifier.v1.task.complete", fields, Caller(person))
            except BaseException as error:
                failures.append(error)

    def remind() -> None:
        start.wait()
        try:
            reminding.answer("chalkbell.notifier.v1.remind", {}, Caller(ADMINISTRATOR, "administrator"))
        except BaseException as error:
            failures.append(error)

    at_once(
        [
            threading.Thread(target=complete, args=[people[:20]]),
            threading.Thread(target=complete, args=[people[:19:-1]]),
            threading.Thread(target=remind),
        ]
    )
    for dispatcher in (completing, reminding):
        dispatcher.database.dispose()
    assert failures == []
    for person in people:
        assert office.names(person) in (["task_assigned", "reminded", "task_completed"], ["task_assigned", "task_completed"])
        with pytest.raises(Exception, match="completed the task already"):
            office.call(CompleteTask(task=task.id), person)
