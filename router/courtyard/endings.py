"""Ending what is open: a person's sessions, and subscriptions to what may no longer be read.

Crossbar's `wamp.session.kill` only says goodbye and waits for the client to go. A client that does not go keeps its session, its
calls and its subscriptions. Here the connection is closed as well. This reaches into Crossbar's own objects, so the version is
checked when the worker starts.
"""

import re
from typing import Any

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


def end_subscriptions(component: Any, session: Any, prefix: str, scope: str) -> int:
    """Take `session` off every subscription to `scope` of the service whose URIs begin with `prefix`; how many there were."""
    broker = component._transport._router._broker
    pattern = re.compile(re.escape(prefix) + r"v[0-9]+\." + re.escape(scope) + r"\.")
    ended = [one for one in broker._session_to_subscriptions.get(session, ()) if pattern.match(one.uri)]
    for subscription in ended:
        broker.removeSubscriber(subscription, session, reason="wamp.error.not_authorized")
    return len(ended)
