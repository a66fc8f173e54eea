"""The classroom's tables."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table

from chalkbell.columns import Json, Moment

TABLES = MetaData()

# `mode` is one value: it is decided, told and read as a whole, under the lock of this row. `due` is when the clock next has
# something to do here.
room = Table(
    "room",
    TABLES,
    Column("id", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("code", String(20)),
    Column("group_size", Integer, nullable=False),
    Column("countdown", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("mode", Json, nullable=False),
    Column("groups_made", Integer, nullable=False),
    Column("last_groups", Json, nullable=False),
    Column("unattended_since", Moment),
    Column("due", Moment, index=True),
)

teacher = Table(
    "room_teacher",
    TABLES,
    Column("room", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
    Column("name", String(200), nullable=False),
)

member = Table(
    "room_member",
    TABLES,
    Column("room", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
    Column("by_code", Boolean, nullable=False),
)

member_group = Table(
    "room_member_group",
    TABLES,
    Column("room", String(63), primary_key=True),
    Column("group_id", String(63), primary_key=True, index=True),
)

participant = Table(
    "participant",
    TABLES,
    Column("room", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
    Column("name", String(200), nullable=False),
    Column("standing", String(20), nullable=False),
    Column("since", Moment, nullable=False),
    Column("away_since", Moment),
)

# the sessions (browser tabs) by which a participant is there
presence = Table(
    "presence",
    TABLES,
    Column("session", BigInteger, primary_key=True),
    Column("room", String(63), primary_key=True, index=True),
    Column("person", String(63), nullable=False),
    Column("since", Moment, nullable=False),
)

# a session may end before its call to join is answered: it must not be there for ever
ended_session = Table(
    "ended_session",
    TABLES,
    Column("session", BigInteger, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)
