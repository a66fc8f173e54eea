"""Where a service's rows are: SQLite (a file of its own) or PostgreSQL (a schema of its own). One transaction at a time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from chalkbell.contracts import Unavailable
from chalkbell.stream import tables

WRITING = "chalkbell_writing"
STATEMENT_TIMEOUT = 30_000
LOCK_TIMEOUT = 10_000


class Database:
    """The database of one service.

    `url` is an SQLAlchemy URL. On SQLite it names the service's own file; on PostgreSQL `schema` is the service's own schema in the
    shared database. Writers on SQLite take turns here rather than wait in SQLite's busy handler, which sleeps.
    """

    def __init__(self, url: str, schema: str, *, threads: int = 4) -> None:
        self.url = make_url(url)
        self.schema = schema
        self.on_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._sqlite_engine(threads) if self.on_sqlite else self._postgresql_engine(threads)
        self._writer = threading.Lock()
        self._epoch = ""

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        return Path(self.url.database) if self.on_sqlite and self.url.database else None

    @contextlib.contextmanager
    def transaction(self, *, write: bool) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back when anything is raised. A reader sees one moment throughout."""
        if self.on_sqlite and write:
            with self._writer, self._begin(write) as connection:
                yield connection
        else:
            with self._begin(write) as connection:
                yield connection

    @contextlib.contextmanager
    def _begin(self, write: bool) -> Iterator[Connection]:
        options: dict[str, Any] = {WRITING: write}
        if not self.on_sqlite and not write:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect() as connection:
            connection = connection.execution_options(**options)
            with connection.begin():
                yield connection

    def epoch(self, connection: Connection) -> str:
        """The name of the history that this database holds; a restore from a backup begins another."""
        if not self._epoch:
            self._epoch = str(connection.execute(select(tables.epoch.c.epoch)).scalar_one())
        return self._epoch

    def forget_epoch(self) -> None:
        """Read the epoch anew: the database may have been restored."""
        self._epoch = ""

    def ping(self) -> None:
        """Raise when the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("select 1"))

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _sqlite_engine(self, threads: int) -> Engine:
        assert self.url.database, "an SQLite database is a file: the threads of a service share it"
        Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            self.url, pool_size=threads + 1, max_overflow=threads, connect_args={"timeout": 10, "check_same_thread": False}
        )

        @event.listens_for(engine, "connect")
        def configure(connection: Any, record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
            connection.isolation_level = None  # BEGIN is ours to say, below
            cursor = connection.cursor()
            # acknowledged means on disk: FULL, which costs a fraction of a millisecond a commit
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
            writing = connection.get_execution_options().get(WRITING)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

        return engine

    def _postgresql_engine(self, threads: int) -> Engine:
        options = (
            f"-csearch_path={self.schema} -cstatement_timeout={STATEMENT_TIMEOUT} -clock_timeout={LOCK_TIMEOUT}"
            " -cidle_in_transaction_session_timeout=60000 -ctimezone=UTC"
        )
        return create_engine(
            self.url, pool_size=threads + 1, max_overflow=threads, connect_args={"options": options, "connect_timeout": 5}
        )


def is_worth_repeating(error: BaseException) -> bool:
    """Whether the whole transaction may simply be run again: two got in each other's way and the database sent one back."""
    if isinstance(error, IntegrityError):
        return "answered_request" in str(error.orig)
    if isinstance(error, DBAPIError) and error.orig is not None:
        return getattr(error.orig, "sqlstate", None) in ("40001", "40P01")
    return False


def as_refusal(error: DBAPIError) -> Unavailable | None:
    """The refusal for a database that is away, full, locked or read-only; None when the error is our own mistake."""
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return Unavailable(
            "The database cannot take this at the moment. Nothing was changed, as far as is known. Ask again, with the same request_id."
        )
    state = str(getattr(error.orig, "sqlstate", "") or "")
    # PostgreSQL: connection exceptions, out of resources, shutting down, lock or statement timeouts
    if state[:2] in ("08", "53", "57") or state == "55P03":
        return Unavailable("The database cannot take this at the moment. Nothing was changed. Ask again, with the same request_id.")
    return None
