"""Ending what is open when a right is lost: sessions, and subscriptions. The router asks only when they begin."""

from __future__ import annotations

from chalkbell.contracts import PREFIX
from chalkbell.handlers import Caller, LiveSession, SignedOut
from chalkbell.hearing import Hearer
from chalkbell.stream import listening

END_SESSIONS = PREFIX + "router.v1.end_sessions"
END_SUBSCRIPTIONS = PREFIX + "router.v1.end_subscriptions"
SESSIONS = PREFIX + "router.v1.sessions"
SUBSCRIBERS = PREFIX + "router.v1.subscribers"


async def end_sessions(service: Hearer, person: str) -> None:
    """End all sessions of a person, and tell the service that they are."""
    asked = service.dispatcher.clock.now()
    await service.bus.call(END_SESSIONS, {"person": person})
    functions = service.definition.handlers.signed_out
    transaction = await service.in_thread(True, listening.tell, service.dispatcher, functions, SignedOut(person, asked))
    if transaction is not None:
        service.after_commit(transaction)


async def live_sessions(service: Hearer) -> list[LiveSession]:
    """All sessions of people that there are."""
    return [LiveSession(**session) for session in await service.bus.call(SESSIONS, {})]


async def audit(service: Hearer, scope: str) -> None:
    """Ask again for everybody who is subscribed to a scope, and end what they may not read any more."""
    found = await service.bus.call(SUBSCRIBERS, {"scope": scope})
    people = {entry["person"]: entry["role"] for entry in found["subscribers"]}
    if not people:
        return

    def refused() -> list[str]:
        dispatcher = service.dispatcher
        with dispatcher.database.transaction(write=False) as connection:
            store = service.definition.store(dispatcher.begin(connection, f"service.{service.name}"))
            return [person for person, role in people.items() if not dispatcher.may_read(scope, Caller(person, role), store)]

    for person in await service.in_thread(False, refused):
        await service.bus.call(END_SUBSCRIPTIONS, {"scope": scope, "person": person})


async def audit_all(service: Hearer) -> None:
    """The same for every scope that anybody follows: rights may have been lost while this service was away."""
    for scope in (await service.bus.call(SUBSCRIBERS, {}))["scopes"]:
        await audit(service, scope)
