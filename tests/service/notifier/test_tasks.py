"""Tasks: for whom they are, as that changes; done, taken back, put away."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalkbell.contracts import Conflict, Invalid, NotAllowed, NotFound
from chalkbell.contracts.directory import ChangeMembers, EnablePerson, RemoveGroup
from chalkbell.contracts.notifier import (
    AddTask,
    AlreadyCompleted,
    ArchiveTask,
    ChangeTask,
    CompleteTask,
    ListTasks,
    NotATarget,
    NotCompleted,
    ReadArchivedTasks,
    ReadTask,
    TakeBackCompletion,
    UnarchiveTask,
)
from tests.service.counting import counted_statements
from tests.service.notifier.office import (
    ADMINISTRATOR,
    ANN,
    BOB,
    CAT,
    DISABLED,
    GROUP,
    LATER,
    MANAGER,
    SETTER,
    SOON,
    STRANGER,
    Office,
)
from tests.service.people import OPERATOR, populate


def test_a_task_is_for_its_people_and_for_its_groups_members_each_once(office: Office) -> None:
    """Somebody who is meant twice has it once; others have it not (task-list-01)."""
    own = office.task("own")
    grp = office.task("grp", groups=[GROUP], deadline=LATER)
    both = office.task("both", people=[ANN], groups=[GROUP], deadline=LATER + timedelta(days=1))
    office.task("other", people=[])
    shelved = office.task("arch")
    office.call(ArchiveTask(task=shelved.id), SETTER)
    assert [task.name for task in office.mine(ANN).tasks] == ["own", "grp", "both"]
    assert [task.name for task in office.call(ReadArchivedTasks(), ANN).tasks] == ["arch"]
    assert [task.name for task in office.mine(BOB).tasks] == ["grp", "both"]
    assert office.mine(STRANGER).tasks == []
    assert (own.targets, grp.targets, both.targets) == (1, 3, 3)
    assert office.names(ANN) == ["task_assigned"] * 4 + ["task_withdrawn"]


def test_who_comes_into_a_group_gets_its_tasks_and_who_leaves_loses_them(office: Office) -> None:
    """Membership is not frozen; who is meant by name too keeps the task."""
    task = office.task(groups=[GROUP], people=[BOB])
    office.campus.call(ChangeMembers(group=GROUP, add=[CAT], remove=[ANN, BOB]), **OPERATOR)
    office.campus.settle()
    assert [one.person for one in office.call(ReadTask(task=task.id), SETTER).targets] == [BOB, CAT, DISABLED]
    assert office.names(ANN) == ["task_assigned", "task_withdrawn"]
    assert office.names(BOB) == ["task_assigned"]
    assert office.names(CAT) == ["task_assigned"]
    office.campus.call(RemoveGroup(id=GROUP), **OPERATOR)
    office.campus.settle()
    assert [one.person for one in office.call(ReadTask(task=task.id), SETTER).targets] == [BOB]
    assert office.names(CAT) == ["task_assigned", "task_withdrawn"]
    assert office.call(ReadTask(task=task.id), SETTER).task.groups == []


def test_a_fresh_copy_of_the_directory_brings_assignments_up_to_date(office: Office) -> None:
    """What changed while the notifier heard nothing is found by comparing."""
    office.task(groups=[GROUP])
    office.campus.call(ChangeMembers(group=GROUP, add=[CAT], remove=[ANN]), **OPERATOR)
    office.campus.resync("notifier", "directory", "campus")
    assert [task.name for task in office.mine(CAT).tasks] == ["Mark exams"]
    assert office.mine(ANN).tasks == []
    assert office.names(ANN) == ["task_assigned", "task_withdrawn"]


def test_a_completion_comes_back_with_the_membership(office: Office) -> None:
    """Who leaves a group and returns has not undone what they did."""
    task = office.task(groups=[GROUP])
    office.complete(task, ANN)
    for change in (ChangeMembers(group=GROUP, remove=[ANN]), ChangeMembers(group=GROUP, add=[ANN])):
        office.campus.call(change, **OPERATOR)
        office.campus.settle()
    assert office.mine(ANN).tasks[0].completion is not None
    assert office.events(ANN)[-1].data["task"]["completion"]["by"] == ANN


def test_a_disabled_person_finds_the_task_again_when_they_are_back(office: Office) -> None:
    """Tasks of a group are also for those who cannot sign in at the moment."""
    office.task(groups=[GROUP])
    office.campus.call(EnablePerson(id=DISABLED), **OPERATOR)
    office.campus.settle()
    assert [task.name for task in office.mine(DISABLED).tasks] == ["Mark exams"]


def test_completing_says_by_whom_when_and_with_what_words(office: Office) -> None:
    """Once, and it can be taken back."""
    task = office.task()
    done = office.call(CompleteTask(task=task.id, comment="All 40 scripts."), ANN)
    assert (done.by, done.at, done.comment) == (ANN, office.campus.frozen.at, "All 40 scripts.")
    with pytest.raises(AlreadyCompleted):
        office.complete(task, ANN)
    assert office.call(ReadTask(task=task.id), SETTER).task.completed == 1
    assert office.call(TakeBackCompletion(task=task.id), ANN).completion is None
    with pytest.raises(NotCompleted):
        office.call(TakeBackCompletion(task=task.id), ANN)
    assert office.names(ANN) == ["task_assigned", "task_completed", "completion_taken_back"]


def test_owner_managers_and_administrators_check_off_others(office: Office) -> None:
    """And nobody who is not meant, nor may a target check off another."""
    task = office.task(groups=[GROUP], managers=[MANAGER])
    office.call(CompleteTask(task=task.id, person=ANN), SETTER)
    office.call(TakeBackCompletion(task=task.id, person=ANN), MANAGER)
    office.call(CompleteTask(task=task.id, person=ANN), ADMINISTRATOR)
    assert office.mine(ANN).tasks[0].completion.by == ADMINISTRATOR  # type: ignore[union-attr]
    with pytest.raises(NotATarget):
        office.call(CompleteTask(task=task.id, person=CAT), SETTER)
    with pytest.raises(NotATarget):
        office.complete(task, SETTER)
    with pytest.raises(NotAllowed):
        office.call(CompleteTask(task=task.id, person=ANN), BOB)
    with pytest.raises(NotFound):
        office.call(CompleteTask(task=task.id, person=ANN), STRANGER)


def test_a_change_needs_the_version_that_was_seen(office: Office) -> None:
    """Who is late gets the task as it is now."""
    task = office.task(description="First", managers=[MANAGER])
    changed = office.call(ChangeTask(task=task.id, seen=1, name="Mark all exams", people=[BOB], deadline=LATER), MANAGER)
    assert (changed.name, changed.description, changed.people, changed.version) == ("Mark all exams", "First", [BOB], 2)
    with pytest.raises(Conflict) as refused:
        office.call(ChangeTask(task=task.id, seen=1, name="Mark"), SETTER)
    assert refused.value.details["state"]["name"] == "Mark all exams"
    assert refused.value.details["version"] == 2
    assert office.names(ANN) == ["task_assigned", "task_withdrawn"]
    assert office.names(BOB) == ["task_assigned"]


def test_a_manager_may_not_hand_the_task_over(office: Office) -> None:
    """Only the owner and administrators say whose it is."""
    task = office.task(managers=[MANAGER])
    for change in ({"owner": MANAGER}, {"managers": [MANAGER, BOB]}):
        with pytest.raises(NotAllowed):
            office.call(ChangeTask(task=task.id, seen=1, **change), MANAGER)  # type: ignore[arg-type]
    assert office.call(ChangeTask(task=task.id, seen=1, owner=MANAGER), SETTER).owner == MANAGER
    with pytest.raises(NotFound):
        office.call(ReadTask(task=task.id), SETTER)


def test_putting_away_twice_is_as_once_and_all_comes_back(office: Office) -> None:
    """With its completions."""
    task = office.task(groups=[GROUP])
    office.complete(task, BOB)
    for _ in range(2):
        assert office.call(ArchiveTask(task=task.id), SETTER).archived
    with pytest.raises(Conflict):
        office.complete(task, ANN)
    assert office.mine(BOB).tasks == []
    for _ in range(2):
        assert not office.call(UnarchiveTask(task=task.id), SETTER).archived
    assert office.mine(BOB).tasks[0].completion is not None
    assert office.names(ANN) == ["task_assigned", "task_withdrawn", "task_assigned"]


def test_who_comes_into_a_group_meanwhile_finds_the_task_when_it_comes_back(office: Office) -> None:
    """Nobody hears of changes to a task that is put away."""
    task = office.task(groups=[GROUP])
    office.call(ArchiveTask(task=task.id), SETTER)
    office.campus.call(ChangeMembers(group=GROUP, add=[CAT], remove=[ANN]), **OPERATOR)
    office.campus.settle()
    assert office.names(CAT) == []
    office.call(UnarchiveTask(task=task.id), SETTER)
    assert office.names(CAT) == ["task_assigned"]
    assert office.names(ANN) == ["task_assigned", "task_withdrawn"]


def test_a_deadline_is_a_moment_in_a_zone(office: Office) -> None:
    """Given with any offset it is told in UTC; urgent seven days before."""
    deadline = datetime(2026, 12, 24, 12, 0, 0, 999, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    task = office.call(AddTask(name="Bell", deadline=deadline, timezone="Asia/Kolkata", people=[ANN]), SETTER)
    assert task.deadline == datetime(2026, 12, 24, 6, 30, tzinfo=UTC)
    assert task.urgent_from == datetime(2026, 12, 17, 6, 30, tzinfo=UTC)
    assert task.timezone == "Asia/Kolkata"
    assert office.task().timezone == "Europe/London"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"people": [ANN, "nobody"]}, "people[1]"),
        ({"groups": ["no-group"]}, "groups[0]"),
        ({"managers": ["nobody"]}, "managers[0]"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"deadline": datetime.max.replace(tzinfo=UTC)}, "deadline"),
    ],
)
def test_what_does_not_exist_is_refused_with_its_path(office: Office, fields: dict[str, object], path: str) -> None:
    """And nothing is written."""
    with pytest.raises(Invalid) as refused:
        office.call(AddTask(**{"name": "Task", "deadline": SOON, **fields}), SETTER)  # type: ignore[arg-type]
    assert refused.value.details["path"] == path
    assert office.call(ListTasks(), ADMINISTRATOR).tasks == []


def test_tasks_are_listed_by_deadline_a_page_at_a_time_in_few_questions(office: Office) -> None:
    """However many there are."""
    for number in range(30):
        office.task(f"task {number}", deadline=SOON + timedelta(hours=number % 7), groups=[GROUP])
    with counted_statements(office.campus, "notifier") as few:
        first = office.call(ListTasks(limit=2), SETTER)
    with counted_statements(office.campus, "notifier") as many:
        rest = office.call(ListTasks(limit=100, after=first.after), SETTER)
    assert len(many) == len(few) <= 8
    names = [task.name for task in (*first.tasks, *rest.tasks)]
    assert len(set(names)) == 30
    assert rest.after is None
    deadlines = [task.deadline for task in (*first.tasks, *rest.tasks)]
    assert deadlines == sorted(deadlines)
    with counted_statements(office.campus, "notifier") as statements:
        assert len(office.mine(ANN).tasks) == 30
    assert len(statements) <= 6


def test_a_task_for_a_big_group_is_set_in_few_questions_besides_one_event_each(office: Office) -> None:
    """What grows is only the counter of each person's stream."""
    populate(office.campus, [f"person-{number}" for number in range(60)], {"big": [f"person-{number}" for number in range(60)]})
    with counted_statements(office.campus, "notifier") as statements:
        office.task(groups=["big"])
    assert len([statement for statement in statements if "INSERT INTO stream " not in statement]) <= 25
