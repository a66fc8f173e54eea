"""The first tables."""

import sqlalchemy as sa
from alembic import op

from chalkbell.columns import Json
from chalkbell.directory_copy import create_tables

revision = "workload_0001"
down_revision = None


def upgrade() -> None:
    create_tables()
    op.create_table(
        "package",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("end", sa.Date, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("nominal_hours", sa.Float, nullable=False),
        sa.Column("working_days", sa.Float, nullable=False),
        sa.Column("days_in_week", sa.Float, nullable=False),
        sa.Column("periods", Json, nullable=False),
        sa.Column("scaling", Json, nullable=False),
        sa.Column("formulas", Json, nullable=False),
        sa.Column("tariff", sa.String(200), nullable=False),
        sa.Column("show", sa.String(20), nullable=False),
        sa.Column("module_category", sa.String(63), nullable=False),
        sa.Column("coordination_category", sa.String(63), nullable=False),
    )
    op.create_table(
        "package_group",
        sa.Column("package", sa.String(63), sa.ForeignKey("package.id"), primary_key=True),
        sa.Column("purpose", sa.String(20), primary_key=True),
        sa.Column("group_id", sa.String(63), primary_key=True),
    )
    op.create_table(
        "category",
        sa.Column("package", sa.String(63), sa.ForeignKey("package.id"), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("abbreviation", sa.String(10), nullable=False),
        sa.Column("colour", sa.String(7), nullable=False),
    )
    op.create_table(
        "activity_type",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("category", sa.String(63), nullable=False),
        sa.ForeignKeyConstraint(["package", "category"], ["category.package", "category.id"]),
    )
    op.create_table(
        "programme",
        sa.Column("package", sa.String(63), sa.ForeignKey("package.id"), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
    )
    op.create_table(
        "programme_person",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("programme", sa.String(63), primary_key=True),
        sa.Column("role", sa.String(20), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True),
        sa.ForeignKeyConstraint(["package", "programme"], ["programme.package", "programme.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "module",
        sa.Column("package", sa.String(63), sa.ForeignKey("package.id"), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("campus", sa.String(200), nullable=False),
        sa.Column("periods", Json, nullable=False),
        sa.Column("credits", sa.Float, nullable=False),
        sa.Column("students", sa.Integer, nullable=False),
        sa.Column("coordinator", sa.String(63)),
        sa.Column("lead_programme", sa.String(63)),
        sa.Column("overrides", Json, nullable=False),
        sa.ForeignKeyConstraint(["package", "lead_programme"], ["programme.package", "programme.id"]),
    )
    op.create_table(
        "module_moderator",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("module", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True),
        sa.ForeignKeyConstraint(["package", "module"], ["module.package", "module.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "module_programme",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("module", sa.String(63), primary_key=True),
        sa.Column("programme", sa.String(63), primary_key=True),
        sa.ForeignKeyConstraint(["package", "module"], ["module.package", "module.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["package", "programme"], ["programme.package", "programme.id"]),
    )
    op.create_table(
        "allocation",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("module", sa.String(63), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True),
        sa.Column("contact", sa.Float, nullable=False),
        sa.Column("admin", sa.Float, nullable=False),
        sa.Column("assessment", sa.Float, nullable=False),
        sa.ForeignKeyConstraint(["package", "module"], ["module.package", "module.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "activity",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type", sa.String(63), nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("amount", sa.Float, nullable=False),
        sa.Column("periods", Json, nullable=False),
        sa.Column("person", sa.String(63)),
        sa.Column("module", sa.String(63)),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("confidential", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["package", "type"], ["activity_type.package", "activity_type.id"]),
        sa.ForeignKeyConstraint(["package", "module"], ["module.package", "module.id"]),
    )
    op.create_table(
        "post",
        sa.Column("package", sa.String(63), sa.ForeignKey("package.id"), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fte", sa.Float, nullable=False),
        sa.Column("has_workload", sa.Boolean, nullable=False),
        sa.Column("job_title", sa.String(200), nullable=False),
        sa.Column("school", sa.String(200), nullable=False),
    )
    op.create_index("ix_package_group_group_id", "package_group", ["group_id"])
    op.create_index("ix_programme_person_person", "programme_person", ["person"])
    op.create_index("ix_module_coordinator", "module", ["coordinator"])
    op.create_index("ix_module_moderator_person", "module_moderator", ["person"])
    op.create_index("ix_allocation_person", "allocation", ["person"])
    op.create_index("ix_activity_person", "activity", ["person"])
    op.create_index("ix_post_person", "post", ["person"])
