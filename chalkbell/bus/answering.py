"""Calls that arrive: who asks, with which fields, and how the answer or the refusal goes back."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred

from chalkbell.bus.errors import application_error
from chalkbell.contracts import Invalid, Refusal
from chalkbell.handlers import Caller

DETAILS = "_wamp"
CORRELATION_LENGTH = 64
Answerer = Callable[[dict[str, Any], Caller, str], Awaitable[Any]]
"""Given the fields, the caller and the correlation id of a call: its answer, or a `Refusal` raised."""
RawAnswerer = Callable[[list[Any], Caller], Awaitable[Any]]
Endpoint = Callable[..., Deferred[Any]]


def answered_by(answer: Answerer) -> Endpoint:
    """The endpoint that answers a procedure by its fields. Positional arguments are refused."""

    async def invoked(arguments: tuple[Any, ...], fields: dict[str, Any]) -> Any:
        caller = _caller(fields.pop(DETAILS))
        correlation_id = _correlation_id(fields.pop("correlation_id", None))
        try:
            if arguments:
                raise Invalid("Fields are given by name, not by place.", path="")
            return await answer(fields, caller, correlation_id)
        except Refusal as refused:
            raise application_error(refused) from None

    return lambda *arguments, **fields: ensureDeferred(invoked(arguments, fields))


def answered_raw_by(answer: RawAnswerer) -> Endpoint:
    """The endpoint that answers the router, which asks with positional arguments."""

    async def invoked(arguments: tuple[Any, ...], fields: dict[str, Any]) -> Any:
        try:
            return await answer(list(arguments), _caller(fields.pop(DETAILS)))
        except Refusal as refused:
            raise application_error(refused) from None

    return lambda *arguments, **fields: ensureDeferred(invoked(arguments, fields))


def _correlation_id(given: Any) -> str:
    if isinstance(given, str) and 0 < len(given) <= CORRELATION_LENGTH and given.isascii() and given.isprintable():
        return given
    return uuid.uuid4().hex[:16]


def _caller(details: Any) -> Caller:
    role = details.caller_authrole or ""
    return Caller(details.caller_authid or "", "service-router" if role == "trusted" else role, details.caller)
