"""Rooms' rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping, delete, false, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from chalkbell.contracts.classroom import Mode, Named, Participant, Room, Standing
from chalkbell.directory_copy import DirectoryCopy
from chalkbell.directory_copy.tables import membership
from services.classroom import model
from services.classroom.store.hall import Hall

R, T, M, G, P = model.room, model.teacher, model.member, model.member_group, model.participant


class RoomsStore(DirectoryCopy):
    """What the classroom remembers of rooms."""

    def hall(self, id: str, *, lock: bool = False) -> Hall | None:
        """A room in use, or None. With `lock` nobody else changes it until the commit."""
        return next(iter(self.halls([id], lock=lock)), None)

    def halls(self, ids: Collection[str], *, lock: bool = False) -> list[Hall]:
        """These rooms in use, by id: whoever locks several locks them in one order."""
        if not ids:
            return []
        question = select(R).where(R.c.id.in_(ids)).order_by(R.c.id)
        rows = self.rows(question.with_for_update() if lock else question)
        here = self._participants([row["id"] for row in rows])
        teachers = self._teachers([row["id"] for row in rows])
        return [_hall(row, teachers.get(row["id"], []), here.get(row["id"], {})) for row in rows]

    def add_room(self, hall: Hall) -> bool:
        """Make a room. False where there is one with this id."""
        insert = sqlite.insert(R) if self.on_sqlite else postgresql.insert(R)
        adding = insert.values(_row(hall) | {"id": hall.id, "due": None}).on_conflict_do_nothing().returning(R.c.id)
        if self.value(adding) is None:
            return False
        self._insert_teachers(hall.room)
        return True

    def keep_hall(self, hall: Hall, due: datetime | None) -> None:
        """Keep the room and its mode; `due` is when the clock next has something to do. Participants are kept one by one."""
        self.execute(R.update().where(R.c.id == hall.id).values(_row(hall) | {"due": due}))

    def keep_teachers(self, room: Room) -> None:
        """Keep who teaches in the room; `keep_hall` keeps the rest."""
        self.execute(delete(T).where(T.c.room == room.id))
        self._insert_teachers(room)

    def due_halls(self, now: datetime, limit: int) -> list[Hall]:
        """Rooms for which the clock has something to do, locked, at most `limit`, the longest waiting first."""
        found = self.rows(select(R.c.id).where(R.c.due <= now).order_by(R.c.due).limit(limit))
        return self.halls([row["id"] for row in found], lock=True)

    def next_due(self) -> datetime | None:
        """When the clock next has something to do in any room."""
        return self.value(select(func.min(R.c.due)))

    def rooms_of(self, person: str, *, all_open: bool, limit: int) -> list[tuple[Room, Mode]]:
        """The rooms that somebody teaches in, belongs to, or (with `all_open`) may walk into, by name."""
        groups = select(membership.c.group_id).where(membership.c.person == person)
        mine = or_(
            R.c.id.in_(select(T.c.room).where(T.c.person == person)),
            R.c.id.in_(select(M.c.room).where(M.c.person == person)),
            R.c.id.in_(select(G.c.room).where(G.c.group_id.in_(groups))),
            R.c.open if all_open else false(),
        )
        rows = self.rows(select(R).where(mine).order_by(R.c.name, R.c.id).limit(limit))
        teachers = self._teachers([row["id"] for row in rows])
        return [(_room(row, teachers.get(row["id"], [])), msgspec.convert(row["mode"], Mode)) for row in rows]

    def counts(self, rooms: Collection[str]) -> dict[str, int]:
        """How many participants each of these rooms has."""
        question = select(P.c.room, func.count().label("many")).where(P.c.room.in_(rooms)).group_by(P.c.room)
        return {row["room"]: row["many"] for row in self.rows(question)} if rooms else {}

    def joined(self, person: str) -> set[str]:
        """The rooms that somebody is in."""
        return {row["room"] for row in self.rows(select(P.c.room).where(P.c.person == person))}

    def taught_by(self, person: str) -> set[str]:
        """The rooms that somebody teaches in."""
        return {row["room"] for row in self.rows(select(T.c.room).where(T.c.person == person))}

    def _insert_teachers(self, room: Room) -> None:
        self.insert(T, *({"room": room.id, "person": teacher.id, "name": teacher.name} for teacher in room.teachers))

    # sorted here and not by the database, whose collation may be another

    def _teachers(self, rooms: Sequence[str]) -> dict[str, list[Named]]:
        found: dict[str, list[Named]] = {}
        for row in self.rows(select(T).where(T.c.room.in_(rooms))):
            found.setdefault(row["room"], []).append(Named(id=row["person"], name=row["name"]))
        return {room: in_order(teachers) for room, teachers in found.items()}

    def _participants(self, rooms: Sequence[str]) -> dict[str, dict[str, Participant]]:
        found: dict[str, dict[str, Participant]] = {}
        rows = self.rows(select(P).where(P.c.room.in_(rooms)))
        for row in sorted(rows, key=lambda row: (row["since"], row["person"])):
            found.setdefault(row["room"], {})[row["person"]] = Participant(
                person=row["person"],
                name=row["name"],
                standing=Standing(row["standing"]),
                since=row["since"],
                away_since=row["away_since"],
            )
        return found


def in_order(people: Iterable[Named]) -> list[Named]:
    """People as they are listed: by name."""
    return sorted(people, key=lambda person: (person.name, person.id))


def _room(row: RowMapping, teachers: list[Named]) -> Room:
    return Room(
        id=row["id"],
        name=row["name"],
        teachers=teachers,
        open=row["open"],
        by_code=row["code"] is not None,
        group_size=row["group_size"],
        countdown=row["countdown"],
        version=row["version"],
    )


def _hall(row: RowMapping, teachers: list[Named], participants: dict[str, Participant]) -> Hall:
    return Hall(
        room=_room(row, teachers),
        code=row["code"],
        mode=msgspec.convert(row["mode"], Mode),
        participants=participants,
        groups_made=row["groups_made"],
        last_groups=row["last_groups"],
        unattended_since=row["unattended_since"],
    )


def _row(hall: Hall) -> dict[str, Any]:
    room = hall.room
    return {
        "name": room.name,
        "open": room.open,
        "code": hall.code,
        "group_size": room.group_size,
        "countdown": room.countdown,
        "version": room.version,
        "mode": hall.mode,
        "groups_made": hall.groups_made,
        "last_groups": hall.last_groups,
        "unattended_since": hall.unattended_since,
    }
