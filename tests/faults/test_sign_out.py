"""Who may no longer come in is put out, though the directory is killed before it could tell the router."""

from __future__ import annotations

import contextlib

import pytest

from chalkbell.contracts import Unavailable
from chalkbell.contracts.directory import AddPerson, ListTokens, RevokeToken
from tests.running import Running, until

pytestmark = [pytest.mark.router, pytest.mark.timeout(180)]


def test_a_revoked_token_ends_its_sessions_though_the_directory_dies_of_it() -> None:
    """Killed after the commit, before the router is asked; the next process finds that nobody has confirmed."""
    with Running(CHALKBELL_TEST_DIES_AT="sign-out") as campus:
        campus.router.start()
        dying = campus.add(["directory"], ("-m", "tests.faults.dying"))
        dying.wait_ready()
        campus.ask(AddPerson(id="ada-stone", name="Ada Stone", email="ada@example.edu"))
        ada = campus.person("ada-stone")
        (token,) = campus.ask(ListTokens(person="ada-stone")).tokens
        with contextlib.suppress(Unavailable):
            campus.ask(RevokeToken(id=token.id))
        dying.child.wait(30)
        assert ada.bus.joined, "nobody has told the router yet"
        del campus.environment["CHALKBELL_TEST_DIES_AT"]
        campus.again(dying)
        until(lambda: not ada.bus.joined and "no longer" in ada.bus.last_error, "put out for good", 60, lambda: ada.bus.last_error)
