"""The tables that every service has for its streams, cursors, leases and answered requests."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

from chalkbell.columns import Moment

STREAM = MetaData()

epoch = Table("stream_epoch", STREAM, Column("id", Integer, primary_key=True), Column("epoch", String(64), nullable=False))

# the counter row: locked by the transaction that records, so that sequence order is commit order and has no holes
stream = Table(
    "stream",
    STREAM,
    Column("scope", String(63), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("kept_from", BigInteger, nullable=False, server_default="1"),
    Column("published", BigInteger, nullable=False, server_default="0"),
    Column("shard", Integer, nullable=False, server_default="0"),
    Column("changed", Moment, nullable=False),
)
Index(
    "stream_unpublished",
    stream.c.shard,
    sqlite_where=stream.c.published < stream.c.seq,
    postgresql_where=stream.c.published < stream.c.seq,
)

event = Table(
    "stream_event",
    STREAM,
    Column("scope", String(63), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("by", String(80), nullable=False),
    Column("correlation_id", String(64), nullable=False, server_default=""),
    Column("data", Text, nullable=False),
)

cursor = Table(
    "stream_cursor",
    STREAM,
    Column("service", String(40), primary_key=True),
    Column("scope", String(63), primary_key=True),
    Column("epoch", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
)

# `fence` only grows: what a holder writes counts only while its fence is still the newest
lease = Table(
    "lease",
    STREAM,
    Column("name", String(80), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("until", Moment, nullable=False),
)

answered = Table(
    "answered_request",
    STREAM,
    Column("person", String(80), primary_key=True),
    Column("request_id", String(64), primary_key=True),
    Column("procedure", String(120), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
