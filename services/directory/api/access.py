"""What people do with their access: profile, tokens, sessions; and passwords given by administrators."""

from __future__ import annotations

import secrets
from datetime import timedelta

from chalkbell.contracts import Done, NotAllowed, NotFound
from chalkbell.contracts.directory import (
    EndSessions,
    ListTokens,
    MakeToken,
    Person,
    Profile,
    ReadProfile,
    RevokeToken,
    SetPassword,
    Token,
    TokenMade,
    Tokens,
    TooManyTokens,
)
from chalkbell.handlers import Call, procedure
from services.directory import rules
from services.directory.api import passwords
from services.directory.api.sign_in import new_secret
from services.directory.store import Store


@procedure(ReadProfile)
def read_profile(ask: ReadProfile, call: Call, store: Store) -> Profile:
    """What the directory knows of oneself."""
    person = store.person(call.person)
    if person is None:
        raise NotFound("Only people have a profile.")
    return Profile(person=person, groups=store.groups_of(person.id), has_password=store.password_hash(person.id) is not None)


@procedure(SetPassword)
def set_password(ask: SetPassword, call: Call, store: Store) -> Done:
    """Give somebody a password."""
    if call.caller.is_service:
        raise NotAllowed("Only administrators give passwords.")
    person = store.person(ask.id)
    if person is None:
        raise NotFound(path="id")
    passwords.give(store, person, ask.password, "password")
    store.forget_browsers(person.id)
    store.end_sessions(person.id)
    return Done()


@procedure(EndSessions)
def end_sessions(ask: EndSessions, call: Call, store: Store) -> Done:
    """Sign somebody out everywhere."""
    person = _whose(ask.person, call, store)
    store.forget_browsers(person.id)
    store.end_sessions(person.id)
    return Done()


@procedure(MakeToken)
def make_token(ask: MakeToken, call: Call, store: Store) -> TokenMade:
    """Make a personal access token."""
    if ask.person not in (None, call.person) and call.caller.role != "operator":
        raise NotAllowed("A token acts in its owner's name, so everybody makes their own.")
    person = _whose(ask.person, call, store)
    if len(store.tokens(person.id)) >= store.settings.tokens_per_person:
        raise TooManyTokens
    token = Token(id=secrets.token_hex(8), name=ask.name, made=call.now, expires=call.now + timedelta(days=ask.days))
    secret = new_secret(rules.TOKEN)
    store.keep_token(person.id, token, rules.digest(secret))
    return TokenMade(token=token, secret=secret)


@procedure(ListTokens)
def list_tokens(ask: ListTokens, call: Call, store: Store) -> Tokens:
    """Somebody's tokens, without their secrets."""
    return Tokens(tokens=store.tokens(_whose(ask.person, call, store).id))


@procedure(RevokeToken)
def revoke_token(ask: RevokeToken, call: Call, store: Store) -> Done:
    """Make a token worthless."""
    owner = store.owner_of_token(ask.id)
    if owner is None or (owner != call.person and not call.caller.is_administrator):
        raise NotFound(path="id")
    store.drop_token(ask.id)
    store.forget_tickets(owner)
    store.end_sessions(owner)
    return Done()


def _whose(asked: str | None, call: Call, store: Store) -> Person:
    """Oneself, or for administrators whom they name; what others name does not exist for them."""
    id = asked or call.person
    person = store.person(id) if id == call.person or call.caller.is_administrator else None
    if person is None:
        raise NotFound("Name the person." if asked is None else None, path="person")
    return person
