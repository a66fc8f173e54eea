"""The gateway keeps nothing of its own."""

from __future__ import annotations

revision = "gateway_0001"
down_revision = None


def upgrade() -> None:
    pass
