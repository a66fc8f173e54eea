"""What the router's worker decides by itself: which answers it believes, in which order it writes, how a frame looks."""

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.inside import router_module

answers = router_module("courtyard/answers.py")
slices = router_module("fastlanes/slices.py")
frames = router_module("fastlanes/frames.py")
tested = router_module("fastlanes/tested.py")


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def asked(person: str = "ada", scope: str = "cs-2026", service: str = "workflow", role: str = "person") -> object:
    return answers.Asked(service, scope, person, role)


def test_a_yes_is_believed_for_its_life_and_by_person_and_role() -> None:
    clock = Clock()
    kept = answers.Answers(clock, life=5.0)
    kept.remember(asked())
    assert kept.believed(asked())
    assert not kept.believed(asked("ben"))
    assert not kept.believed(asked(role="administrator"))
    clock.time += 5.0
    assert not kept.believed(asked())
    assert len(kept) == 0


def test_no_more_answers_are_kept_than_there_may_be_and_the_oldest_goes() -> None:
    kept = answers.Answers(Clock(), most=2)
    for person in ("ada", "ben", "cleo"):
        kept.remember(asked(person))
    assert [kept.believed(asked(person)) for person in ("ada", "ben", "cleo")] == [False, True, True]


@pytest.mark.parametrize(
    ("forgotten", "left"),
    [
        ({"person": "ada"}, ["ben cs", "ben ma"]),
        ({"service": "workflow", "scope": "cs"}, ["ada ma", "ben ma"]),
        ({"service": "workflow", "scope": "cs", "person": "ada"}, ["ada ma", "ben cs", "ben ma"]),
        ({"service": "workflow"}, []),
        ({"service": "workload"}, ["ada cs", "ada ma", "ben cs", "ben ma"]),
    ],
)
def test_what_was_said_is_forgotten_by_service_scope_and_person(forgotten: dict[str, str], left: list[str]) -> None:
    kept = answers.Answers(Clock())
    everything = [(person, scope) for person in ("ada", "ben") for scope in ("cs", "ma")]
    for person, scope in everything:
        kept.remember(asked(person, scope))
    kept.forget(**forgotten)
    assert [f"{person} {scope}" for person, scope in everything if kept.believed(asked(person, scope))] == left


@given(some.lists(some.integers(0, 30)), some.integers(1, 5))
def test_what_waits_is_flushed_once_each_in_order_a_slice_a_turn(things: list[int], size: int) -> None:
    turns: list[Callable[[], None]] = []
    flushed: list[int] = []
    waiting = slices.Slices(turns.append, flushed.append, size)
    for thing in things:
        waiting.add(thing)
    while turns:
        assert len(turns) == 1
        before = len(flushed)
        turns.pop()()
        assert len(flushed) - before <= size
    assert flushed == things


def test_what_is_added_while_others_are_flushed_waits_for_the_next_turn() -> None:
    turns: list[Callable[[], None]] = []
    flushed: list[int] = []

    def flush(number: int) -> None:
        flushed.append(number)
        if number < 3:
            waiting.add(number + 1)

    waiting = slices.Slices(turns.append, flush, 1)
    waiting.add(0)
    seen: list[int] = []
    while turns:
        assert len(turns) == 1
        turns.pop()()
        seen.append(len(flushed))
    assert (flushed, seen) == ([0, 1, 2, 3], [1, 2, 3, 4])


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_is_as_the_standards_have_it(length: int) -> None:
    payload = b"x" * length
    head = {1: b"", 2: struct.pack("!H", length) if length <= 65_535 else b"", 8: struct.pack("!Q", length)}
    kind, more = (length, head[1]) if length <= 125 else (126, head[2]) if length <= 65_535 else (127, head[8])
    assert frames.websocket_frame(payload, binary=False) == bytes([0x81, kind]) + more + payload
    assert frames.websocket_frame(payload, binary=True) == bytes([0x82, kind]) + more + payload
    assert frames.rawsocket_frame(payload) == struct.pack("!I", length) + payload


def test_versions_that_were_not_tested_are_named() -> None:
    there = {**tested.TESTED, "twisted": "26.10.1"}
    assert tested.differences(installed=tested.TESTED.__getitem__) == []
    assert tested.differences(installed=there.__getitem__) == [f"twisted is 26.10.1, tested with {tested.TESTED['twisted']}"]
