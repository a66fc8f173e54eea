"""What happens when memberships change and tasks are set at one moment: nobody is forgotten."""

import threading
from collections.abc import Callable
from typing import Any

import msgspec

from chalkbell.contracts import Envelope
from chalkbell.contracts.directory import ChangeMembers, MembersChanged
from chalkbell.contracts.notifier import AddTask, ListTasks
from chalkbell.database import Database
from chalkbell.dispatch import Dispatcher
from chalkbell.handlers import Caller
from chalkbell.stream import listening
from services.notifier.__main__ import definition as notifier
from tests.service.notifier.office import ADMINISTRATOR, ANN, BOB, CAT, GROUP, SETTER, SOON, Office
from tests.service.people import OPERATOR


def another(office: Office) -> Dispatcher:
    """One more notifier process on the same database."""
    url = office.campus.members["notifier"].dispatcher.database.url.render_as_string(hide_password=False)
    return Dispatcher(notifier, Database(url, "notifier"), office.campus.clock, office.settings)


def run_together(*work: Callable[[], Any]) -> None:
    """Run all of it at one moment; fail with what failed."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(work))

    def guarded(one: Callable[[], Any]) -> None:
        start.wait()
        try:
            one()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_who_comes_into_a_group_while_tasks_are_set_for_it_gets_them_all(office: Office) -> None:
    """Twenty tasks from two processes while cat comes and ann goes, in a third."""
    first, second, hearing = another(office), another(office), another(office)
    office.campus.call(ChangeMembers(group=GROUP, add=[CAT], remove=[ANN]), **OPERATOR)
    changed = office.campus.events("directory", "campus")[-1:]

    def set_tasks(dispatcher: Dispatcher) -> None:
        for _ in range(10):
            fields = {"name": "At once", "deadline": SOON.isoformat(), "groups": [GROUP]}
            dispatcher.answer("chalkbell.notifier.v1.task.add", fields, Caller(SETTER))

    run_together(
        lambda: set_tasks(first),
        lambda: set_tasks(second),
        lambda: listening.hear(hearing, changed),
    )
    for dispatcher in (first, second, hearing):
        dispatcher.database.dispose()
    assert len(office.call(ListTasks(), SETTER).tasks) == 20
    assert {task.targets for task in office.call(ListTasks(), SETTER).tasks} == {3}
    assert [len(office.mine(who).tasks) for who in (ANN, BOB, CAT)] == [0, 20, 20]


def test_memberships_that_change_in_many_steps_end_where_the_directory_is(office: Office) -> None:
    """Heard in one go, with a task set between."""
    task = office.call(AddTask(name="For the group", deadline=SOON, groups=[GROUP]), ADMINISTRATOR)
    for change in ({"add": [CAT]}, {"remove": [CAT, BOB]}, {"add": [BOB]}, {"remove": [ANN]}):
        office.campus.call(ChangeMembers(group=GROUP, **change), **OPERATOR)
    office.campus.settle()
    assert [len(office.mine(who).tasks) for who in (ANN, BOB, CAT)] == [0, 1, 0]
    assert office.names(CAT) == ["task_assigned", "task_withdrawn"]
    assert office.mine(BOB).tasks[0].id == task.id


def test_an_event_that_tells_what_is_known_changes_nothing(office: Office) -> None:
    """Members who were there, people who were not."""
    office.task(groups=[GROUP])
    event = MembersChanged(group=GROUP, added=[ANN], removed=[CAT])
    dispatcher = office.campus.members["notifier"].dispatcher
    cursor = listening.cursors(dispatcher, "directory")["campus"]
    envelope = Envelope(
        service="directory", scope="campus", name="members_changed", epoch=cursor.epoch, seq=cursor.seq + 1,
        at=office.campus.frozen.at, by="operator", data=msgspec.to_builtins(event),
    )  # fmt: skip
    listening.hear(dispatcher, [envelope])
    assert office.names(ANN) == ["task_assigned"]
    assert office.names(CAT) == []
