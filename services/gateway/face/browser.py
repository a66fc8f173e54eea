"""Browsers: signing in and out, and tickets for the websocket."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from chalkbell.contracts import Invalid, procedure_of
from chalkbell.contracts.directory import MakeTicket, Me, NotSignedIn, SignIn, SignOut
from chalkbell.dispatch import decode
from services.gateway import rules
from services.gateway.doors import Doors
from services.gateway.face.exchange import Exchange
from services.gateway.pool import Pool

REALM = "campus"


class Browsers:
    """What browsers ask: the session is theirs in a cookie that no script can read, and that no other site's page can use."""

    def __init__(self, doors: Doors, pool: Pool, origins: list[str], *, always_secure: bool) -> None:
        self._doors = doors
        self._pool = pool
        self._origins = origins
        self._always_secure = always_secure

    async def sign_in(self, exchange: Exchange) -> bytes:
        """POST /api/sign-in with e-mail address and password."""
        exchange.check_origin(self._origins)
        fields = exchange.fields()
        if unknown := set(fields) - {"email", "password"}:
            name = min(unknown).encode(errors="replace").decode()[:100]
            raise Invalid("Send `email` and `password`, and nothing else.", path=name)
        ask = decode(procedure_of(SignIn), {**fields, "address": exchange.client[:64]})
        assert isinstance(ask, SignIn)
        signed_in = await self._doors.ask(ask, exchange.correlation_id)
        seconds = int((signed_in.session_expires - datetime.now(UTC)).total_seconds())
        cookie = self._cookie(exchange, signed_in.session, max(0, seconds))
        return exchange.answer(_welcome(signed_in.person, signed_in.ticket, signed_in.ticket_expires), headers=cookie)

    async def ticket(self, exchange: Exchange) -> bytes:
        """POST /api/ticket with the cookie: a fresh ticket. A cookie that is worth nothing any more is taken back."""
        exchange.check_origin(self._origins)
        cookie = exchange.cookie
        if cookie is None:
            raise NotSignedIn
        try:
            made = await self._doors.ask(MakeTicket(credential=cookie), exchange.correlation_id)
        except NotSignedIn as refused:
            self._take_back(exchange)
            return exchange.refuse(refused)
        return exchange.answer(_welcome(made.person, made.ticket, made.ticket_expires))

    async def sign_out(self, exchange: Exchange) -> bytes:
        """POST /api/sign-out with the cookie. Without one there is nothing to do, which is no error."""
        exchange.check_origin(self._origins)
        cookie = exchange.cookie
        if cookie is not None:
            await self._doors.ask(SignOut(session=cookie), exchange.correlation_id)
            self._pool.discard(cookie)
        self._take_back(exchange)
        return exchange.answer({})

    def _take_back(self, exchange: Exchange) -> None:
        for name, value in self._cookie(exchange, "", 0).items():
            exchange.request.setHeader(name, value)

    def _cookie(self, exchange: Exchange, value: str, seconds: int) -> dict[str, str]:
        secure = "; Secure" if self._always_secure or exchange.by_https else ""
        return {"Set-Cookie": f"{rules.COOKIE}={value}; Path=/api; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"}


def _welcome(person: Me, ticket: str, expires: datetime) -> dict[str, Any]:
    return {"person": msgspec.to_builtins(person), "ticket": ticket, "ticket_expires": expires, "realm": REALM}
