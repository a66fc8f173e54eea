"""Rooms, who belongs to them, who is there, and what they do."""

import sqlalchemy as sa
from alembic import op

from chalkbell.columns import Json, Moment
from chalkbell.directory_copy import create_tables

revision = "classroom_0001"
down_revision = None


def upgrade() -> None:
    create_tables()
    op.create_table(
        "room",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("code", sa.String(20)),
        sa.Column("group_size", sa.Integer, nullable=False),
        sa.Column("countdown", sa.Integer, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("mode", Json, nullable=False),
        sa.Column("groups_made", sa.Integer, nullable=False),
        sa.Column("last_groups", Json, nullable=False),
        sa.Column("unattended_since", Moment),
        sa.Column("due", Moment, index=True),
    )
    op.create_table(
        "room_teacher",
        sa.Column("room", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True, index=True),
        sa.Column("name", sa.String(200), nullable=False),
    )
    op.create_table(
        "room_member",
        sa.Column("room", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True, index=True),
        sa.Column("by_code", sa.Boolean, nullable=False),
    )
    op.create_table(
        "room_member_group",
        sa.Column("room", sa.String(63), primary_key=True),
        sa.Column("group_id", sa.String(63), primary_key=True, index=True),
    )
    op.create_table(
        "participant",
        sa.Column("room", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("away_since", Moment),
    )
    op.create_table(
        "presence",
        sa.Column("session", sa.BigInteger, primary_key=True),
        sa.Column("room", sa.String(63), primary_key=True, index=True),
        sa.Column("person", sa.String(63), nullable=False),
        sa.Column("since", Moment, nullable=False),
    )
    op.create_table(
        "ended_session",
        sa.Column("session", sa.BigInteger, primary_key=True),
        sa.Column("at", Moment, nullable=False, index=True),
    )
