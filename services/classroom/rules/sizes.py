"""How large the groups are."""

from __future__ import annotations


def sizes(people: int, wished: int) -> list[int]:
    """The sizes of the groups that so many people make, largest first; nobody is alone and none exceeds `wished` + 1.

    Sizes differ by at most one, and are as near to `wished` (2 or more) as can be: the sum of the squared differences is the least
    possible. Where two numbers of groups are equally near, there are fewer groups. Fewer than two people make no group.
    """
    if people < 2:
        return []
    fewest, most = -(-people // (wished + 1)), people // 2
    return min((_evenly(people, count) for count in range(fewest, most + 1)), key=lambda found: _badness(found, wished))


def _evenly(people: int, count: int) -> list[int]:
    size, larger = divmod(people, count)
    return [size + 1] * larger + [size] * (count - larger)


def _badness(found: list[int], wished: int) -> int:
    return sum((size - wished) ** 2 for size in found)
