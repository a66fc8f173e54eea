"""People, groups, and what they sign in with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chalkbell.columns import Moment

revision = "directory_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False, index=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("administrator", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "password",
        sa.Column("person", sa.String(63), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("hash", sa.String(200), nullable=False),
        sa.Column("changed", Moment, nullable=False),
    )
    op.create_table(
        "people_group",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "membership",
        sa.Column("group_id", sa.String(63), sa.ForeignKey("people_group.id"), primary_key=True),
        sa.Column("person", sa.String(63), sa.ForeignKey("person.id"), primary_key=True, index=True),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(63), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("made", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False, index=True),
        sa.Column("last_used", Moment),
    )
    op.create_table(
        "browser_session",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(63), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("made", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False, index=True),
        sa.Column("last_seen", Moment, nullable=False, index=True),
    )
    op.create_table(
        "ticket",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(63), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("expires", Moment, nullable=False, index=True),
    )
    op.create_table(
        "failed_sign_in",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("level", sa.Float, nullable=False),
        sa.Column("last", Moment, nullable=False, index=True),
    )
