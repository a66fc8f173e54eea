from datetime import timedelta

import pytest

from chalkbell.contracts import NotAllowed, NotFound
from chalkbell.contracts.directory import (
    DisablePerson,
    EnablePerson,
    ListTokens,
    MakeToken,
    NotSignedIn,
    RevokeToken,
    TokenMade,
    TooManyTokens,
)
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import join, ticket
from tests.service.people import OPERATOR, administrator, populate


@pytest.fixture
def made(campus: ServiceCampus) -> TokenMade:
    """A token of ada-stone's."""
    populate(campus, ["ada-stone", "bo-lind", administrator("root-ann")])
    return campus.call(MakeToken(name="spreadsheet", days=30), by="ada-stone")


def test_a_token_joins_again_and_again(campus: ServiceCampus, made: TokenMade) -> None:
    """As its owner and nobody else; the list says when it was used last, and never what it is."""
    assert made.secret.startswith("cb_")
    for _ in range(2):
        assert join(campus, "ada-stone", made.secret)["authid"] == "ada-stone"
    with pytest.raises(NotSignedIn):
        join(campus, "bo-lind", made.secret)
    (listed,) = campus.call(ListTokens(), by="ada-stone").tokens
    assert (listed.name, listed.last_used) == ("spreadsheet", campus.frozen.now())
    uri = "chalkbell.directory.v1.token.list"
    assert set(campus.call_uri(uri, {}, by="ada-stone")["tokens"][0]) == {"id", "name", "made", "expires", "last_used"}


def test_a_token_makes_tickets(campus: ServiceCampus, made: TokenMade) -> None:
    """So the gateway can join in its owner's name."""
    answer = ticket(campus, made.secret)
    assert answer.person.id == "ada-stone"
    join(campus, "ada-stone", answer.ticket)


def test_a_token_ends_on_its_day(campus: ServiceCampus, made: TokenMade) -> None:
    """The clock ends the sessions that were opened with it."""
    campus.frozen.advance(timedelta(days=30))
    with pytest.raises(NotSignedIn):
        join(campus, "ada-stone", made.secret)
    campus.run_job("directory", "expire")
    assert campus.members["directory"].ended_sessions == ["ada-stone"]
    assert campus.call(ListTokens(), by="ada-stone").tokens == []


def test_a_sign_out_that_nobody_confirms_is_asked_for_again(campus: ServiceCampus, made: TokenMade) -> None:
    """The process that was to ask the router may have been killed; one that was confirmed is over."""
    ended = campus.members["directory"]
    campus.call(RevokeToken(id=made.token.id), by="ada-stone")
    campus.run_job("directory", "sign_out")
    assert ended.ended_sessions == ["ada-stone"], "not while it may still be on its way"
    for turn in (2, 3):
        campus.frozen.advance(timedelta(seconds=10))
        campus.run_job("directory", "sign_out")
        assert ended.ended_sessions == ["ada-stone"] * turn
    campus.sign_out("ada-stone")
    campus.frozen.advance(timedelta(seconds=10))
    campus.run_job("directory", "sign_out")
    assert len(ended.ended_sessions) == 3


def test_a_revoked_token_is_worthless_at_once(campus: ServiceCampus, made: TokenMade) -> None:
    """The sessions of its owner end, and a ticket that it made opens nothing any more."""
    waiting = ticket(campus, made.secret).ticket
    campus.call(RevokeToken(id=made.token.id), by="ada-stone")
    assert campus.members["directory"].ended_sessions == ["ada-stone"]
    for given in (made.secret, waiting):
        with pytest.raises(NotSignedIn):
            join(campus, "ada-stone", given)
    with pytest.raises(NotFound):
        campus.call(RevokeToken(id=made.token.id), by="ada-stone")


def test_tokens_of_others_are_not_there(campus: ServiceCampus, made: TokenMade) -> None:
    """Nobody sees or revokes them; an administrator does, but makes none in another's name. Only the operator may."""
    with pytest.raises(NotFound):
        campus.call(RevokeToken(id=made.token.id), by="bo-lind")
    with pytest.raises(NotFound):
        campus.call(ListTokens(person="ada-stone"), by="bo-lind")
    for who, role in (("bo-lind", "person"), ("root-ann", "administrator")):
        with pytest.raises(NotAllowed):
            campus.call(MakeToken(name="x", person="ada-stone"), by=who, role=role)
    by_ann = {"by": "root-ann", "role": "administrator"}
    assert len(campus.call(ListTokens(person="ada-stone"), **by_ann).tokens) == 1
    campus.call(RevokeToken(id=made.token.id), **by_ann)
    assert join(campus, "ada-stone", campus.call(MakeToken(name="x", person="ada-stone"), **OPERATOR).secret)


def test_who_is_disabled_has_no_use_of_a_token(campus: ServiceCampus, made: TokenMade) -> None:
    """It is there again when they are let in again."""
    campus.call(DisablePerson(id="ada-stone"), **OPERATOR)
    with pytest.raises(NotSignedIn):
        join(campus, "ada-stone", made.secret)
    with pytest.raises(NotSignedIn):
        ticket(campus, made.secret)
    campus.call(EnablePerson(id="ada-stone"), **OPERATOR)
    join(campus, "ada-stone", made.secret)


def test_one_has_so_many_tokens_and_no_more(campus: ServiceCampus, made: TokenMade) -> None:
    for number in range(49):
        campus.call(MakeToken(name=f"token {number}"), by="ada-stone")
    with pytest.raises(TooManyTokens):
        campus.call(MakeToken(name="one more"), by="ada-stone")


def test_services_and_the_operator_have_no_tokens(campus: ServiceCampus) -> None:
    for caller in ({"by": "service.workload", "role": "service-workload"}, OPERATOR):
        with pytest.raises(NotFound):
            campus.call(MakeToken(name="x"), **caller)
