"""Whose sessions are to be ended is kept until the router has done it."""

import sqlalchemy as sa
from alembic import op

from chalkbell.columns import Moment

revision = "directory_0002"
down_revision = "directory_0001"


def upgrade() -> None:
    op.create_table(
        "sign_out",
        sa.Column("person", sa.String(63), primary_key=True),
        sa.Column("at", Moment, nullable=False, index=True),
    )
