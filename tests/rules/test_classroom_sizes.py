"""Sizes of groups: nobody alone, none too large, as near to the wish as can be."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from services.classroom.rules.sizes import sizes


@cache
def least_deviation(people: int, wished: int, largest: int) -> int | None:
    """By trying every way to make groups of 2 to `largest`: the least sum of squared differences from the wish."""
    if people == 0:
        return 0
    found = []
    for size in range(2, min(largest, people) + 1):
        rest = least_deviation(people - size, wished, size)
        if rest is not None:
            found.append(rest + (size - wished) ** 2)
    return min(found, default=None)


@given(people=st.integers(2, 60), wished=st.integers(2, 12))
def test_no_other_sizes_are_nearer_to_the_wish(people: int, wished: int) -> None:
    """Compared with every possible way to make groups of two to one more than wished."""
    deviation = sum((size - wished) ** 2 for size in sizes(people, wished))
    assert deviation == least_deviation(people, wished, wished + 1)


@given(people=st.integers(2, 2000), wished=st.integers(2, 50))
def test_nobody_is_alone_and_no_group_is_too_large(people: int, wished: int) -> None:
    """All are placed, sizes are from 2 to one more than wished and differ by at most one."""
    found = sizes(people, wished)
    assert sum(found) == people
    assert min(found) >= 2
    assert max(found) <= wished + 1
    assert max(found) - min(found) <= 1


def test_eight_people_in_groups_of_six_are_four_and_four() -> None:
    """Not six and two, and not eight."""
    assert sizes(8, 6) == [4, 4]


def test_fewer_than_two_people_make_no_group() -> None:
    """One person alone stays in the main room."""
    assert sizes(1, 4) == []
    assert sizes(0, 4) == []
