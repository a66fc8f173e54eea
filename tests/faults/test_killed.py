"""Services and the router killed while people sign off: nothing acknowledged is lost, doubled or out of order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.conftest import SERVICES
from tests.faults.mailbox import Mailbox
from tests.faults.school import LECTURERS, PACKAGE, Client, all_there, check, finish, in_threads, open_school
from tests.running import Followed, Program, Running, until

pytestmark = [pytest.mark.router, pytest.mark.timeout(240)]


def clients_of(campus: Running) -> tuple[list[Client], list[Followed]]:
    """Four people with an assessment each, and followers: a person's and another service's."""
    assessments = open_school(campus)
    clients = [Client(campus.person(person), assessment) for person, assessment in zip(LECTURERS, assessments, strict=True)]
    watchers: list[Program] = [campus.person("ada-stone"), campus.person("dan-hill"), campus.key("notifier")]
    return clients, [watcher.follow("workflow", PACKAGE) for watcher in watchers]


def settle(clients: list[Client], followers: list[Followed], mailbox: Mailbox) -> None:
    """Everything acknowledged has come everywhere, once and in order, and every mail is there, once."""
    acknowledged = [sign_off for client in clients for sign_off in client.acknowledged]
    for follower in followers:
        check(follower.wait(all_there(len(acknowledged)), 60), acknowledged)
    # coordinator and moderator are one person here: one message for each sign-off
    mailbox.wait(len(acknowledged))
    assert len(mailbox.ids) == len(acknowledged)


def test_killed_between_commit_and_publish(new_campus: Callable[[], Running], mailbox: Mailbox) -> None:
    """The service dies after the commit and before anybody is told: the next process tells, and the caller gets the first answer."""
    campus = new_campus()
    campus.start(("directory", "workload", "notifier"))
    campus.environment["CHALKBELL_TEST_DIES_AT"] = "7"
    dying = campus.add(["workflow"], ("-m", "tests.faults.dying"))
    dying.wait_ready()
    clients, followers = clients_of(campus)
    threads = in_threads(clients, 5)
    dying.child.wait(60)
    del campus.environment["CHALKBELL_TEST_DIES_AT"]
    campus.again(dying)
    finish(threads)
    settle(clients, followers, mailbox)
    assert set(mailbox.ids.values()) == {1}


def test_services_killed_again_and_again(new_campus: Callable[[], Running], mailbox: Mailbox) -> None:
    """A kill -9 on workflow and on notifier in the middle of it, three times each."""
    campus = new_campus()
    campus.start(("directory", "workload"), ("workflow",), ("notifier",))
    clients, followers = clients_of(campus)
    threads = in_threads(clients, 25)
    for turn in range(1, 4):
        enough = 20 * turn
        until(lambda enough=enough: sum(len(c.acknowledged) for c in clients) >= enough, f"{enough} sign-offs")  # type: ignore[misc]
        for process in campus.processes[-2:]:
            process.kill()
        for process in campus.processes[-2:]:
            campus.again(process)
    finish(threads)
    settle(clients, followers, mailbox)


def test_the_router_killed_during_200_sign_offs(new_campus: Callable[[], Running], mailbox: Mailbox) -> None:
    """Everybody is cut off twice, and joins and goes on by themselves."""
    campus = new_campus()
    campus.start(SERVICES)
    clients, followers = clients_of(campus)
    threads = in_threads(clients, 50)
    for enough in (60, 130):
        until(lambda enough=enough: sum(len(c.acknowledged) for c in clients) >= enough, f"{enough} sign-offs")  # type: ignore[misc]
        campus.router.restart()
    finish(threads)
    settle(clients, followers, mailbox)
    assert set(mailbox.ids.values()) == {1}


@pytest.mark.postgresql
def test_postgresql_stopped_and_started(campus_on_durable: Running, durable_postgresql, mailbox: Mailbox) -> None:  # type: ignore[no-untyped-def]
    """While it is away people are told `unavailable`; when it is back everything goes on by itself."""
    campus = campus_on_durable
    campus.start(SERVICES)
    clients, followers = clients_of(campus)
    threads = in_threads(clients, 20)
    until(lambda: sum(len(c.acknowledged) for c in clients) >= 20, "20 sign-offs")
    durable_postgresql.stop()
    durable_postgresql.start()
    finish(threads)
    settle(clients, followers, mailbox)
    assert set(mailbox.ids.values()) == {1}


def test_a_follower_away_for_a_thousand_events(new_campus: Callable[[], Running], mailbox: Mailbox) -> None:
    """A follower without a connection for 1,000 events has them all, in order, soon after it is back."""
    campus = new_campus()
    campus.start(SERVICES)
    assessments = open_school(campus)
    clients = [Client(campus.person(person), assessment) for person, assessment in zip(LECTURERS, assessments, strict=True)]
    away = campus.person("ben-field")
    before = away.follow("workflow", PACKAGE)
    position = before.follower.position(PACKAGE)
    away.close()
    finish(in_threads(clients, 250))
    assert not [event for event in before.events if event.name == "signed_off"]
    back = campus.person("ben-field")
    after = back.follow("workflow", PACKAGE, position)
    acknowledged = [sign_off for client in clients for sign_off in client.acknowledged]
    check(after.wait(all_there(1000)), acknowledged)
