"""The notifier's tables."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

from chalkbell.columns import Json, Moment

TABLES = MetaData()

task = Table(
    "task",
    TABLES,
    Column("id", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("link", String(490), nullable=False),
    Column("category", String(200), nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("urgent_from", Moment, nullable=False),
    Column("owner", String(63), nullable=False, index=True),
    Column("archived", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
Index("task_by_deadline", task.c.archived, task.c.deadline, task.c.id)

# whom a task is for as its owner wrote it
task_person = Table(
    "task_person",
    TABLES,
    Column("task", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
)
task_group = Table(
    "task_group",
    TABLES,
    Column("task", String(63), primary_key=True),
    Column("group_id", String(63), primary_key=True, index=True),
)
task_manager = Table(
    "task_manager",
    TABLES,
    Column("task", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
)

# whom it is for now, by name or by membership: kept in the very transactions that change tasks and memberships
assignment = Table(
    "assignment",
    TABLES,
    Column("task", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
)

completion = Table(
    "completion",
    TABLES,
    Column("task", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
    Column("at", Moment, nullable=False),
    Column("by", String(63), nullable=False),
    Column("comment", Text, nullable=False),
)

# one row a person: what they want mail of, and the lock by which completing a task and deciding a reminder take turns
recipient = Table(
    "recipient",
    TABLES,
    Column("person", String(63), primary_key=True),
    Column("reminder_mail", Boolean, nullable=False),
    Column("notice_mail", Boolean, nullable=False),
)

# a time of reminding that has been: its row is the right to have fired. `run` tells which process wrote it.
reminder_period = Table(
    "reminder_period",
    TABLES,
    Column("id", String(63), primary_key=True),
    Column("due", Moment, nullable=False, index=True),
    Column("fired", Moment, nullable=False),
    Column("urgent_only", Boolean, nullable=False),
    Column("scheduled", Boolean, nullable=False),
    Column("run", String(32), nullable=False),
)

# what a period decided for each person who had tasks: a reminder, or none and why
reminder = Table(
    "reminder",
    TABLES,
    Column("period", String(63), primary_key=True),
    Column("person", String(63), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("day", String(10), nullable=False),
    Column("reminded", Boolean, nullable=False),
    Column("why", String(40), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("tasks", Json, nullable=False),
)
Index("reminder_by_person", reminder.c.person, reminder.c.at)
Index("reminder_by_day", reminder.c.day, reminder.c.reminded)

# workflow's sign-offs as its events told them: a message's history is made from these
sign_off = Table(
    "sign_off",
    TABLES,
    Column("id", String(80), primary_key=True),
    Column("package", String(63), nullable=False),
    Column("assessment", String(63), nullable=False),
    Column("module", String(200), nullable=False),
    Column("module_name", String(200), nullable=False),
    Column("kind", String(200), nullable=False),
    Column("title", String(200), nullable=False),
    Column("state", String(200), nullable=False),
    Column("signer", String(200), nullable=False),
    Column("on_behalf_of", String(200), nullable=False),
    Column("guidance", Text, nullable=False),
    Column("has_notes", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("correlation_id", String(64), nullable=False),
)
Index("sign_off_by_assessment", sign_off.c.package, sign_off.c.assessment, sign_off.c.at)

notice = Table(
    "notice",
    TABLES,
    Column("sign_off", String(80), primary_key=True),
    Column("person", String(63), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("channel", String(10)),
    # of the event that told: the order in which pages got it
    Column("seq", BigInteger, nullable=False),
)
Index("notice_by_person", notice.c.person, notice.c.seq)

# one row per recipient and logical message; the id is made from what the message is, so a second one cannot be
delivery = Table(
    "delivery",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("about", String(80), nullable=False),
    Column("person", String(63), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("subject", String(500), nullable=False),
    Column("decided", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent", Moment),
    Column("error", String(500), nullable=False),
    Column("message_id", String(320), nullable=False),
    Column("lease", String(32), nullable=False),
    Column("lease_until", Moment),
)
Index("delivery_due", delivery.c.state, delivery.c.due)
Index("delivery_newest", delivery.c.decided, delivery.c.id)
Index("delivery_sent", delivery.c.sent)

# how the mail server has been: one row
mail_server = Table(
    "mail_server",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("error", String(500), nullable=False),
    Column("retry_at", Moment),
)
