"""The classroom: rooms, who is in them, and what they are doing. Each room is a scope: its stream is its id.

Every switch is decided by the service and told in one event, `switched`, with the complete new mode. Moments are the campus's own
time: a browser shows them against a clock that it has set by `clock.read`.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalkbell.contracts.core import (
    Ask,
    Change,
    Done,
    Event,
    GroupId,
    Line,
    Message,
    PersonId,
    Slug,
    Snapshot,
    Version,
    rpc,
    topic,
)
from chalkbell.contracts.refusals import Conflict, Refusal, refusal

MOST_MEMBERS = 2000
"""So many members a room may name in one request."""

Moment = Annotated[datetime, Meta(tz=True)]
ModeNumber = Annotated[int, Meta(ge=0, le=2**53, description="The number of the mode that you saw; it only grows.")]
Seconds = Annotated[int, Meta(ge=1, le=6 * 3600, description="Seconds, at most six hours.")]
Countdown = Annotated[int, Meta(ge=0, le=600, description="Seconds between the press and the switch; 0: at once.")]
GroupSize = Annotated[int, Meta(ge=2, le=50, description="The wished size of a group.")]
Code = Annotated[
    str, Meta(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9 -]+$(?!\n)", description="An invitation code, as read out.")
]
People = Annotated[list[PersonId], Meta(max_length=MOST_MEMBERS)]
Groups = Annotated[list[GroupId], Meta(max_length=100)]
Teachers = Annotated[list[PersonId], Meta(min_length=1, max_length=50)]


class Named(Message, frozen=True, kw_only=True):
    """A person and how they are called."""

    id: PersonId
    name: str


class Room(Message, frozen=True, kw_only=True):
    """A class. `open`: every signed-in person may come in; `by_code`: whoever knows the invitation code may become a member."""

    id: Slug
    name: Line
    teachers: list[Named]
    open: bool
    by_code: bool
    group_size: GroupSize
    countdown: Countdown
    version: Version


class Standing(enum.StrEnum):
    """What a participant is in this room. Teachers are not put into groups: they may visit any."""

    TEACHER = "teacher"
    MEMBER = "member"


class Participant(Message, frozen=True, kw_only=True):
    """Somebody in the room. `away_since` is set while they have no connection; they keep their seat for a while."""

    person: PersonId
    name: str
    standing: Standing
    since: Moment
    away_since: Moment | None = None


class ModeKind(enum.StrEnum):
    """What a room does: nothing together, listen to one speaker, or talk in small groups."""

    IDLE = "idle"
    BROADCAST = "broadcast"
    GROUPS = "groups"


class GroupOfRoom(Message, frozen=True, kw_only=True):
    """A small group. Its id stays the same until the next split."""

    id: Slug
    members: list[PersonId]


class Target(Message, frozen=True, kw_only=True):
    """What a room goes (back) to. `speaker` is set for a broadcast."""

    kind: ModeKind
    speaker: PersonId | None = None


class Pending(Message, frozen=True, kw_only=True):
    """A switch that will come: to what, and at what moment."""

    to: Target
    at: Moment


class Mode(Message, frozen=True, kw_only=True):
    """What a room does, complete.

    `number` grows by one with every switch. `until` is the moment that groups end by agreement, `pending` a countdown that is
    running. `before` is what the room goes back to when groups end. A member in no group is in the main room.
    """

    number: ModeNumber
    kind: ModeKind
    since: Moment
    speaker: PersonId | None = None
    groups: list[GroupOfRoom] = []
    size: GroupSize | None = None
    until: Moment | None = None
    before: Target | None = None
    pending: Pending | None = None


class SwitchReason(enum.StrEnum):
    """Why the mode changed."""

    OPENED = "opened"
    BROADCAST = "broadcast"
    RESTED = "rested"
    SPLIT = "split"
    COUNTDOWN_STARTED = "countdown_started"
    COUNTDOWN_EXTENDED = "countdown_extended"
    COUNTDOWN_CANCELLED = "countdown_cancelled"
    COUNTDOWN_ENDED = "countdown_ended"
    COUNTDOWN_SKIPPED = "countdown_skipped"
    SPEAKER_LEFT = "speaker_left"
    TEACHERS_GONE = "teachers_gone"


class MoveReason(enum.StrEnum):
    """Why somebody changed groups."""

    CAME_LATE = "came_late"
    MOVED = "moved"
    MERGED = "merged"
    LEFT = "left"


class Move(Message, frozen=True, kw_only=True):
    """Somebody changed groups: to which (None: to the main room, or out of it), and why."""

    person: PersonId
    to: Slug | None
    reason: MoveReason


class RoomState(Snapshot, frozen=True, kw_only=True):
    """A room, everybody in it, and what it does. `now` is the campus's time at the answer."""

    room: Room
    participants: list[Participant]
    mode: Mode
    now: Moment


class RoomEntry(Message, frozen=True, kw_only=True):
    """A room in a list. `standing` is what you are in it; `participants` counts who is there now."""

    room: Room
    standing: Standing
    kind: ModeKind
    participants: int
    joined: bool


class Rooms(Message, frozen=True, kw_only=True):
    """The rooms that you teach in, belong to, or may walk into."""

    rooms: list[RoomEntry]


class Members(Message, frozen=True, kw_only=True):
    """Who belongs to a room: people by name, whole groups, and those who came by invitation code."""

    version: Version
    people: list[PersonId]
    groups: list[GroupId]
    by_code: list[PersonId]


class InvitationCode(Message, frozen=True, kw_only=True):
    """The room's invitation code; None: there is none."""

    code: str | None


class Clock(Message, frozen=True, kw_only=True):
    """The campus's time."""

    now: Moment


@refusal("classroom.v1.error.no_session")
class NoSession(Refusal):
    """Your presence in a room lasts as long as your connection. Join over WAMP, not over HTTP."""

    http_status = 400


@refusal("classroom.v1.error.too_few")
class TooFew(Refusal):
    """There are fewer than two members in the room: nobody would have a partner. Wait until more have come."""

    http_status = 409


@refusal("classroom.v1.error.not_in_groups")
class NotInGroups(Conflict):
    """The room is not in groups. Split it first."""


@refusal("classroom.v1.error.countdown_running")
class CountdownRunning(Conflict):
    """A countdown is running already. Skip, extend or cancel it."""


@refusal("classroom.v1.error.no_countdown")
class NoCountdown(Conflict):
    """No countdown is running. Call the groups back first."""


@refusal("classroom.v1.error.room_exists")
class RoomExists(Conflict):
    """There is a room with this id already. Choose another id."""


@rpc("classroom.v1.clock.read")
class ReadClock(Ask[Clock], frozen=True, kw_only=True):
    """The campus's time, to set a clock by: take half of what the answer took off it."""


@rpc("classroom.v1.rooms.list")
class ListRooms(Ask[Rooms], frozen=True, kw_only=True):
    """The rooms that you teach in, belong to, or may walk into, at most 500, by name."""


@rpc("classroom.v1.room.read")
class ReadRoom(Ask[RoomState], frozen=True, kw_only=True):
    """A room's complete state. For its teachers and members, for everybody where it is open, and for administrators."""

    room: Slug


@rpc("classroom.v1.room.add", refusals=(RoomExists,))
class AddRoom(Change[RoomState], frozen=True, kw_only=True):
    """Make a room. For internal staff and administrators; without `teachers` you are its teacher.

    `people` and `groups` may come in; with `open` everybody may; with `by_code` an invitation code is made.
    """

    id: Slug
    name: Line
    teachers: Teachers | None = None
    people: People = []
    groups: Groups = []
    open: bool = False
    by_code: bool = False
    group_size: GroupSize = 4
    countdown: Countdown = 30


@rpc("classroom.v1.room.change")
class ChangeRoom(Change[Room], frozen=True, kw_only=True):
    """Change what is given of a room. For its teachers. `seen` is the version you saw; refused with `conflict` when it is older."""

    room: Slug
    seen: Version
    name: Line | None = None
    teachers: Teachers | None = None
    open: bool | None = None
    group_size: GroupSize | None = None
    countdown: Countdown | None = None


@rpc("classroom.v1.members.read")
class ReadMembers(Ask[Members], frozen=True, kw_only=True):
    """Who belongs to a room. For its teachers. Ask again when `room_changed` tells of a new version."""

    room: Slug


@rpc("classroom.v1.members.change")
class ChangeMembers(Change[Members], frozen=True, kw_only=True):
    """Let people and groups into a room, or no longer. For its teachers. Who has lost the right to be there leaves at once."""

    room: Slug
    add_people: People = []
    remove_people: People = []
    add_groups: Groups = []
    remove_groups: Groups = []


@rpc("classroom.v1.code.read")
class ReadCode(Ask[InvitationCode], frozen=True, kw_only=True):
    """The room's invitation code. For its teachers."""

    room: Slug


@rpc("classroom.v1.code.renew")
class RenewCode(Change[InvitationCode], frozen=True, kw_only=True):
    """Make a new invitation code; the old one no longer works. For teachers. Who came by the old one stays a member."""

    room: Slug


@rpc("classroom.v1.code.withdraw")
class WithdrawCode(Change[Done], frozen=True, kw_only=True):
    """Let nobody else in by code. For teachers. Who came by it stays a member."""

    room: Slug


@rpc("classroom.v1.join", refusals=(NoSession,))
class Join(Change[RoomState], frozen=True, kw_only=True):
    """Come into a room, with this session. Again with another session, it is the same participant.

    `code` lets in, and makes a member of, who is not one yet. In groups a latecomer gets a seat. A lost connection keeps the seat
    for a while: join again after it.
    """

    room: Slug
    code: Code | None = None


@rpc("classroom.v1.leave")
class Leave(Change[Done], frozen=True, kw_only=True):
    """Go out of a room with this session, or `everywhere`. You are gone when none of your sessions is left in it."""

    room: Slug
    everywhere: bool = False


@rpc("classroom.v1.broadcast", refusals=(CountdownRunning,))
class Broadcast(Change[Mode], frozen=True, kw_only=True):
    """Let everybody listen to `speaker`, a participant; by default you. For teachers. Out of groups it goes by countdown."""

    room: Slug
    seen: ModeNumber
    speaker: PersonId | None = None
    countdown: Countdown | None = None


@rpc("classroom.v1.rest", refusals=(CountdownRunning,))
class Rest(Change[Mode], frozen=True, kw_only=True):
    """End the broadcast or the groups: everybody is in the main room. For teachers. Out of groups it goes by countdown."""

    room: Slug
    seen: ModeNumber
    countdown: Countdown | None = None


@rpc("classroom.v1.split", refusals=(TooFew,))
class Split(Change[Mode], frozen=True, kw_only=True):
    """Put all members who are present into small groups, at once. For teachers.

    Nobody is alone and no group has more than `size` + 1. Members are drawn at random, or `kept` from the last time as far as they
    are there. With `lasts` the groups end by themselves after so many seconds.
    """

    room: Slug
    seen: ModeNumber
    size: GroupSize | None = None
    kept: bool = False
    lasts: Seconds | None = None


@rpc("classroom.v1.call_back", refusals=(NotInGroups, CountdownRunning))
class CallBack(Change[Mode], frozen=True, kw_only=True):
    """Bring everybody back to what was before the groups, after a countdown; by default the room's. For teachers."""

    room: Slug
    seen: ModeNumber
    countdown: Countdown | None = None


@rpc("classroom.v1.countdown.skip", refusals=(NoCountdown,))
class SkipCountdown(Change[Mode], frozen=True, kw_only=True):
    """Switch now. For teachers."""

    room: Slug
    seen: ModeNumber


@rpc("classroom.v1.countdown.extend", refusals=(NoCountdown,))
class ExtendCountdown(Change[Mode], frozen=True, kw_only=True):
    """Switch so many seconds later; without a countdown, let the groups' agreed end be so much later. For teachers."""

    room: Slug
    seen: ModeNumber
    seconds: Seconds = 60


@rpc("classroom.v1.countdown.cancel", refusals=(NoCountdown,))
class CancelCountdown(Change[Mode], frozen=True, kw_only=True):
    """Stay in groups, with no end agreed. For teachers."""

    room: Slug
    seen: ModeNumber


@rpc("classroom.v1.move", refusals=(NotInGroups,))
class MovePerson(Change[Mode], frozen=True, kw_only=True):
    """Put a member into another group. For teachers. A group of one that this would leave is merged into another."""

    room: Slug
    seen: ModeNumber
    person: PersonId
    group: Slug


@topic("classroom.v1.{room}.room_changed")
class RoomChanged(Event, frozen=True, kw_only=True):
    """The room is new or has changed; the complete new description. A new version may also mean other members."""

    room: Slug
    details: Room


@topic("classroom.v1.{room}.joined")
class Joined(Event, frozen=True, kw_only=True):
    """Somebody has come in."""

    room: Slug
    participant: Participant


@topic("classroom.v1.{room}.participant_changed")
class ParticipantChanged(Event, frozen=True, kw_only=True):
    """A participant lost the connection or is back, or has another name or standing; the complete new state."""

    room: Slug
    participant: Participant


@topic("classroom.v1.{room}.left")
class Left(Event, frozen=True, kw_only=True):
    """A participant is gone: by their own wish, by staying away too long, or because they may no longer be here."""

    room: Slug
    person: PersonId


@topic("classroom.v1.{room}.switched")
class Switched(Event, frozen=True, kw_only=True):
    """The room does something else, or a countdown began, changed or ended; the complete new mode."""

    room: Slug
    mode: Mode
    reason: SwitchReason


@topic("classroom.v1.{room}.groups_changed")
class GroupsChanged(Event, frozen=True, kw_only=True):
    """Within the mode `number`, somebody came late, left, was moved or merged; all groups as they now are, and who moved."""

    room: Slug
    number: ModeNumber
    groups: list[GroupOfRoom]
    moves: list[Move]
