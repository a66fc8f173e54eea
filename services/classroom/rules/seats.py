"""Who sits in which group: drawn anew, kept from the last time, and put right when people come, go or are moved.

Two rules hold throughout, but for what a teacher does by hand: nobody is alone in a group, and no group has more than the wished
size and one. Somebody for whom there is no seat waits in the main room; never two, because two make a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from chalkbell.contracts.classroom import GroupOfRoom, Move, MoveReason
from services.classroom.rules.sizes import sizes


@dataclass(frozen=True)
class Seating:
    """All groups, who moved to get there, and how many groups this split has made so far (ids are not used again)."""

    groups: list[GroupOfRoom]
    moves: list[Move]
    made: int


def draw(people: Iterable[str], wished: int, generator: Random) -> Seating:
    """New groups, at random."""
    shuffled = sorted(people)
    generator.shuffle(shuffled)
    people = iter(shuffled)
    drawn = [sorted(islice(people, size)) for size in sizes(len(shuffled), wished)]
    return Seating([_group(number, members) for number, members in enumerate(drawn, 1)], [], len(drawn))


def keep(last: Sequence[Sequence[str]], people: Iterable[str], wished: int, generator: Random) -> Seating:
    """The groups of the last time, of those who are here; the others take the seats that are free, in random order.

    A group that is too large for what is wished now is drawn apart with the others.
    """
    here = set(people)
    groups: list[GroupOfRoom] = []
    for members in last:
        present = sorted(here.intersection(members))
        if 2 <= len(present) <= wished + 1:
            groups.append(_group(len(groups) + 1, present))
            here.difference_update(present)
    others = sorted(here)
    generator.shuffle(others)
    settled = settle(groups, wished, others, len(groups))
    return Seating(settled.groups, [], settled.made)


def settle(groups: Sequence[GroupOfRoom], wished: int, waiting: Sequence[str], made: int) -> Seating:
    """Seat those who wait, and merge groups of one.

    A newcomer gets the smallest group that has space, so a lone person gets company first. Who is still alone joins the smallest
    other group that has space. Those for whom there is none make a group of their own, if they are two or more.
    """
    seats = {group.id: list(group.members) for group in groups if group.members}
    reasons: dict[str, MoveReason] = {}
    moved: dict[str, str | None] = {}
    unseated: list[str] = []

    def seat(person: str, reason: MoveReason) -> None:
        reasons[person] = reason
        found = min((id for id in seats if len(seats[id]) <= wished), key=lambda id: (len(seats[id]), _number(id)), default=None)
        if found is None:
            unseated.append(person)
        else:
            seats[found].append(person)
            moved[person] = found

    for person in waiting:
        seat(person, MoveReason.CAME_LATE)
    while lone := next((id for id, members in seats.items() if len(members) == 1), None):
        (person,) = seats.pop(lone)
        moved[person] = None
        seat(person, MoveReason.MERGED)
    remaining = iter(unseated)
    for size in sizes(len(unseated), wished):
        made += 1
        members = list(islice(remaining, size))
        seats[f"group-{made}"] = members
        moved.update(dict.fromkeys(members, f"group-{made}"))
    moves = [Move(person=person, to=to, reason=reasons[person]) for person, to in moved.items()]
    return Seating([GroupOfRoom(id=id, members=sorted(members)) for id, members in seats.items()], moves, made)


def leave(groups: Sequence[GroupOfRoom], wished: int, person: str, waiting: Sequence[str], made: int) -> Seating:
    """Give up somebody's seat: the groups without them, and who takes the seat or had to move for it."""
    without = [GroupOfRoom(id=group.id, members=[member for member in group.members if member != person]) for group in groups]
    settled = settle(without, wished, waiting, made)
    return Seating(settled.groups, [Move(person=person, to=None, reason=MoveReason.LEFT), *settled.moves], settled.made)


def move(groups: Sequence[GroupOfRoom], wished: int, person: str, to: str, waiting: Sequence[str], made: int) -> Seating:
    """Put somebody into another group, however full. One who would stay behind alone is merged."""
    moved = [
        GroupOfRoom(id=group.id, members=sorted({*group.members, person} if group.id == to else set(group.members) - {person}))
        for group in groups
    ]
    settled = settle(moved, wished, [other for other in waiting if other != person], made)
    return Seating(settled.groups, [Move(person=person, to=to, reason=MoveReason.MOVED), *settled.moves], settled.made)


def group_of(groups: Iterable[GroupOfRoom], person: str) -> str | None:
    """The id of the group that somebody sits in."""
    return next((group.id for group in groups if person in group.members), None)


def _group(number: int, members: list[str]) -> GroupOfRoom:
    return GroupOfRoom(id=f"group-{number}", members=members)


def _number(id: str) -> int:
    return int(id.removeprefix("group-"))
