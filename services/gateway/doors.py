"""The way from the gateway into the campus: asking in its own name, and joining as a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from twisted.internet.defer import Deferred

from chalkbell.bus import Bus, Ticket
from chalkbell.contracts import Internal, Refusal, Request, Unavailable
from chalkbell.contracts.directory import NotSignedIn

A = TypeVar("A")


class Session(Protocol):
    """A person's session with the router."""

    @property
    def joined(self) -> bool:
        """Whether it is still there."""
        ...

    async def call(self, uri: str, fields: Mapping[str, Any], *, timeout: float, correlation_id: str) -> Any:
        """Call a procedure as this person. Raises the `Refusal` that they get."""
        ...

    def stop(self) -> Deferred[None]:
        """Leave."""
        ...


class Doors(Protocol):
    """What the gateway needs of the campus."""

    @property
    def open(self) -> bool:
        """Whether the campus can be reached at this moment."""
        ...

    async def ask(self, request: Request[A], correlation_id: str) -> A:
        """Ask in the gateway's own name. Raises the `Refusal` that it gets."""
        ...

    async def join(self, person: str, ticket: str) -> Session:
        """Open a session as this person. Raises the `Refusal` that they get."""
        ...


class RouterDoors:
    """Over the router."""

    def __init__(self, bus: Bus, address: str, seconds: float) -> None:
        self._bus = bus
        self._address = address
        self._seconds = seconds

    @property
    def open(self) -> bool:
        """Whether the gateway has joined."""
        return self._bus.joined

    async def ask(self, request: Request[A], correlation_id: str) -> A:
        """Ask in the gateway's own name."""
        return await self._bus.ask(request, correlation_id=correlation_id, timeout=self._seconds)

    async def join(self, person: str, ticket: str) -> Session:
        """Open a session as this person. A join that fails for another reason than the ticket may be tried again."""
        bus = Bus(self._bus.reactor, self._address, Ticket(person, ticket), again=False)
        joining = bus.start()
        joining.addTimeout(self._seconds, self._bus.reactor)
        try:
            return await joining
        except NotSignedIn:
            raise
        except Refusal as refused:
            reason = refused.message if isinstance(refused, Internal) else ""
            raise Unavailable(
                f"The campus could not be joined at the moment. Ask again a little later. {reason}".strip()
            ) from refused
        except Exception as error:
            bus.stop()
            raise Unavailable("The campus could not be joined in time. Ask again a little later.") from error
