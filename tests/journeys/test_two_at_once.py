"""Two processes of a service on one database, and two people at one moment: one is first, nothing happens twice."""

from __future__ import annotations

import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalkbell.contracts import Conflict, Refusal
from chalkbell.contracts.notifier import ListDeliveries, Remind
from chalkbell.contracts.workflow import Assessment, ReadAssessment, SignOff
from tests.faults.mailbox import Mailbox
from tests.journeys.school import CHANGES, INITIAL, RESUBMITTED, School
from tests.running import Process, Program, Running, until

pytestmark = [pytest.mark.router, pytest.mark.timeout(180)]
ROUNDS = 20
GROUPS = (("directory", "workload", "classroom", "workflow", "notifier"), ("workflow", "notifier"))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def school(request: pytest.FixtureRequest, mailbox: Mailbox) -> Iterator[School]:
    """A school on a campus with two processes of workflow and two of notifier, on each kind of database."""
    url = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        url = server.url(server.create_database())
    with Running(url, **mailbox.settings) as campus:
        campus.start(*GROUPS)
        yield School(campus, f"fig-{request.param}").open()
        for process in campus.processes:
            assert "incident" not in process.log.read_text(), "something went wrong inside a service"


def at_once(asks: list[Callable[[], Any]]) -> list[Any]:
    """What each was answered, or refused with, when all were asked at one moment."""
    outcomes: list[Any] = [None] * len(asks)
    together = threading.Barrier(len(asks))

    def go(place: int, ask: Callable[[], Any]) -> None:
        together.wait(10)
        try:
            outcomes[place] = ask()
        except Refusal as refused:
            outcomes[place] = refused

    threads = [threading.Thread(target=go, args=one, daemon=True) for one in enumerate(asks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "somebody still waits for an answer"
    return outcomes


def calls_of(process: Process, procedure: str) -> float:
    """How many calls of a procedure a process has answered or refused."""
    with urllib.request.urlopen(f"http://127.0.0.1:{process.metrics}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(
        float(line.rpartition(" ")[2]) for line in lines if line.startswith("chalkbell_calls_total{outcome=") and procedure in line
    )


def sign(program: Program, assessment: Assessment, state: str, seen: int) -> Callable[[], Any]:
    """That somebody signs off."""
    return lambda: program.ask(SignOff(assessment=assessment.id, state=state, seen=seen))


def test_of_two_who_sign_at_once_one_is_first(school: School) -> None:
    """The other is told so, with the state that it is in now; twenty times, and both processes took part."""
    exam = school.exam
    coordinator, *moderators = (school.program(who) for who in (school.coordinator, school.moderator, school.second_moderator))
    followed = coordinator.follow("workflow", school.package)
    version = coordinator.ask(SignOff(assessment=exam.id, state=INITIAL, seen=exam.version)).version
    winners: Counter[int] = Counter()
    for _ in range(ROUNDS):
        outcomes = at_once([sign(moderator, exam, CHANGES, version) for moderator in moderators])
        first, second = sorted(outcomes, key=lambda outcome: isinstance(outcome, Refusal))
        assert (first.state, first.version) == (CHANGES, version + 1)
        assert isinstance(second, Conflict), repr(second)
        assert (second.details["state"], second.details["version"]) == (CHANGES, first.version)
        assert second.details["state_title"]
        winners[outcomes.index(first)] += 1
        version = coordinator.ask(SignOff(assessment=exam.id, state=RESUBMITTED, seen=first.version)).version

    history = coordinator.ask(ReadAssessment(assessment=exam.id)).history
    assert [entry.number for entry in reversed(history)] == list(range(1, 2 * ROUNDS + 2))
    events = followed.wait(lambda events: sum(event.name == "signed_off" for event in events) == len(history))
    signed = [event.data["sign_off"] for event in events if event.name == "signed_off"]
    assert signed == [entry.sign_off for entry in reversed(history)]
    assert [event.seq for event in events] == list(range(events[0].seq, events[-1].seq + 1))
    for process in school.campus.processes:
        assert calls_of(process, "chalkbell.workflow.v1.sign_off") >= ROUNDS / 2, winners


def test_the_same_request_twice_at_once_is_one(school: School) -> None:
    """Asked of both processes at one moment with one request id, as by somebody who presses twice: both get the one answer."""
    manager, exam = school.program(school.manager), school.other_exam
    ask = SignOff(assessment=exam.id, state=INITIAL, seen=exam.version, request_id="pressed")
    for answer in at_once([lambda: manager.ask(ask)] * 4):
        assert (answer.number, answer.version) == (1, exam.version + 1)


def test_two_notifiers_tell_everybody_once(school: School, mailbox: Mailbox) -> None:
    """Every notice of the sign-offs, and a reminder that both processes were asked for at once, goes out once."""
    campus = school.campus
    first, second = at_once([lambda: campus.ask(Remind(request_id="bell"))] * 2)
    assert first == second
    assert first.people == [school.colleague]
    # further reminders on one day find nobody, whichever process is asked
    assert [outcome.people for outcome in at_once([lambda: campus.ask(Remind())] * 4)] == [[]] * 4
    reminded = school.program(school.colleague).follow("notifier", school.colleague)
    reminded.wait(lambda events: any(event.name == "reminded" for event in events))

    def all_sent() -> bool:
        counts = campus.ask(ListDeliveries()).counts
        return counts.get("sent", 0) == sum(counts.values())

    until(all_sent, "all messages are sent")
    ours = [message["Message-ID"] for recipient, message in mailbox.messages if recipient.endswith(f"{school.name}@example.edu")]
    assert len(ours) == sum(campus.ask(ListDeliveries()).counts.values())
    assert set(Counter(ours).values()) == {1}
    assert sum(event.name == "reminded" for event in reminded.events) == 1
    assert sum(recipient == f"{school.colleague}@example.edu" for recipient, _ in mailbox.messages) == 1
