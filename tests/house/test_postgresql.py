"""The server that other tests rely on."""

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from tests.postgresql import PostgreSQL

pytestmark = pytest.mark.postgresql


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def test_every_database_is_fresh(new_database: Callable[..., str]) -> None:
    first, second = new_database(), new_database()
    execute(first, "create table bell (rung int)")
    assert execute(second, "select count(*) from pg_tables where tablename = 'bell'") == [(0,)]


def test_a_template_is_prepared_once_and_copied(postgresql: PostgreSQL, new_database: Callable[..., str]) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        execute(url, "create table bell (rung int)")
        execute(url, "insert into bell values (3)")

    for _ in range(2):
        copy = new_database(template=postgresql.template("house", prepare))
        assert execute(copy, "select rung from bell") == [(3,)]
    assert len(prepared) == 1


@pytest.mark.parametrize("at_once", [False, True], ids=["stopped", "crashed"])
def test_what_a_durable_server_committed_is_there_after_it_starts_again(durable_postgresql: PostgreSQL, at_once: bool) -> None:
    url = durable_postgresql.url(durable_postgresql.create_database())
    execute(url, "create table bell (rung int)")
    execute(url, "insert into bell values (7)")
    durable_postgresql.stop(at_once=at_once)
    assert not durable_postgresql.is_running
    durable_postgresql.start()
    assert execute(url, "select rung from bell") == [(7,)]
