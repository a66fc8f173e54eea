"""Who is in a room, and by which sessions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from chalkbell.contracts.classroom import Participant
from chalkbell.directory_copy import DirectoryCopy
from services.classroom import model

P, S, E = model.participant, model.presence, model.ended_session

KEEP_ENDED = timedelta(minutes=10)
"""So long an ended session is remembered: far longer than a call can be under way."""


class PresenceStore(DirectoryCopy):
    """What the classroom remembers of who is there."""

    def keep_participant(self, room: str, participant: Participant) -> None:
        """Keep a participant's state."""
        row = {
            "room": room,
            "person": participant.person,
            "name": participant.name,
            "standing": participant.standing.value,
            "since": participant.since,
            "away_since": participant.away_since,
        }
        self.upsert(P, row)

    def remove_participant(self, room: str, person: str) -> None:
        """Forget a participant and all sessions that they are there by."""
        self.execute(delete(P).where(P.c.room == room, P.c.person == person))
        self.execute(delete(S).where(S.c.room == room, S.c.person == person))

    def add_session(self, room: str, person: str, session: int) -> None:
        """Somebody is there by this session too."""
        self.upsert(S, {"session": session, "room": room, "person": person, "since": self.now})

    def has_sessions(self, room: str, person: str) -> bool:
        """Whether somebody is there by any session."""
        return self.row(select(S.c.session).where(S.c.room == room, S.c.person == person).limit(1)) is not None

    def rooms_of_session(self, session: int) -> dict[str, str]:
        """The rooms that a session is in, and who is there by it."""
        return {row["room"]: row["person"] for row in self.rows(select(S).where(S.c.session == session))}

    def remove_session(self, session: int, room: str) -> bool:
        """A session is no longer in a room. False where it was not."""
        return self.execute(delete(S).where(S.c.session == session, S.c.room == room)) > 0

    def sessions_before(self, moment: datetime) -> list[tuple[int, str, str]]:
        """All sessions that were in rooms before this moment: session, room, person."""
        found = self.rows(select(S).where(S.c.since < moment).order_by(S.c.room, S.c.session))
        return [(row["session"], row["room"], row["person"]) for row in found]

    def note_ended(self, session: int) -> None:
        """Remember for a while that a session has ended."""
        self.insert_if_absent(E, {"session": session, "at": self.now})

    def has_ended(self, session: int) -> bool:
        """Whether a session is known to have ended."""
        return self.row(select(E.c.session).where(E.c.session == session)) is not None

    def forget_ended(self) -> None:
        """Forget sessions that ended long ago."""
        self.execute(delete(E).where(E.c.at < self.now - KEEP_ENDED))

    def rooms_with(self, people: Collection[str]) -> set[str]:
        """The rooms that any of these people are in."""
        return {row["room"] for row in self.rows(select(P.c.room).where(P.c.person.in_(people)))}

    def all_rooms_in_use(self) -> set[str]:
        """The rooms that anybody is in."""
        return {row["room"] for row in self.rows(select(P.c.room).distinct())}
