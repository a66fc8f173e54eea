"""Refusals: the errors that a caller can be told of, each with a URI of its own.

A refusal's docstring is its default message: it tells the caller what to do. The shared kinds stand here; a service declares
its own as a subclass of the kind it is, with `@refusal("workflow.v1.error.not_an_actor")`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

PREFIX = "chalkbell."


class Refusal(Exception):
    """The call was refused."""

    uri: ClassVar[str] = "chalkbell.error.refused"
    http_status: ClassVar[int] = 400

    def __init__(self, message: str | None = None, **details: Any) -> None:
        self.message = message or " ".join((type(self).__doc__ or "").split())
        self.details = details
        super().__init__(self.message)


R = TypeVar("R", bound=type[Refusal])
REFUSALS: dict[str, type[Refusal]] = {}


def refusal(name: str) -> Callable[[R], R]:
    """Declare a refusal under `chalkbell.<name>`; its HTTP status is that of the shared kind it derives from."""

    def declare(kind: R) -> R:
        kind.uri = PREFIX + name
        if kind.uri in REFUSALS:
            raise ValueError(f"{kind.uri} is declared twice")
        REFUSALS[kind.uri] = kind
        return kind

    return declare


@refusal("error.invalid")
class Invalid(Refusal):
    """A field of the request is missing or wrong. See `path` for which one, mend it and ask again."""

    http_status = 422


@refusal("error.not_found")
class NotFound(Refusal):
    """There is nothing with this id that you may see. Check the id."""

    http_status = 404


@refusal("error.conflict")
class Conflict(Refusal):
    """Somebody else was faster, or the request id was used for something else. Read again and decide again."""

    http_status = 409


@refusal("error.not_allowed")
class NotAllowed(Refusal):
    """You may not do this. Ask somebody who has the right to, or an administrator."""

    http_status = 403


@refusal("error.too_old")
class TooOld(Refusal):
    """The events you ask for are no longer kept, or the history has changed. Take a fresh snapshot and follow from there."""

    http_status = 410


@refusal("error.too_many")
class TooMany(Refusal):
    """You ask more often than you may. Wait `retry_after` seconds and ask again."""

    http_status = 429


@refusal("error.unavailable")
class Unavailable(Refusal):
    """The service cannot answer at the moment. Nothing was changed. Ask again a little later."""

    http_status = 503


@refusal("error.internal")
class Internal(Refusal):
    """Something went wrong here. Nothing was changed. Tell the operator the incident id."""

    http_status = 500


def refusal_from(uri: str, message: str, details: dict[str, Any]) -> Refusal:
    """The refusal that a URI received over the wire stands for; what is not ours becomes `Unavailable` or `Internal`."""
    kind = REFUSALS.get(uri)
    if kind is None:
        # the router's own errors: nobody is registered, the callee went away, the router refuses
        if uri in ("wamp.error.no_such_procedure", "wamp.error.canceled", "wamp.error.no_eligible_callee"):
            kind = Unavailable
        elif uri == "wamp.error.authorization_failed":
            kind = Unavailable  # nobody said no: whoever owns the scope could not be asked
        elif uri == "wamp.error.not_authorized":
            kind = NotAllowed
        else:
            return Internal(f"{uri}: {message}", **details)
        return kind(None, router_error=uri, **details)
    return kind(message or None, **details)
