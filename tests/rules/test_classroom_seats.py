"""Who sits in which group."""

import time
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalkbell.contracts.classroom import GroupOfRoom, Move, MoveReason
from services.classroom.rules import seats
from services.classroom.rules.sizes import sizes


def people(count: int) -> list[str]:
    return [f"p{number}" for number in range(count)]


def group(number: int, *members: str) -> GroupOfRoom:
    return GroupOfRoom(id=f"group-{number}", members=list(members))


def members(seating: seats.Seating) -> list[list[str]]:
    return [list(found.members) for found in seating.groups]


@given(count=st.integers(0, 120), wished=st.integers(2, 10), seed=st.integers())
def test_everybody_is_drawn_once(count: int, wished: int, seed: int) -> None:
    """Each has one seat, in groups of the sizes that the rule gives."""
    seating = seats.draw(people(count), wished, Random(seed))
    seated = [person for found in seating.groups for person in found.members]
    assert sorted(seated) == (sorted(people(count)) if count > 1 else [])
    assert sorted(map(len, members(seating)), reverse=True) == sizes(count, wished)


def test_the_same_seed_draws_the_same_groups_and_another_others() -> None:
    """Whatever order the people come in."""
    first = seats.draw(people(30), 4, Random(7))
    assert seats.draw(reversed(people(30)), 4, Random(7)) == first
    assert seats.draw(people(30), 4, Random(8)) != first


@given(
    count=st.integers(2, 60),
    stay=st.sets(st.integers(0, 59)),
    more=st.integers(0, 20),
    wished=st.integers(2, 8),
    seed=st.integers(),
)
def test_kept_groups_stay_together_as_far_as_they_are_there(count: int, stay: set[int], more: int, wished: int, seed: int) -> None:
    """Those who were together last time and are here still are, unless only one is; all have a seat; nobody is alone."""
    last = members(seats.draw(people(count), wished, Random(seed)))
    here = {person for number, person in enumerate(people(count)) if number in stay} | {f"new{n}" for n in range(more)}
    seating = seats.keep(last, here, wished, Random(seed))
    where = {person: found.id for found in seating.groups for person in found.members}
    for old in last:
        present = [person for person in old if person in here]
        if len(present) > 1:
            assert len({where[person] for person in present}) == 1
    assert all(2 <= len(found.members) <= wished + 1 for found in seating.groups)
    assert len(here - where.keys()) <= 1


def test_a_latecomer_joins_the_smallest_group() -> None:
    """Of two equally small ones, the first."""
    seating = seats.settle([group(1, "a", "b", "c"), group(2, "d", "e"), group(3, "f", "g")], 3, ["z"], 3)
    assert members(seating) == [["a", "b", "c"], ["d", "e", "z"], ["f", "g"]]
    assert seating.moves == [Move(person="z", to="group-2", reason=MoveReason.CAME_LATE)]


def test_with_all_groups_full_one_latecomer_waits_and_two_make_a_group() -> None:
    """No group exceeds the wished size and one, and nobody sits alone."""
    full = [group(1, "a", "b", "c"), group(2, "d", "e", "f")]
    assert seats.settle(full, 2, ["y"], 2) == seats.Seating(full, [], 2)
    assert members(seats.settle(full, 2, ["y", "z"], 2)) == [["a", "b", "c"], ["d", "e", "f"], ["y", "z"]]


def test_a_group_that_shrinks_to_one_is_merged_and_says_whom_it_concerns() -> None:
    """The one who stayed behind joins the smallest other group."""
    seating = seats.leave([group(1, "a", "b"), group(2, "c", "d", "e"), group(3, "f", "g")], 3, "a", [], 3)
    assert members(seating) == [["c", "d", "e"], ["b", "f", "g"]]
    assert seating.moves == [
        Move(person="a", to=None, reason=MoveReason.LEFT),
        Move(person="b", to="group-3", reason=MoveReason.MERGED),
    ]


def test_one_who_waits_keeps_a_group_from_being_merged() -> None:
    """The one who is left alone stays, and gets company."""
    seating = seats.leave([group(1, "a", "b"), group(2, "c", "d", "e")], 2, "a", ["w"], 2)
    assert members(seating) == [["b", "w"], ["c", "d", "e"]]


def test_the_last_of_all_waits_in_the_main_room() -> None:
    """One person is no group."""
    seating = seats.leave([group(1, "a", "b")], 4, "a", [], 1)
    assert seating.groups == []
    assert seating.moves[-1] == Move(person="b", to=None, reason=MoveReason.MERGED)


def test_a_teacher_moves_somebody_even_into_a_full_group() -> None:
    """The rules bind the draw; a teacher's hand is free."""
    seating = seats.move([group(1, "a", "b", "c"), group(2, "d", "e", "f")], 2, "f", "group-1", [], 2)
    assert members(seating) == [["a", "b", "c", "f"], ["d", "e"]]
    assert seating.moves == [Move(person="f", to="group-1", reason=MoveReason.MOVED)]


def test_moving_one_of_two_merges_the_other() -> None:
    """Nobody stays behind alone."""
    seating = seats.move([group(1, "a", "b"), group(2, "c", "d"), group(3, "e", "f")], 2, "a", "group-2", [], 3)
    assert members(seating) == [["a", "c", "d"], ["b", "e", "f"]]


def test_three_hundred_are_seated_in_no_time() -> None:
    """Drawing and keeping stay far below a tenth of a second."""
    began = time.perf_counter()
    last = members(seats.draw(people(300), 4, Random(1)))
    seats.keep(last, people(300)[:250], 4, Random(1))
    assert time.perf_counter() - began < 0.1


class ComingAndGoing(RuleBasedStateMachine):
    """People come and go in any order while the groups last; the two rules hold at every moment."""

    def __init__(self) -> None:
        super().__init__()
        self.wished = 3
        self.groups = seats.draw(people(7), self.wished, Random(3)).groups
        self.made = len(self.groups)
        self.waiting: list[str] = []
        self.here = set(people(7))
        self.came = 7
        self.ids = {found.id for found in self.groups}

    def take(self, seating: seats.Seating) -> None:
        before = {found.id for found in self.groups}
        self.groups, self.made = seating.groups, seating.made
        new = {found.id for found in self.groups} - before
        assert not new & self.ids, "the id of a group that is no more is not used again"
        self.ids |= new
        seated = {person for found in self.groups for person in found.members}
        self.waiting = sorted(self.here - seated)

    @rule()
    def somebody_comes(self) -> None:
        self.came += 1
        person = f"p{self.came}"
        self.here.add(person)
        self.take(seats.settle(self.groups, self.wished, [*self.waiting, person], self.made))

    @precondition(lambda self: self.here)
    @rule(data=st.data())
    def somebody_goes(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(sorted(self.here)))
        self.here.discard(person)
        waiting = [other for other in self.waiting if other != person]
        self.take(seats.leave(self.groups, self.wished, person, waiting, self.made))

    @invariant()
    def nobody_is_alone_and_no_group_is_too_large(self) -> None:
        assert all(2 <= len(found.members) <= self.wished + 1 for found in self.groups)

    @invariant()
    def everybody_sits_once_and_at_most_one_waits(self) -> None:
        seated = [person for found in self.groups for person in found.members]
        assert len(seated) == len(set(seated))
        assert set(seated) | set(self.waiting) == self.here
        assert len(self.waiting) <= 1


ComingAndGoing.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_coming_and_going = ComingAndGoing.TestCase
