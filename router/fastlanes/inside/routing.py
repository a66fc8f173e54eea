"""Crossbar: a receiver that cannot be sent to does not cost the others their event.

Crossbar hands an event to its receivers one after another; the first whose connection is closing raises out of the loop, and those
after it get nothing. A message that one serializer cannot write does the same to the receivers with another.
"""

from collections.abc import Callable
from typing import Any

from autobahn.exception import Disconnected, PayloadExceededError
from autobahn.wamp.exception import TransportLost
from autobahn.wamp.message import Event
from crossbar.router.router import Router

from fastlanes.figures import FIGURES
from fastlanes.inside.replacing import Replacements


def install(replacements: Replacements) -> None:
    """Hand out events so that one receiver's trouble stays its own."""
    replacements.replace(Router, "send", send_of(Router.send))


def send_of(ordinary: Callable[..., None]) -> Callable[..., None]:
    """The router's `send`. `ordinary` is Crossbar's, for all that is no event and for traced traffic."""

    def send(router: Any, session: Any, message: Any) -> None:
        if type(message) is not Event or router._is_traced or router._trace_traffic:
            ordinary(router, session, message)
            return
        transport = session._transport
        if transport:
            try:
                transport.send(message)
            except PayloadExceededError:
                # Crossbar's loop knows this one, and says so in its log.
                raise
            except Exception as problem:
                missed(router, session, problem)
        sent = router._message_stats["sent"]
        sent["event"] = sent.get("event", 0) + 1

    return send


def missed(router: Any, session: Any, problem: Exception) -> None:
    """Note that a session did not get an event."""
    FIGURES.missed += 1
    going = isinstance(problem, (TransportLost, Disconnected))
    log = router.log.debug if going else router.log.warn
    log("an event could not be handed to session {session}: {problem!r}", session=session._session_id, problem=problem)
