from datetime import timedelta

import pytest

from chalkbell.contracts import Invalid, NotAllowed, NotFound
from chalkbell.contracts.directory import (
    ChangePassword,
    ChangePerson,
    DisablePerson,
    EnablePerson,
    EndSessions,
    NotSignedIn,
    ReadProfile,
    SetPassword,
    SignIn,
    SignOut,
    TooManyAttempts,
    WeakPassword,
    WrongPassword,
)
from services.directory.api import passwords
from services.directory.settings import Settings
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import GATEWAY, PASSWORD, give_password, join, sign_in, ticket
from tests.service.people import OPERATOR, administrator, populate


@pytest.fixture
def ada(campus: ServiceCampus) -> str:
    """Somebody with a password."""
    populate(campus, ["ada-stone", "bo-lind"], {"cs-staff": ["ada-stone"]})
    give_password(campus, "ada-stone")
    return "ada-stone"


def test_a_password_opens_a_session_and_a_ticket(campus: ServiceCampus, ada: str) -> None:
    """The answer says who one is; the ticket joins the router as that person."""
    signed_in = campus.call(SignIn(email="ADA-stone@example.edu", password=PASSWORD, address="192.0.2.7"), **GATEWAY)
    assert (signed_in.person.id, signed_in.person.groups) == (ada, ["cs-staff"])
    assert join(campus, ada, signed_in.ticket) == {"realm": "campus", "authid": ada, "role": "person", "extra": {}}


def test_an_administrator_joins_as_one(campus: ServiceCampus) -> None:
    populate(campus, [administrator("root-ann")])
    give_password(campus, "root-ann")
    assert join(campus, "root-ann", sign_in(campus, "root-ann").ticket)["role"] == "administrator"


def test_a_ticket_opens_one_session_within_a_minute(campus: ServiceCampus, ada: str) -> None:
    signed_in = sign_in(campus, ada)
    join(campus, ada, signed_in.ticket)
    with pytest.raises(NotSignedIn):
        join(campus, ada, signed_in.ticket)
    late = ticket(campus, signed_in.session).ticket
    campus.frozen.advance(timedelta(seconds=60))
    with pytest.raises(NotSignedIn):
        join(campus, ada, late)


def test_a_ticket_is_for_its_person_alone(campus: ServiceCampus, ada: str) -> None:
    """Trying it as somebody else does not use it up."""
    made = sign_in(campus, ada).ticket
    for authid in ("bo-lind", "operator", "service.directory", "", "ada-stone ", None, 7, ["ada-stone"]):
        with pytest.raises(NotSignedIn):
            join(campus, authid, made)
    with pytest.raises(NotSignedIn):
        join(campus, ada, made, realm="elsewhere")
    assert join(campus, ada, made)["authid"] == ada


@pytest.mark.parametrize("given", [None, "", 7, b"x", {"a": 1}, "ct_" + "x" * 500, "ct_\ud800", "nothing"])
def test_what_is_no_ticket_is_refused(campus: ServiceCampus, ada: str, given: object) -> None:
    with pytest.raises(NotSignedIn):
        join(campus, ada, given)


def test_a_session_is_no_ticket_and_a_ticket_no_session(campus: ServiceCampus, ada: str) -> None:
    signed_in = sign_in(campus, ada)
    with pytest.raises(NotSignedIn):
        join(campus, ada, signed_in.session)
    with pytest.raises(NotSignedIn):
        ticket(campus, signed_in.ticket)


def test_all_that_cannot_sign_in_are_told_the_same(campus: ServiceCampus, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password, an unknown address, a person without password, a disabled one: one answer, and one hash computed each."""
    give_password(campus, "bo-lind")
    campus.call(DisablePerson(id="bo-lind"), **OPERATOR)
    populate(campus, ["cy-marsh"])
    hashed: list[str] = []
    hasher = type(passwords._hasher(8, 1))
    verify = hasher.verify
    monkeypatch.setattr(hasher, "verify", lambda self, kept, given: (hashed.append(kept), verify(self, kept, given))[1])
    attempts = [(ada, "wrong password"), ("nobody-there", PASSWORD), ("cy-marsh", "nobody's"), ("bo-lind", PASSWORD)]
    told = set()
    for who, password in attempts:
        with pytest.raises(WrongPassword) as refused:
            sign_in(campus, who, password)
        told.add((refused.value.uri, refused.value.message, str(refused.value.details)))
    assert len(told) == 1
    assert len(hashed) == len(attempts)


def test_guessing_slows_down_and_the_right_password_waits_as_well(campus: ServiceCampus, ada: str) -> None:
    """After five slips from one address the sixth attempt waits, even with the right password; time heals it."""
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(campus, ada, "wrong password")
    with pytest.raises(TooManyAttempts) as refused:
        sign_in(campus, ada)
    wait = refused.value.details["retry_after"]
    assert 170 <= wait <= 180
    campus.frozen.advance(timedelta(seconds=wait))
    sign_in(campus, ada)
    sign_in(campus, ada)


def test_the_owner_elsewhere_is_not_kept_out_by_a_guesser(campus: ServiceCampus, ada: str) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(campus, ada, "wrong password", address="203.0.113.9")
    with pytest.raises(TooManyAttempts):
        sign_in(campus, ada, "wrong password", address="203.0.113.9")
    sign_in(campus, ada, address="192.0.2.7")


def test_an_account_is_guarded_against_many_addresses(campus: ServiceCampus, ada: str) -> None:
    """Also one that does not exist: who waits learns nothing of who is there."""
    for who in (ada, "nobody-there"):
        for number in range(30):
            with pytest.raises(WrongPassword):
                sign_in(campus, who, "wrong password", address=f"198.51.100.{number}")
        with pytest.raises(TooManyAttempts):
            sign_in(campus, who, "wrong password", address="192.0.2.99")


def test_an_address_that_tries_many_accounts_waits(campus: ServiceCampus, ada: str) -> None:
    """With IPv6 its whole network does."""
    for number in range(200):
        with pytest.raises(WrongPassword):
            sign_in(campus, f"somebody-{number}", "wrong password", address=f"2001:db8::{number:x}")
    with pytest.raises(TooManyAttempts):
        sign_in(campus, ada, address="2001:db8::ffff")
    sign_in(campus, ada, address="2001:db8:0:1::1")


def test_a_success_makes_slips_forgotten(campus: ServiceCampus, ada: str) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongPassword):
                sign_in(campus, ada, "wrong password")
        sign_in(campus, ada)


def test_a_session_ends_after_a_week_without_use_and_after_a_month(campus: ServiceCampus, ada: str) -> None:
    """Whoever uses it every day signs in again after a month all the same. The clock ends the WAMP sessions too."""
    unused, used = sign_in(campus, ada).session, sign_in(campus, ada).session
    ended = campus.members["directory"].ended_sessions
    for _ in range(7):
        ticket(campus, used)
        campus.frozen.advance(timedelta(days=1))
    with pytest.raises(NotSignedIn):
        ticket(campus, unused)
    for _ in range(22):
        ticket(campus, used)
        campus.frozen.advance(timedelta(days=1))
    campus.run_job("directory", "expire")
    assert campus.members["directory"].ended_sessions == [*ended, ada]
    ticket(campus, used)
    campus.frozen.advance(timedelta(days=1))
    with pytest.raises(NotSignedIn):
        ticket(campus, used)


def test_the_clock_knows_when_the_next_session_expires(campus: ServiceCampus, ada: str) -> None:
    assert campus.run_job("directory", "expire") is None
    sign_in(campus, ada)
    assert campus.run_job("directory", "expire") == campus.frozen.now() + timedelta(days=7)


def test_signing_out_ends_the_session_and_its_tickets(campus: ServiceCampus, ada: str) -> None:
    """Signing out of a session that is none is no error."""
    signed_in = sign_in(campus, ada)
    campus.call(SignOut(session=signed_in.session), **GATEWAY)
    campus.call(SignOut(session=signed_in.session), **GATEWAY)
    assert campus.members["directory"].ended_sessions[-1:] == [ada]
    with pytest.raises(NotSignedIn):
        ticket(campus, signed_in.session)
    with pytest.raises(NotSignedIn):
        join(campus, ada, signed_in.ticket)


def test_who_is_disabled_cannot_come_in_any_way(campus: ServiceCampus, ada: str) -> None:
    """Neither with a ticket that is out, nor a session, nor the password; enabled again they sign in anew."""
    signed_in = sign_in(campus, ada)
    campus.call(DisablePerson(id=ada), **OPERATOR)
    with pytest.raises(NotSignedIn):
        join(campus, ada, signed_in.ticket)
    with pytest.raises(NotSignedIn):
        ticket(campus, signed_in.session)
    with pytest.raises(WrongPassword):
        sign_in(campus, ada)
    campus.call(EnablePerson(id=ada), **OPERATOR)
    with pytest.raises(NotSignedIn):
        ticket(campus, signed_in.session)
    sign_in(campus, ada)


def test_one_changes_ones_own_password(campus: ServiceCampus, ada: str) -> None:
    """All browsers must sign in again, with the new one."""
    signed_in = sign_in(campus, ada)
    new = "a riddle of the sands"
    campus.call(ChangePassword(current=PASSWORD, new=new), by=ada)
    assert campus.members["directory"].ended_sessions[-1] == ada
    with pytest.raises(NotSignedIn):
        ticket(campus, signed_in.session)
    with pytest.raises(WrongPassword):
        sign_in(campus, ada)
    sign_in(campus, ada, new)


def test_who_finds_an_open_browser_cannot_guess_the_password_in_it(campus: ServiceCampus, ada: str) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            campus.call(ChangePassword(current="wrong password", new="a riddle of the sands"), by=ada)
    with pytest.raises(TooManyAttempts):
        campus.call(ChangePassword(current=PASSWORD, new="a riddle of the sands"), by=ada)
    sign_in(campus, ada)


def test_services_and_strangers_have_no_password_to_change(campus: ServiceCampus) -> None:
    with pytest.raises(NotAllowed):
        campus.call(ChangePassword(current="x", new="a riddle of the sands"), by="service.workload", role="service-workload")


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "ada-stone99", "Ada Stone!!", "password1234", "1234567890"])
def test_a_password_that_others_guess_is_refused(campus: ServiceCampus, ada: str, weak: str) -> None:
    """The refusal does not repeat it, and the old one stays."""
    with pytest.raises(WeakPassword) as refused:
        campus.call(SetPassword(id=ada, password=weak), **OPERATOR)
    assert refused.value.details == {"path": "password"}
    assert weak not in refused.value.message
    sign_in(campus, ada)


def test_a_password_for_nobody(campus: ServiceCampus) -> None:
    with pytest.raises(NotFound):
        give_password(campus, "nobody-there")


def test_a_password_typed_on_another_keyboard_is_the_same(campus: ServiceCampus, ada: str) -> None:
    """Composed and decomposed letters are compared as one."""
    give_password(campus, ada, "caf\u00e9 au lait noir")
    sign_in(campus, ada, "cafe\u0301 au lait noir")


def test_a_hash_is_made_anew_when_it_should_be_stronger(campus: ServiceCampus, ada: str) -> None:
    """At the next sign-in, for only then the password is known."""
    before = campus.within("directory", lambda store: store.password_hash(ada))
    campus.members["directory"].dispatcher.settings = Settings(password_memory=16, password_rounds=1)
    sign_in(campus, ada)
    after = campus.within("directory", lambda store: store.password_hash(ada))
    assert "m=8," in before
    assert "m=16," in after
    sign_in(campus, ada)


def test_one_signs_oneself_out_everywhere(campus: ServiceCampus, ada: str) -> None:
    """An administrator may do it for another; others may not, and learn nothing."""
    one, other = sign_in(campus, ada).session, sign_in(campus, ada).session
    with pytest.raises(NotFound):
        campus.call(EndSessions(person=ada), by="bo-lind")
    campus.call(EndSessions(), by=ada)
    for session in (one, other):
        with pytest.raises(NotSignedIn):
            ticket(campus, session)
    third = sign_in(campus, ada).session
    campus.call(EndSessions(person=ada), **OPERATOR)
    with pytest.raises(NotSignedIn):
        ticket(campus, third)


def test_losing_administration_shows_at_the_next_join(campus: ServiceCampus) -> None:
    populate(campus, [administrator("root-ann")])
    give_password(campus, "root-ann")
    session = sign_in(campus, "root-ann").session
    campus.call(ChangePerson(id="root-ann", seen=1, administrator=False), **OPERATOR)
    assert join(campus, "root-ann", ticket(campus, session).ticket)["role"] == "person"


def test_a_secret_is_not_asked_for_with_a_request_id(campus: ServiceCampus, ada: str) -> None:
    """Its answer would have to be kept."""
    for name, fields in (
        ("sign_in", {"email": "a@b.c", "password": "x", "address": ""}),
        ("ticket.make", {"credential": "x"}),
        ("person.set_password", {"id": ada, "password": PASSWORD}),
        ("token.make", {"name": "mine"}),
        ("password.change", {"current": "x", "new": "y"}),
    ):
        with pytest.raises(Invalid) as refused:
            campus.call_uri(f"chalkbell.directory.v1.{name}", {**fields, "request_id": "r1"}, **GATEWAY)
        assert refused.value.details["path"] == "request_id"


def test_the_profile_says_whether_there_is_a_password(campus: ServiceCampus, ada: str) -> None:
    assert campus.call(ReadProfile(), by=ada).has_password
    assert not campus.call(ReadProfile(), by="bo-lind").has_password
