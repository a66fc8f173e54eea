"""The tables of the copy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Column, MetaData, String, Table

DIRECTORY = MetaData()

person = Table(
    "directory_person",
    DIRECTORY,
    Column("id", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("administrator", Boolean, nullable=False),
)

group = Table(
    "directory_group",
    DIRECTORY,
    Column("id", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
)

membership = Table(
    "directory_membership",
    DIRECTORY,
    Column("group_id", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
)


def create_tables() -> None:
    """Create them, in a service's first migration. They stay as they are: a change would be a function of another name."""
    op.create_table(
        "directory_person",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("administrator", sa.Boolean, nullable=False),
    )
    op.create_table(
        "directory_group", sa.Column("id", sa.String(63), primary_key=True), sa.Column("name", sa.String(200), nullable=False)
    )
    op.create_table(
        "directory_membership",
        sa.Column("group_id", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True, index=True),
    )
