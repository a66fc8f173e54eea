"""Streams, cursors, leases and answered requests."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from chalkbell.columns import Moment

revision = "stream_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and begin a history."""
    epoch = op.create_table(
        "stream_epoch", sa.Column("id", sa.Integer, primary_key=True), sa.Column("epoch", sa.String(64), nullable=False)
    )
    op.bulk_insert(epoch, [{"id": 1, "epoch": secrets.token_hex(8)}])
    op.create_table(
        "stream",
        sa.Column("scope", sa.String(63), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("kept_from", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("published", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("shard", sa.Integer, nullable=False, server_default="0"),
        sa.Column("changed", Moment, nullable=False),
    )
    unpublished = sa.text("published < seq")
    op.create_index("stream_unpublished", "stream", ["shard"], sqlite_where=unpublished, postgresql_where=unpublished)
    op.create_table(
        "stream_event",
        sa.Column("scope", sa.String(63), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("at", Moment, nullable=False, index=True),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False, server_default=""),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_table(
        "stream_cursor",
        sa.Column("service", sa.String(40), primary_key=True),
        sa.Column("scope", sa.String(63), primary_key=True),
        sa.Column("epoch", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("until", Moment, nullable=False),
    )
    op.create_table(
        "answered_request",
        sa.Column("person", sa.String(80), primary_key=True),
        sa.Column("request_id", sa.String(64), primary_key=True),
        sa.Column("procedure", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False, index=True),
    )
