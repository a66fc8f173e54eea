"""Ending what is open: a person's sessions, and subscriptions to what may no longer be read.

Crossbar's `wamp.session.kill` only says goodbye and waits for the client to go. A client that does not go keeps its
session, its calls and its subscriptions. Here the connection is closed as well. This reaches into Crossbar's own
objects, so the version is checked when the worker starts.
"""

import re
from datetime import UTC, datetime
from typing import Any

from autobahn import util
from autobahn.wamp.message import Event
from twisted.internet import reactor

#: Seconds for the goodbye to be read before the connection is cut.
GRACE = 2.0


def sessions_of(component: Any, person: str) -> list[Any]:
    """The open sessions signed in as `person`; never a service's and never one of the router's own."""
    router = component._transport._router
    return [
        session
        for session in router._authid_to_sessions.get(person, ())
        if session._session_details.authrole in ("person", "administrator")
    ]


def end_session(session: Any, reason: str, message: str) -> None:
    """Say goodbye, take nothing more, and close; cut the connection when the client does not read its goodbye."""
    protocol = session._transport
    if not session._goodbye_sent:
        session.leave(reason, message or None)
    # From here on nothing that the client sends is read.
    protocol.transport.loseConnection()
    reactor.callLater(GRACE, _cut, protocol)


def _cut(protocol: Any) -> None:
    transport = protocol.transport
    if transport is not None and hasattr(transport, "abortConnection"):
        transport.abortConnection()


def end_subscriptions(component: Any, session: Any, service: str, scope: str) -> int:
    """Take `session` off every subscription to `scope` of `service`; how many there were.

    The last event on each says so: `reading_ended`, a passing event. WAMP's own notice, UNSUBSCRIBED for a request
    nobody made, is not sent: wampy is not told, and autobahn for Python takes it for a broken protocol and drops the
    connection.
    """
    router = component._transport._router
    pattern = re.compile(rf"chalkbell\.{re.escape(service)}\.(v[0-9]+)\.{re.escape(scope)}\.")
    ended = [(one, found) for one in router._broker._session_to_subscriptions.get(session, ()) if (found := pattern.match(one.uri))]
    for subscription, found in ended:
        topic = f"{found[0]}reading_ended"
        router.send(session, Event(subscription.id, util.id(), args=[_reading_ended(service, scope)], topic=topic))
        router._broker._unsubscribe(subscription, session)
    return len(ended)


def _reading_ended(service: str, scope: str) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "service": service,
        "scope": scope,
        "name": "reading_ended",
        "epoch": None,
        "seq": 0,
        "at": at,
        "by": None,
        "correlation_id": None,
        "data": {},
    }
