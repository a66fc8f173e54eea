"""A room in use, as plain objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalkbell.contracts.classroom import Mode, Participant, Room, Standing


@dataclass
class Hall:
    """A room, everybody in it, and what it does. Handlers change it and then let the store keep it."""

    room: Room
    code: str | None
    mode: Mode
    participants: dict[str, Participant]
    groups_made: int
    last_groups: list[list[str]]
    unattended_since: datetime | None

    @property
    def id(self) -> str:
        """The room's id."""
        return self.room.id

    @property
    def teachers(self) -> list[str]:
        """The ids of the room's teachers."""
        return [teacher.id for teacher in self.room.teachers]

    @property
    def present(self) -> list[Participant]:
        """The members who are there with a connection: those who can be put into groups."""
        return [p for p in self._in_order() if p.standing is Standing.MEMBER and p.away_since is None]

    @property
    def attended(self) -> bool:
        """Whether a teacher is there with a connection."""
        return any(p.standing is Standing.TEACHER and p.away_since is None for p in self.participants.values())

    @property
    def waiting(self) -> list[str]:
        """Those who could sit in a group and sit in none, longest here first."""
        seated = {person for group in self.mode.groups for person in group.members}
        return [p.person for p in self.present if p.person not in seated]

    def _in_order(self) -> Iterable[Participant]:
        return sorted(self.participants.values(), key=lambda p: (p.since, p.person))
