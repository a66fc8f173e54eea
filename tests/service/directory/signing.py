"""Signing in, as the gateway and the router do it."""

from typing import Any

from chalkbell.contracts.directory import AUTHENTICATE, MakeTicket, SetPassword, SignedIn, SignIn, TicketMade
from tests.service.campus import ServiceCampus
from tests.service.people import OPERATOR

PASSWORD = "thirty-nine steps"
GATEWAY = {"by": "service.gateway", "role": "service-gateway"}


def give_password(campus: ServiceCampus, person: str, password: str = PASSWORD) -> None:
    """Let somebody have a password."""
    campus.call(SetPassword(id=person, password=password), **OPERATOR)


def sign_in(campus: ServiceCampus, person: str, password: str = PASSWORD, *, address: str = "192.0.2.7") -> SignedIn:
    """Sign in a browser."""
    return campus.call(SignIn(email=f"{person}@example.edu", password=password, address=address), **GATEWAY)


def ticket(campus: ServiceCampus, credential: str) -> TicketMade:
    """Make a ticket out of a session or a token."""
    return campus.call(MakeTicket(credential=credential), **GATEWAY)


def join(campus: ServiceCampus, authid: Any, ticket: Any, realm: Any = "campus") -> dict[str, Any]:
    """What the router is told of somebody who joins."""
    return campus.ask_as_router(AUTHENTICATE, [realm, authid, {"ticket": ticket, "transport": {}}])
