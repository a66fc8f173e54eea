"""Definitions, assessments, the ledger, and the copies of what workload and the directory know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chalkbell.columns import Json, Moment
from chalkbell.directory_copy import create_tables

revision = "workflow_0001"
down_revision = None


def upgrade() -> None:
    create_tables()
    _copy_of_workload()
    op.create_table(
        "definition",
        sa.Column("id", sa.String(140), primary_key=True),
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("package", sa.String(63)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("states", Json, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("added_at", Moment, nullable=False),
        sa.Column("added_by", sa.String(80), nullable=False),
    )
    op.create_index("definition_name", "definition", ["package", "name", "version"])
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("package", sa.String(63), nullable=False),
        sa.Column("module", sa.String(63), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("definition", sa.String(140), sa.ForeignKey("definition.id"), nullable=False),
        sa.Column("state", sa.String(63)),
        sa.Column("since", Moment, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("sign_offs", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("package", "module", "kind", "title", name="assessment_once"),
    )
    op.create_index("assessment_definition", "assessment", ["definition"])
    op.create_table(
        "sign_off",
        sa.Column("assessment", sa.String(63), sa.ForeignKey("assessment.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("definition", sa.String(140), sa.ForeignKey("definition.id"), nullable=False),
        sa.Column("state", sa.String(63), nullable=False),
        sa.Column("signer", sa.String(80), nullable=False),
        sa.Column("on_behalf_of", sa.String(63)),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "notified",
        sa.Column("assessment", sa.String(63), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )
    _refuse_changes_of_the_ledger()


def _copy_of_workload() -> None:
    op.create_table(
        "package",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("groups", Json, nullable=False),
        sa.Column("managers", Json, nullable=False),
        sa.Column("assessment_team", Json, nullable=False),
        sa.Column("exams_office", Json, nullable=False),
    )
    op.create_table(
        "module",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("programmes", Json, nullable=False),
        sa.Column("lead_programme", sa.String(63)),
        sa.Column("removed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "programme",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("examiners", Json, nullable=False),
    )
    op.create_table(
        "module_role",
        sa.Column("package", sa.String(63), primary_key=True),
        sa.Column("module", sa.String(63), primary_key=True),
        sa.Column("role", sa.String(20), primary_key=True),
        sa.Column("person", sa.String(63), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_index("module_role_person", "module_role", ["person"])


def _refuse_changes_of_the_ledger() -> None:
    message = "the ledger of sign-offs is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER sign_off_no_{action.lower()} BEFORE {action} ON sign_off"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in (("change", "UPDATE OR DELETE ON sign_off FOR EACH ROW"), ("truncate", "TRUNCATE ON sign_off")):
        op.execute(f"CREATE TRIGGER sign_off_no_{name} BEFORE {when} EXECUTE FUNCTION refuse_change_of_ledger()")
