"""The workflow's tables."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

from chalkbell.columns import Json, Moment

WORKFLOW = MetaData()

# ---- the copy of what workload knows

package = Table(
    "package",
    WORKFLOW,
    Column("id", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("status", String(20), nullable=False),
    Column("groups", Json, nullable=False),
    Column("managers", Json, nullable=False),
    Column("assessment_team", Json, nullable=False),
    Column("exams_office", Json, nullable=False),
)

# a module that is no more in its package stays here while it has assessments
module = Table(
    "module",
    WORKFLOW,
    Column("package", String(63), primary_key=True),
    Column("id", String(63), primary_key=True),
    Column("code", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("programmes", Json, nullable=False),
    Column("lead_programme", String(63)),
    Column("removed", Boolean, nullable=False),
)

programme = Table(
    "programme",
    WORKFLOW,
    Column("package", String(63), primary_key=True),
    Column("id", String(63), primary_key=True),
    Column("examiners", Json, nullable=False),
)

# who has which part in a module, examiners included: kept with every change, so that a sign-off needs one look
module_role = Table(
    "module_role",
    WORKFLOW,
    Column("package", String(63), primary_key=True),
    Column("module", String(63), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("person", String(63), primary_key=True),
    Column("place", Integer, nullable=False),
)
Index("module_role_person", module_role.c.person)

# ---- what workflow itself remembers

definition = Table(
    "definition",
    WORKFLOW,
    Column("id", String(140), primary_key=True),
    Column("name", String(63), nullable=False),
    Column("package", String(63)),
    Column("version", Integer, nullable=False),
    Column("title", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("states", Json, nullable=False),
    Column("text", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("added_by", String(80), nullable=False),
)
Index("definition_name", definition.c.package, definition.c.name, definition.c.version)

assessment = Table(
    "assessment",
    WORKFLOW,
    Column("id", String(63), primary_key=True),
    Column("package", String(63), nullable=False),
    Column("module", String(63), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("title", String(200), nullable=False),
    Column("definition", String(140), ForeignKey("definition.id"), nullable=False),
    Column("state", String(63)),
    Column("since", Moment, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("sign_offs", BigInteger, nullable=False),
    UniqueConstraint("package", "module", "kind", "title", name="assessment_once"),
)
Index("assessment_definition", assessment.c.definition)

# The ledger. Triggers in the database refuse any update and delete, so what comes later (who was told) has a table of its own.
sign_off = Table(
    "sign_off",
    WORKFLOW,
    Column("assessment", String(63), ForeignKey("assessment.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("definition", String(140), ForeignKey("definition.id"), nullable=False),
    Column("state", String(63), nullable=False),
    Column("signer", String(80), nullable=False),
    Column("on_behalf_of", String(63)),
    Column("reason", String(200), nullable=False),
    Column("notes", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

notified = Table(
    "notified",
    WORKFLOW,
    Column("assessment", String(63), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("person", String(63), primary_key=True),
    Column("at", Moment, nullable=False),
)
