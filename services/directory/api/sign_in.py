"""Signing in and out, tickets, and telling the router who somebody is."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from chalkbell.contracts import Done, NotAllowed
from chalkbell.contracts.directory import (
    AUTHENTICATE,
    ChangePassword,
    MakeTicket,
    Me,
    NotSignedIn,
    Person,
    SignedIn,
    SignIn,
    SignOut,
    TicketMade,
    TooManyAttempts,
    WrongPassword,
)
from chalkbell.handlers import Call, LiveSession, RefuseButKeep, procedure, router_procedure, sessions_seen
from services.directory import rules
from services.directory.api import passwords
from services.directory.store import Store

TICKET_LIFE = timedelta(seconds=60)
REALM = "campus"


@procedure(SignIn)
def sign_in(ask: SignIn, call: Call, store: Store) -> SignedIn:
    """Sign in a browser."""
    _only_the_gateway(call)
    person = store.person_by_email(ask.email)
    _check_password(person, ask.email, ask.password, ask.address, store)
    assert person
    session = new_secret(rules.SESSION)
    expires = call.now + timedelta(days=store.settings.session_days)
    store.keep_browser(person.id, rules.digest(session), expires)
    made = _ticket(person, call, store)
    return SignedIn(
        person=made.person, session=session, session_expires=expires, ticket=made.ticket, ticket_expires=made.ticket_expires
    )


@procedure(SignOut)
def sign_out(ask: SignOut, call: Call, store: Store) -> Done:
    """End a browser's session."""
    _only_the_gateway(call)
    person = store.forget_browser(rules.digest(ask.session))
    if person:
        store.forget_tickets(person)
        store.end_sessions(person)
    return Done()


@procedure(MakeTicket)
def make_ticket(ask: MakeTicket, call: Call, store: Store) -> TicketMade:
    """Make a ticket out of a browser's session or a token."""
    _only_the_gateway(call)
    digest = rules.digest(ask.credential)
    idle = timedelta(days=store.settings.session_idle_days)
    id = store.use_token(digest) if ask.credential.startswith(rules.TOKEN) else store.person_of_browser(digest, idle)
    return _ticket(_active(id, store), call, store)


@procedure(ChangePassword)
def change_password(ask: ChangePassword, call: Call, store: Store) -> Done:
    """Change one's own password."""
    person = store.person(call.person)
    if person is None:
        raise NotAllowed("Only people have passwords.")
    # the place of the one who guesses is their session here, which counts like an address
    _check_password(person, person.email, ask.current, f"session of {person.id}", store)
    passwords.give(store, person, ask.new, "new")
    store.forget_browsers(person.id)
    store.end_sessions(person.id)
    return Done()


@router_procedure(AUTHENTICATE)
def authenticate(arguments: Sequence[Any], call: Call, store: Store) -> dict[str, Any]:
    """Tell the router who joins: whoever has a ticket, or a token, of the person that they say they are."""
    realm, authid, details = (*arguments, None, None, None)[:3]
    ticket = cast(dict[str, Any], details).get("ticket") if isinstance(details, dict) else None
    if realm != REALM or not isinstance(authid, str) or not isinstance(ticket, str) or not 0 < len(ticket) <= 200:
        raise NotSignedIn
    digest = rules.digest(ticket)
    id = store.use_token(digest) if ticket.startswith(rules.TOKEN) else store.use_ticket(digest)
    if id != authid:
        raise NotSignedIn
    person = _active(id, store)
    return {"realm": REALM, "authid": person.id, "role": _role(person), "extra": {}}


@sessions_seen
def end_what_should_not_be(sessions: Sequence[LiveSession], store: Store) -> None:
    """After an absence: end the sessions of people who may no longer come in, or not in that role."""
    there = [session for session in sessions if session.role in ("person", "administrator")]
    people = store.people({session.person for session in there})
    for session in there:
        person = people.get(session.person)
        if person is None or not person.active or session.role != _role(person):
            store.end_sessions(session.person)


def new_secret(prefix: str) -> str:
    """A secret of 256 bits."""
    return prefix + secrets.token_urlsafe(32)


def _role(person: Person) -> str:
    return "administrator" if person.administrator else "person"


def _only_the_gateway(call: Call) -> None:
    if call.caller.role != "service-gateway":
        raise NotAllowed("Only the gateway may ask this. Sign in over HTTP: POST /api/sign-in.")


def _active(id: str | None, store: Store) -> Person:
    person = store.person(id) if id else None
    if person is None or not person.active:
        raise NotSignedIn
    return person


def _ticket(person: Person, call: Call, store: Store) -> TicketMade:
    ticket = new_secret(rules.TICKET)
    expires = call.now + TICKET_LIFE
    store.keep_ticket(person.id, rules.digest(ticket), expires)
    me = Me(
        id=person.id, name=person.name, email=person.email, kind=person.kind, administrator=person.administrator,
        groups=[group.id for group in store.groups_of(person.id)],
    )  # fmt: skip
    return TicketMade(person=me, ticket=ticket, ticket_expires=expires)


def _check_password(person: Person | None, account: str, password: str, address: str, store: Store) -> None:
    """Raise unless this is the password of an active person. Failures are counted whoever it is, and slow down what follows."""
    settings = store.settings
    both, of_account, of_address = rules.buckets(
        account.casefold(),
        address,
        settings.failures_per_account_and_address,
        settings.failures_per_account,
        settings.failures_per_address,
    )
    buckets = (both, of_account, of_address)
    kept = store.failures([bucket.key for bucket in buckets], lock=(both.key, of_account.key))
    levels = {bucket: bucket.level(*kept[bucket.key], store.now) if bucket.key in kept else 0.0 for bucket in buckets}
    wait = max(bucket.wait(level) for bucket, level in levels.items())
    if wait:
        raise TooManyAttempts(retry_after=wait)
    right = passwords.is_right(store, person.id if person else None, password)
    if not right or person is None or not person.active:
        store.keep_failures({bucket.key: level + 1 for bucket, level in levels.items()})
        raise RefuseButKeep(WrongPassword())
    store.forget_failures(both.key)
