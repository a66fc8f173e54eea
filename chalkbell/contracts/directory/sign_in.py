"""Signing in: passwords, browser sessions, tickets and personal access tokens.

A browser signs in over HTTP: the gateway asks `sign_in` for it and keeps the session in a cookie. With a session or a token a
ticket is made, and the ticket opens one WAMP session. Secrets are shown once, where they are made; only hashes are kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from msgspec import Meta

from chalkbell.contracts.core import Allow, Ask, Change, Done, Email, GroupId, Line, Message, PersonId, Slug, rpc
from chalkbell.contracts.directory.groups import GroupNamed
from chalkbell.contracts.directory.people import Person, PersonKind
from chalkbell.contracts.refusals import Conflict, Invalid, NotAllowed, TooMany, refusal

AUTHENTICATE = "chalkbell.directory.v1.authenticate"
"""Asked by the router alone: who is this?"""

A = TypeVar("A")

_TEXT = r"^[^\x00-\x1f\x7f\ud800-\udfff]*$(?!\n)"
Password = Annotated[str, Meta(min_length=1, max_length=200, pattern=_TEXT)]
Credential = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]*$(?!\n)", description="A secret made by the directory.")
]


class SecretChange(Change[A], Generic[A], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change with a secret in its request or answer. It takes no `request_id`: the answer would have to be kept."""

    request_id: None = None  # pyright: ignore[reportIncompatibleVariableOverride]


class Me(Message, frozen=True, kw_only=True):
    """Who is signed in."""

    id: PersonId
    name: Line
    email: Email
    kind: PersonKind
    administrator: bool
    groups: list[GroupId]


class TicketMade(Message, frozen=True, kw_only=True):
    """A ticket that opens one WAMP session as this person, until `ticket_expires`."""

    person: Me
    ticket: str
    ticket_expires: datetime


class SignedIn(Message, frozen=True, kw_only=True):
    """A browser is signed in: its session, which must reach nobody but that browser, and a first ticket."""

    person: Me
    session: str
    session_expires: datetime
    ticket: str
    ticket_expires: datetime


class Profile(Message, frozen=True, kw_only=True):
    """What the directory knows of oneself."""

    person: Person
    groups: list[GroupNamed]
    has_password: bool


class Token(Message, frozen=True, kw_only=True):
    """A personal access token, without its secret."""

    id: Slug
    name: Line
    made: datetime
    expires: datetime
    last_used: datetime | None = None


class TokenMade(Message, frozen=True, kw_only=True):
    """A new token. `secret` is shown here and never again."""

    token: Token
    secret: str


class Tokens(Message, frozen=True, kw_only=True):
    """Somebody's tokens, newest first."""

    tokens: list[Token]


@refusal("directory.v1.error.wrong_password")
class WrongPassword(NotAllowed):
    """The e-mail address or the password is wrong. Check both and try again."""

    http_status = 401


@refusal("directory.v1.error.not_signed_in")
class NotSignedIn(NotAllowed):
    """This session, ticket or token is not valid, or no longer. Sign in again, or make a new token."""

    http_status = 401


@refusal("directory.v1.error.too_many_attempts")
class TooManyAttempts(TooMany):
    """Too many failed attempts. Wait `retry_after` seconds and try again."""


@refusal("directory.v1.error.weak_password")
class WeakPassword(Invalid):
    """This password is too easy to guess. Take at least 10 characters, and none that others know of you."""


@refusal("directory.v1.error.too_many_tokens")
class TooManyTokens(Conflict):
    """You have as many tokens as one may have. Revoke one that you do not need any more."""


@rpc("directory.v1.sign_in", allow=Allow.SERVICE, refusals=(WrongPassword, TooManyAttempts))
class SignIn(SecretChange[SignedIn], frozen=True, kw_only=True):
    """Sign in a browser. For the gateway, which says from which address it is asked.

    An unknown address, a wrong password and a disabled person are answered alike, and in the same time.
    """

    email: Annotated[str, Meta(max_length=254, pattern=_TEXT)]
    password: Annotated[str, Meta(max_length=200, pattern=_TEXT)]
    address: Annotated[str, Meta(max_length=64, pattern=_TEXT)]


@rpc("directory.v1.sign_out", allow=Allow.SERVICE)
class SignOut(SecretChange[Done], frozen=True, kw_only=True):
    """End a browser's session, and the WAMP sessions of its person: their other browsers join anew. For the gateway."""

    session: Credential


@rpc("directory.v1.ticket.make", allow=Allow.SERVICE, refusals=(NotSignedIn,))
class MakeTicket(SecretChange[TicketMade], frozen=True, kw_only=True):
    """Make a ticket out of a browser's session or a personal access token. For the gateway."""

    credential: Credential


@rpc("directory.v1.profile.read")
class ReadProfile(Ask[Profile], frozen=True, kw_only=True):
    """What the directory knows of oneself."""


@rpc("directory.v1.password.change", refusals=(WrongPassword, WeakPassword, TooManyAttempts))
class ChangePassword(SecretChange[Done], frozen=True, kw_only=True):
    """Change one's own password. All browsers have to sign in again, this one too; personal access tokens stay."""

    current: Password
    new: Password


@rpc("directory.v1.person.set_password", allow=Allow.ADMINISTRATOR, refusals=(WeakPassword,))
class SetPassword(SecretChange[Done], frozen=True, kw_only=True):
    """Give somebody a password. Their browsers have to sign in again; personal access tokens stay."""

    id: PersonId
    password: Password


@rpc("directory.v1.sessions.end")
class EndSessions(Change[Done], frozen=True, kw_only=True):
    """Sign oneself out everywhere. Administrators may name a `person`. Personal access tokens stay."""

    person: PersonId | None = None


@rpc("directory.v1.token.make", refusals=(TooManyTokens,))
class MakeToken(SecretChange[TokenMade], frozen=True, kw_only=True):
    """Make a personal access token for another system: it may do all that its owner may. It is shown once.

    Only the operator may make one for another `person`.
    """

    name: Line
    days: Annotated[int, Meta(ge=1, le=366, description="Days until it expires.")] = 90
    person: PersonId | None = None


@rpc("directory.v1.token.list")
class ListTokens(Ask[Tokens], frozen=True, kw_only=True):
    """One's own tokens, without their secrets. Administrators may name a `person`."""

    person: PersonId | None = None


@rpc("directory.v1.token.revoke")
class RevokeToken(Change[Done], frozen=True, kw_only=True):
    """Make a token of one's own worthless, and end one's WAMP sessions. Administrators may revoke anybody's."""

    id: Slug
