"""The directory's tables. Secrets are kept as hashes alone: nobody who reads the database can sign in with what is there."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, MetaData, String, Table

from chalkbell.columns import Moment

TABLES = MetaData()

person = Table(
    "person",
    TABLES,
    Column("id", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),
    # what is compared: people do not know how they once wrote their address
    Column("email_key", String(254), nullable=False, unique=True),
    Column("kind", String(20), nullable=False, index=True),
    Column("active", Boolean, nullable=False),
    Column("administrator", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

# apart from the person, so that no question about people ever carries a hash
password = Table(
    "password",
    TABLES,
    Column("person", String(63), ForeignKey("person.id"), primary_key=True),
    Column("hash", String(200), nullable=False),
    Column("changed", Moment, nullable=False),
)

group = Table(
    "people_group",
    TABLES,
    Column("id", String(63), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
)

membership = Table(
    "membership",
    TABLES,
    Column("group_id", String(63), ForeignKey("people_group.id"), primary_key=True),
    Column("person", String(63), ForeignKey("person.id"), primary_key=True, index=True),
)

token = Table(
    "token",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("person", String(63), ForeignKey("person.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made", Moment, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
    Column("last_used", Moment),
)

browser_session = Table(
    "browser_session",
    TABLES,
    Column("hash", String(64), primary_key=True),
    Column("person", String(63), ForeignKey("person.id"), nullable=False, index=True),
    Column("made", Moment, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
    Column("last_seen", Moment, nullable=False, index=True),
)

ticket = Table(
    "ticket",
    TABLES,
    Column("hash", String(64), primary_key=True),
    Column("person", String(63), ForeignKey("person.id"), nullable=False, index=True),
    Column("expires", Moment, nullable=False, index=True),
)

# `key` is a hash of the account, the address or both: some people type their password where the address belongs
failed_sign_in = Table(
    "failed_sign_in",
    TABLES,
    Column("key", String(64), primary_key=True),
    Column("level", Float, nullable=False),
    Column("last", Moment, nullable=False, index=True),
)

# whose sessions are to be ended, until the router has done it
sign_out = Table(
    "sign_out", TABLES, Column("person", String(63), primary_key=True), Column("at", Moment, nullable=False, index=True)
)
