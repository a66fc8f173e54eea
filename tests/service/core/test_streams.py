"""Streams: recorded with the change, numbered without holes, replayed to those who may read."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from chalkbell.contracts import Conflict, NotFound, TooOld
from chalkbell.contracts.directory import AddPerson, ChangePerson
from chalkbell.contracts.shared import EventsHeads, EventsSince
from chalkbell.stream import retention
from tests.service.campus import ServiceCampus
from tests.service.people import OPERATOR, person, populate


def add(campus: ServiceCampus, id: str, request_id: str | None = None) -> None:
    one = person(id)
    campus.call(AddPerson(id=one.id, name=one.name, email=one.email, request_id=request_id), **OPERATOR)


def test_sequence_numbers_have_no_holes_when_many_record_at_once(campus: ServiceCampus) -> None:
    """Eight threads recording in one scope give 1, 2, 3 ... in the order of their commits."""
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                add(campus, f"p-{number}-{turn}")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    events = campus.events("directory", "campus")
    assert [event.seq for event in events] == list(range(1, 41))
    assert len({event.data["person"]["id"] for event in events}) == 40


def test_a_refused_call_leaves_no_event_and_no_hole(campus: ServiceCampus) -> None:
    """What is refused after recording has never happened."""
    add(campus, "ada-stone")
    with pytest.raises(Conflict):
        add(campus, "ada-stone")
    add(campus, "ben-field")
    assert [event.seq for event in campus.events("directory", "campus")] == [1, 2]


def test_the_same_request_id_is_answered_as_the_first_time(campus: ServiceCampus) -> None:
    """A repeated request changes nothing and records nothing; with other content it is a conflict."""
    one = person("ada-stone")
    ask = AddPerson(id=one.id, name=one.name, email=one.email, request_id="r-1")
    assert campus.call(ask, **OPERATOR) == campus.call(ask, **OPERATOR)
    assert len(campus.events("directory", "campus")) == 1
    with pytest.raises(Conflict):
        add(campus, "ben-field", "r-1")
    # another person may use the same id
    campus.call(AddPerson(id="ben-field", name="Ben", email="b@example.edu", request_id="r-1"), by="root", role="administrator")


def test_the_same_request_id_at_the_same_moment_changes_once(campus: ServiceCampus) -> None:
    """Two threads with one request id: both get the one answer."""
    populate(campus, ["ada-stone"])
    before = len(campus.events("directory", "campus"))
    answers: list[object] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        answers.append(campus.call(ChangePerson(id="ada-stone", name="Ada Hill", request_id="same", seen=1), **OPERATOR))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)
    assert len(campus.events("directory", "campus")) == before + 1


def test_replay_is_for_those_who_may_subscribe(campus: ServiceCampus) -> None:
    """Replay and heads tell a person without the right that there is nothing."""
    populate(campus, ["ada-stone"])
    with pytest.raises(NotFound):
        campus.call(EventsSince(scope="campus"), by="ada-stone", service="directory")
    heads = campus.call(EventsHeads(scopes=["campus"]), by="ada-stone", service="directory")
    assert heads.heads == {}
    with pytest.raises(NotFound):
        campus.call(EventsHeads(), by="ada-stone", service="directory")


def test_replay_comes_in_pieces_that_join(campus: ServiceCampus) -> None:
    """Asking again from the last number gives every event once."""
    for number in range(7):
        add(campus, f"p-{number}")
    got: list[int] = []
    epoch = campus.epoch("directory")
    while True:
        found = campus.call(
            EventsSince(scope="campus", epoch=epoch, seq=got[-1] if got else 0, limit=3), service="directory", **OPERATOR
        )
        got += [event.seq for event in found.events]
        if got[-1] == found.head:
            break
    assert got == list(range(1, 8))


@pytest.mark.parametrize(("epoch", "seq"), [("another", 1), ("", 0), (None, 2), ("this", 99)])
def test_another_history_is_too_old(campus: ServiceCampus, epoch: str | None, seq: int) -> None:
    """A position of another epoch, without one, or ahead of the stream has to take a fresh snapshot."""
    for number in range(3):
        add(campus, f"p-{number}")
    given = campus.epoch("directory") if epoch == "this" else epoch
    with pytest.raises(TooOld):
        campus.call(EventsSince(scope="campus", epoch=given, seq=seq), service="directory", **OPERATOR)


def test_events_are_let_go_after_their_time_but_not_before_they_are_published(campus: ServiceCampus) -> None:
    """Retention keeps what the router has not had, and says too_old for the rest."""
    for number in range(4):
        add(campus, f"p-{number}")
    campus.frozen.advance(timedelta(days=100))
    add(campus, "p-new")
    assert campus.within("directory", lambda store: retention.forget(store, timedelta(days=90)), write=True) == 0
    publish_all(campus)
    assert campus.within("directory", lambda store: retention.forget(store, timedelta(days=90)), write=True) == 4
    epoch = campus.epoch("directory")
    with pytest.raises(TooOld):
        campus.call(EventsSince(scope="campus", epoch=epoch, seq=3), service="directory", **OPERATOR)
    kept = campus.call(EventsSince(scope="campus", epoch=epoch, seq=4), service="directory", **OPERATOR)
    assert [event.seq for event in kept.events] == [5]


def publish_all(campus: ServiceCampus) -> None:
    from chalkbell.stream import tables

    campus.within(
        "directory", lambda store: store.execute(tables.stream.update().values(published=tables.stream.c.seq)), write=True
    )
