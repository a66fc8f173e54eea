"""Disabling a person ends the sessions; losing the right to a scope ends what is followed of it."""

import queue
from collections.abc import Callable

import pytest

from chalkbell.router.configuration import END_SESSIONS, END_SUBSCRIPTIONS, SUBSCRIBERS
from tests.routing import Router, StandIns, in_reactor

Name = Callable[[str], str]


@pytest.mark.parametrize("rawsocket", [False, True])
def test_a_disabled_persons_sessions_end_at_once_with_the_reason(stand_ins: StandIns, fresh: Name, rawsocket: bool) -> None:
    ada, bea = fresh("ada"), fresh("bea")
    first, second = (stand_ins.join(ada, "person", rawsocket=rawsocket) for _ in range(2))
    other = stand_ins.join(bea, "person")
    ended = stand_ins.services["directory"].call(END_SESSIONS, person=ada, reason="chalkbell.close.disabled")
    assert ended == 2
    assert {first.wait_ended(), second.wait_ended()} == {"chalkbell.close.disabled"}
    assert other.call("chalkbell.workflow.v1.meta.describe")[0] == bea


def test_a_client_that_ignores_its_goodbye_is_cut_off(stand_ins: StandIns, router: Router, fresh: Name) -> None:
    ada, scope = fresh("ada"), fresh("scope")
    stand_ins.readers.add((scope, ada))
    session = stand_ins.join(ada, "person")
    listener = session.subscribe(f"chalkbell.workflow.v1.{scope}.", "prefix")
    session.inner.onMessage = lambda message: None  # it hears its goodbye and stays
    stand_ins.services["directory"].call(END_SESSIONS, person=ada)
    assert session.inner.gone.wait(10)
    stand_ins.services["workflow"].publish(f"chalkbell.workflow.v1.{scope}.signed_off", {})
    assert listener.silent


def test_a_client_that_reads_nothing_is_cut_off(stand_ins: StandIns, fresh: Name) -> None:
    ada, scope = fresh("ada"), fresh("scope")
    stand_ins.readers.add((scope, ada))
    session = stand_ins.join(ada, "person")
    session.subscribe(f"chalkbell.workflow.v1.{scope}.", "prefix")
    left = stand_ins.services["classroom"].subscribe("wamp.session.on_leave")
    in_reactor(session.inner._transport.transport.pauseProducing)
    for _ in range(200):
        stand_ins.services["workflow"].publish(f"chalkbell.workflow.v1.{scope}.signed_off", "x" * 100_000)
    stand_ins.services["directory"].call(END_SESSIONS, person=ada)
    assert session.id in iter(left.next, None)
    in_reactor(session.inner._transport.transport.resumeProducing)


def test_the_directory_cannot_end_a_service_or_the_operator(stand_ins: StandIns, router: Router) -> None:
    operator = router.key("operator")
    for name in ("service.workflow", "operator", "nobody"):
        assert stand_ins.services["directory"].call(END_SESSIONS, person=name) == 0
    assert operator.call("chalkbell.workflow.v1.meta.describe")[0] == "operator"


def test_a_lost_right_ends_what_is_followed_of_that_scope_and_says_so(stand_ins: StandIns, fresh: Name) -> None:
    ada, bea, lost, kept = fresh("ada"), fresh("bea"), fresh("scope"), fresh("scope")
    stand_ins.readers |= {(lost, ada), (kept, ada), (lost, bea)}
    workflow, person, other = stand_ins.services["workflow"], stand_ins.join(ada, "person"), stand_ins.join(bea, "person")
    of_scope = person.subscribe(f"chalkbell.workflow.v1.{lost}.", "prefix")
    of_topic = person.subscribe(f"chalkbell.workflow.v1.{lost}.signed_off")
    of_kept = person.subscribe(f"chalkbell.workflow.v1.{kept}.", "prefix")
    of_other = other.subscribe(f"chalkbell.workflow.v1.{lost}.", "prefix")

    assert workflow.call(END_SUBSCRIPTIONS, scope=lost, person=ada) == 2
    for listener in (of_scope, of_topic):
        told = listener.next()
        assert (told["name"], told["service"], told["scope"], told["seq"]) == ("reading_ended", "workflow", lost, 0)
    for scope in (lost, kept):
        workflow.publish(f"chalkbell.workflow.v1.{scope}.signed_off", scope)
    assert (of_kept.next(), of_other.next()) == (kept, lost)
    assert of_scope.silent
    assert of_topic.silent
    assert person.call("chalkbell.workflow.v1.meta.describe")[0] == ada


def test_a_service_ends_no_subscriptions_to_anothers_scope(stand_ins: StandIns, fresh: Name) -> None:
    ada, scope = fresh("ada"), fresh("scope")
    stand_ins.readers.add((scope, ada))
    listener = stand_ins.join(ada, "person").subscribe(f"chalkbell.workflow.v1.{scope}.", "prefix")
    assert stand_ins.services["workload"].call(END_SUBSCRIPTIONS, scope=scope, person=ada) == 0
    assert stand_ins.services["workflow"].call(END_SUBSCRIPTIONS, scope=scope[:-1], person=ada) == 0
    stand_ins.services["workflow"].publish(f"chalkbell.workflow.v1.{scope}.signed_off", "heard")
    assert listener.next() == "heard"


def test_a_right_that_ends_while_it_is_asked_about_is_asked_about_again(stand_ins: StandIns, fresh: Name) -> None:
    """The yes was on its way when the right ended: without a second question the subscription would stay for ever."""
    ada, scope = fresh("ada"), fresh("scope")
    session, workflow = stand_ins.join(ada, "person"), stand_ins.services["workflow"]
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
    for answer in (True, False):
        answers.put(answer)

    def overtaken(scope: str, person: str) -> bool:
        """Says yes once, after the end was called; then no."""
        answer = answers.get_nowait()
        if answer:
            ended = workflow.inner.call(END_SUBSCRIPTIONS, scope=scope, person=person)
            return ended.addCallback(lambda _: answer)
        return answer

    stand_ins.decide = overtaken
    try:
        with pytest.raises(Exception, match="not authorized"):
            session.subscribe(f"chalkbell.workflow.v1.{scope}.", "prefix")
    finally:
        del stand_ins.decide
    assert answers.empty()


def test_a_right_that_changes_while_it_is_asked_about_is_asked_about_again(stand_ins: StandIns, fresh: Name) -> None:
    """Whoever is not subscribed yet is not among those whom a service looks at again after a change."""
    ada, scope = fresh("ada"), fresh("scope")
    session, workflow = stand_ins.join(ada, "person"), stand_ins.services["workflow"]
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
    for answer in (True, False):
        answers.put(answer)

    def overtaken(scope: str, person: str) -> bool:
        """Says yes once, after the service looked who follows; then no."""
        answer = answers.get_nowait()
        if answer:
            looked = workflow.inner.call(SUBSCRIBERS, scope=scope)
            return looked.addCallback(lambda found: bool(answer and found["subscribers"] == []))
        return answer

    stand_ins.decide = overtaken
    try:
        with pytest.raises(Exception, match="not authorized"):
            session.subscribe(f"chalkbell.workflow.v1.{scope}.", "prefix")
    finally:
        del stand_ins.decide
    assert answers.empty()
