"""Counting what a service asks of its database: the number of questions must not grow with the number of rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from chalkbell.testing import MemoryCampus


@contextmanager
def counted_statements(campus: MemoryCampus, service: str) -> Iterator[list[str]]:
    """A list that fills with the SQL statements that a service runs meanwhile, one entry per round trip.

    `with counted_statements(campus, "workload") as statements: campus.call(...)`, then `len(statements)`.
    """
    engine = campus.members[service].dispatcher.database.engine
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
