"""Tasks, reminders, notices and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chalkbell.columns import Json, Moment
from chalkbell.directory_copy import create_tables

revision = "notifier_0001"
down_revision = None


def upgrade() -> None:
    create_tables()
    op.create_table(
        "task",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("link", sa.String(490), nullable=False),
        sa.Column("category", sa.String(200), nullable=False),
        sa.Column("deadline", Moment, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("urgent_from", Moment, nullable=False),
        sa.Column("owner", sa.String(63), nullable=False, index=True),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("task_by_deadline", "task", ["archived", "deadline", "id"])
    op.create_table(
        "task_person",
        sa.Column("task", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True, index=True),
    )
    op.create_table(
        "task_group",
        sa.Column("task", sa.String(63), primary_key=True),
        sa.Column("group_id", sa.String(63), primary_key=True, index=True),
    )
    op.create_table(
        "task_manager",
        sa.Column("task", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True, index=True),
    )
    op.create_table(
        "assignment",
        sa.Column("task", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True, index=True),
    )
    op.create_table(
        "completion",
        sa.Column("task", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True, index=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.String(63), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
    )
    op.create_table(
        "recipient",
        sa.Column("person", sa.String(63), primary_key=True),
        sa.Column("reminder_mail", sa.Boolean, nullable=False),
        sa.Column("notice_mail", sa.Boolean, nullable=False),
    )
    op.create_table(
        "reminder_period",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("due", Moment, nullable=False, index=True),
        sa.Column("fired", Moment, nullable=False),
        sa.Column("urgent_only", sa.Boolean, nullable=False),
        sa.Column("scheduled", sa.Boolean, nullable=False),
        sa.Column("run", sa.String(32), nullable=False),
    )
    op.create_table(
        "reminder",
        sa.Column("period", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("reminded", sa.Boolean, nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("tasks", Json, nullable=False),
    )
    op.create_index("reminder_by_day", "reminder", ["day", "reminded"])
    op.create_index("reminder_by_person", "reminder", ["person", "at"])
    op.create_table(
        "sign_off",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("package", sa.String(63), nullable=False),
        sa.Column("assessment", sa.String(63), nullable=False),
        sa.Column("module", sa.String(200), nullable=False),
        sa.Column("module_name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("signer", sa.String(200), nullable=False),
        sa.Column("on_behalf_of", sa.String(200), nullable=False),
        sa.Column("guidance", sa.Text, nullable=False),
        sa.Column("has_notes", sa.Boolean, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("sign_off_by_assessment", "sign_off", ["package", "assessment", "at"])
    op.create_table(
        "notice",
        sa.Column("sign_off", sa.String(80), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("sent_at", Moment),
        sa.Column("channel", sa.String(10)),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )
    op.create_index("notice_by_person", "notice", ["person", "seq"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("person", sa.String(63), nullable=False, index=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("decided", Moment, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sent", Moment),
        sa.Column("error", sa.String(500), nullable=False),
        sa.Column("message_id", sa.String(320), nullable=False),
        sa.Column("lease", sa.String(32), nullable=False),
        sa.Column("lease_until", Moment),
    )
    op.create_index("delivery_due", "delivery", ["state", "due"])
    op.create_index("delivery_newest", "delivery", ["decided", "id"])
    op.create_index("delivery_sent", "delivery", ["sent"])
    op.create_table(
        "mail_server",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.String(500), nullable=False),
        sa.Column("retry_at", Moment),
    )
