"""Two people at the same moment, in two processes' stead: two services on one database, two threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from chalkbell.contracts import Conflict, Refusal, procedure_of
from chalkbell.contracts.workflow import AddDefinition, SignOff
from chalkbell.database import Database
from chalkbell.dispatch import Dispatcher
from chalkbell.handlers import Caller
from services.workflow.__main__ import definition
from tests.service.workflow import fold
from tests.service.workflow.scenario import ACCEPTED, ADMINISTRATOR, CHANGES, INITIAL, MODERATOR, PACKAGE, Scenario

SIGN_OFF = procedure_of(SignOff).uri


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do these things in a thread each, begun together. Answers what each answered or was refused."""
    answers: list[Any] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(place: int) -> None:
        ready.wait(10)
        try:
            answers[place] = acts[place]()
        except Refusal as refused:
            answers[place] = refused

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def processes(scenario: Scenario, count: int) -> list[Dispatcher]:
    """As many workflow processes on the scenario's database."""
    first = scenario.campus.members["workflow"].dispatcher
    url = first.database.url.render_as_string(hide_password=False)
    return [Dispatcher(definition, Database(url, first.database.schema, threads=2), scenario.campus.clock) for _ in range(count)]


def test_of_two_who_sign_at_once_one_wins(scenario: Scenario) -> None:
    """The other gets `conflict` with the present state; the ledger has one entry more, and one event is recorded."""
    both = processes(scenario, 2)
    exams = [scenario.add_one() for _ in range(4)]
    for exam in exams:
        scenario.bring_to(INITIAL, assessment=exam)
    before = len(scenario.campus.events("workflow", PACKAGE))
    for exam in exams:
        own = {"assessment": exam, "state": ACCEPTED, "seen": 1}
        other = {"assessment": exam, "state": CHANGES, "seen": 1, "on_behalf_of": MODERATOR, "reason": "Away"}
        answers = at_once(
            lambda own=own: both[0].answer(SIGN_OFF, own, Caller(MODERATOR))[0],
            lambda other=other: both[1].answer(SIGN_OFF, other, Caller(ADMINISTRATOR, "administrator"))[0],
        )
        (refused,) = [answer for answer in answers if isinstance(answer, Refusal)]
        (won,) = [answer for answer in answers if not isinstance(answer, Refusal)]
        assert type(refused) is Conflict
        assert refused.details == {"state": won["state"], "state_title": won["state_title"], "version": 2}
        assert [entry.state for entry in scenario.read(assessment=exam).history] == [won["state"], INITIAL]
    assert [one.name for one in scenario.campus.events("workflow", PACKAGE)[before:]] == ["signed_off"] * len(exams)
    for one in both:
        one.database.dispose()


def test_the_same_definition_added_at_once_gets_one_number_each(scenario: Scenario) -> None:
    """Two texts: two versions, or one of them is refused with `conflict`; never one lost in silence."""
    both = processes(scenario, 2)
    text = "name: short\ntitle: Title\nstates:\n  - {name: a, title: A, start: true, actors: [team]}\n"
    texts = [text, text.replace("Title", "Another title")]
    ask = procedure_of(AddDefinition).uri
    answers = at_once(
        *(
            lambda one=one, text=text: one.answer(ask, {"text": text}, Caller(ADMINISTRATOR, "administrator"))[0]
            for one, text in zip(both, texts, strict=True)
        )
    )
    kept = {answer["title"]: answer["version"] for answer in answers if not isinstance(answer, Refusal)}
    assert all(isinstance(answer, Conflict) for answer in answers if isinstance(answer, Refusal))
    assert sorted(kept.values()) == list(range(1, len(kept) + 1))
    for one in both:
        one.database.dispose()


def test_a_module_that_changes_while_it_is_signed_leaves_the_stream_true(scenario: Scenario) -> None:
    """Whichever comes first: the last event about the assessment is the assessment."""
    (other,) = processes(scenario, 1)
    before = scenario.list("operator")
    at_once(
        lambda: other.answer(SIGN_OFF, {"assessment": scenario.exam, "state": INITIAL, "seen": 0}, Caller("cora-coord")),
        lambda: scenario.change_module(moderators=["bo-bystander"]),
    )
    folded = fold.package(before, scenario.campus.events("workflow", PACKAGE, before.position.seq))
    after = scenario.list("operator")
    assert folded.assessments == after.assessments
    other.database.dispose()
