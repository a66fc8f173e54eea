"""Which call a sign-off was made by, so that what is told of it later belongs to the same."""

import sqlalchemy as sa
from alembic import op

revision = "notifier_0002"
down_revision = "notifier_0001"


def upgrade() -> None:
    op.add_column("sign_off", sa.Column("correlation_id", sa.String(64), nullable=False, server_default=""))
