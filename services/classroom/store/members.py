"""Who belongs to a room."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from chalkbell.contracts.classroom import Members, Room, Standing
from chalkbell.contracts.directory import PersonKind
from chalkbell.directory_copy import DirectoryCopy
from chalkbell.directory_copy.tables import membership
from services.classroom import model

M, G = model.member, model.member_group


class MembersStore(DirectoryCopy):
    """What the classroom remembers of who belongs to a room."""

    def members(self, room: Room) -> Members:
        """Who belongs to the room, besides its teachers."""
        people = self.rows(select(M).where(M.c.room == room.id))
        groups = self.rows(select(G.c.group_id).where(G.c.room == room.id))
        return Members(
            version=room.version,
            people=sorted(row["person"] for row in people if not row["by_code"]),
            groups=sorted(row["group_id"] for row in groups),
            by_code=sorted(row["person"] for row in people if row["by_code"]),
        )

    def add_members(self, room: str, people: Collection[str] = (), groups: Collection[str] = (), *, by_code: bool = False) -> None:
        """Let people and groups in."""
        self.upsert(M, *({"room": room, "person": person, "by_code": by_code} for person in sorted(set(people))))
        self.insert_if_absent(G, *({"room": room, "group_id": group} for group in sorted(set(groups))))

    def remove_members(self, room: str, people: Collection[str] = (), groups: Collection[str] = ()) -> None:
        """Let people and groups in no longer."""
        if people:
            self.execute(delete(M).where(M.c.room == room, M.c.person.in_(people)))
        if groups:
            self.execute(delete(G).where(G.c.room == room, G.c.group_id.in_(groups)))

    def rooms_for_group(self, group: str) -> set[str]:
        """The rooms that a group of the campus belongs to."""
        return {row["room"] for row in self.rows(select(G.c.room).where(G.c.group_id == group))}

    def standings(self, room: Room, people: Collection[str]) -> dict[str, Standing]:
        """What each of these people may be in the room; who may not be there at all is left out.

        Teachers are those whom the room names, and administrators who are no members. A disabled person is nothing.
        """
        known = self.people(people)
        active = {person for person in people if person in known and known[person].active}
        named = {row["person"] for row in self.rows(select(M.c.person).where(M.c.room == room.id, M.c.person.in_(active)))}
        theirs = select(G.c.group_id).where(G.c.room == room.id)
        grouped = select(membership.c.person).where(membership.c.person.in_(active), membership.c.group_id.in_(theirs))
        named |= {row["person"] for row in self.rows(grouped)}
        teachers = {teacher.id for teacher in room.teachers} & active
        administrators = {person for person in active if known[person].administrator} - named
        members = active if room.open else named
        return dict.fromkeys(members, Standing.MEMBER) | dict.fromkeys(teachers | administrators, Standing.TEACHER)

    def may_make_rooms(self, person: str) -> bool:
        """Whether somebody is internal staff."""
        found = self.person(person)
        return found is not None and found.active and found.kind is PersonKind.STAFF
