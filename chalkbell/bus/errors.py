"""Errors of the router and of autobahn as refusals, and refusals as what autobahn sends."""

from __future__ import annotations

from typing import Any

from autobahn.wamp.exception import ApplicationError, TransportLost

from chalkbell.contracts import Refusal, Unavailable, refusal_from


class RouterLost(Unavailable):
    """The connection to the router is lost. Whether the call had an effect is not known: ask again with the same request_id."""

    uri = Unavailable.uri


def application_error(refused: Refusal) -> ApplicationError:
    """A refusal as it travels: its address, its message, its details."""
    return ApplicationError(refused.uri, refused.message, **refused.details)


def refusal_of(error: Any) -> Refusal:
    """What any error of a call, a subscription or a publication means to the caller."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ApplicationError):
        given: Any = error
        return refusal_from(str(given.error), str(given.args[0]) if given.args else "", dict(given.kwargs or {}))
    if isinstance(error, TransportLost):
        return RouterLost()
    return RouterLost(f"{RouterLost().message} ({error!r})")
