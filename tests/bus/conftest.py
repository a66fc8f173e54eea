"""A router for all tests here, started once: a start takes seconds. Tests take scopes and people of their own."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.routing import Router, StandIns

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def router() -> Iterator[Router]:
    """A started node with the permissions of the contracts. Who kills it starts it again."""
    started = Router()
    started.start()
    yield started
    started.close()


@pytest.fixture(scope="module")
def stand_ins(router: Router) -> Iterator[StandIns]:
    """All six services in miniature on the session's router, for one module."""
    services = StandIns(router)
    yield services
    router.leave()


@pytest.fixture
def fresh() -> Callable[[str], str]:
    """A function that makes a name that no other test has: a scope, a person."""
    return lambda kind: f"{kind}-{next(_numbers)}"
