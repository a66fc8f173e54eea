"""Workload's tables. Everything belongs to a package; whoever writes in one holds the lock on its row."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, ForeignKeyConstraint, Integer, MetaData, String, Table, Text

from chalkbell.columns import Json

TABLES = MetaData()

package = Table(
    "package",
    TABLES,
    Column("id", String(63), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("status", String(10), nullable=False),
    Column("nominal_hours", Float, nullable=False),
    Column("working_days", Float, nullable=False),
    Column("days_in_week", Float, nullable=False),
    Column("periods", Json, nullable=False),
    Column("scaling", Json, nullable=False),
    Column("formulas", Json, nullable=False),
    Column("tariff", String(200), nullable=False),
    Column("show", String(20), nullable=False),
    Column("module_category", String(63), nullable=False),
    Column("coordination_category", String(63), nullable=False),
)

# `purpose` is the field of the package that names the group: groups, managers, assessment_team, exams_office
package_group = Table(
    "package_group",
    TABLES,
    Column("package", String(63), ForeignKey("package.id"), primary_key=True),
    Column("purpose", String(20), primary_key=True),
    Column("group_id", String(63), primary_key=True, index=True),
)

category = Table(
    "category",
    TABLES,
    Column("package", String(63), ForeignKey("package.id"), primary_key=True),
    Column("id", String(63), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("abbreviation", String(10), nullable=False),
    Column("colour", String(7), nullable=False),
)

activity_type = Table(
    "activity_type",
    TABLES,
    Column("package", String(63), primary_key=True),
    Column("id", String(63), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("category", String(63), nullable=False),
    ForeignKeyConstraint(["package", "category"], ["category.package", "category.id"]),
)

programme = Table(
    "programme",
    TABLES,
    Column("package", String(63), ForeignKey("package.id"), primary_key=True),
    Column("id", String(63), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("code", String(40), nullable=False),
    Column("name", String(200), nullable=False),
)

# `role` is the field of the programme that names the person: directors, examiners
programme_person = Table(
    "programme_person",
    TABLES,
    Column("package", String(63), primary_key=True),
    Column("programme", String(63), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
    ForeignKeyConstraint(["package", "programme"], ["programme.package", "programme.id"], ondelete="CASCADE"),
)

module = Table(
    "module",
    TABLES,
    Column("package", String(63), ForeignKey("package.id"), primary_key=True),
    Column("id", String(63), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("code", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("campus", String(200), nullable=False),
    Column("periods", Json, nullable=False),
    Column("credits", Float, nullable=False),
    Column("students", Integer, nullable=False),
    Column("coordinator", String(63), index=True),
    Column("lead_programme", String(63)),
    Column("overrides", Json, nullable=False),
    ForeignKeyConstraint(["package", "lead_programme"], ["programme.package", "programme.id"]),
)

module_moderator = Table(
    "module_moderator",
    TABLES,
    Column("package", String(63), primary_key=True),
    Column("module", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
    ForeignKeyConstraint(["package", "module"], ["module.package", "module.id"], ondelete="CASCADE"),
)

module_programme = Table(
    "module_programme",
    TABLES,
    Column("package", String(63), primary_key=True),
    Column("module", String(63), primary_key=True),
    Column("programme", String(63), primary_key=True),
    ForeignKeyConstraint(["package", "module"], ["module.package", "module.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["package", "programme"], ["programme.package", "programme.id"]),
)

allocation = Table(
    "allocation",
    TABLES,
    Column("package", String(63), primary_key=True),
    Column("module", String(63), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
    Column("contact", Float, nullable=False),
    Column("admin", Float, nullable=False),
    Column("assessment", Float, nullable=False),
    ForeignKeyConstraint(["package", "module"], ["module.package", "module.id"], ondelete="CASCADE"),
)

activity = Table(
    "activity",
    TABLES,
    Column("package", String(63), primary_key=True),
    Column("id", String(63), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("type", String(63), nullable=False),
    Column("measure", String(20), nullable=False),
    Column("amount", Float, nullable=False),
    Column("periods", Json, nullable=False),
    Column("person", String(63), index=True),
    Column("module", String(63)),
    Column("comment", Text, nullable=False),
    Column("confidential", Boolean, nullable=False),
    ForeignKeyConstraint(["package", "type"], ["activity_type.package", "activity_type.id"]),
    ForeignKeyConstraint(["package", "module"], ["module.package", "module.id"]),
)

post = Table(
    "post",
    TABLES,
    Column("package", String(63), ForeignKey("package.id"), primary_key=True),
    Column("person", String(63), primary_key=True, index=True),
    Column("version", Integer, nullable=False),
    Column("fte", Float, nullable=False),
    Column("has_workload", Boolean, nullable=False),
    Column("job_title", String(200), nullable=False),
    Column("school", String(200), nullable=False),
)
