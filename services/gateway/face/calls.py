"""Procedures over HTTP: POST /api/<procedure>, its fields as a JSON object, its answer as one."""

from __future__ import annotations

from typing import Any

from chalkbell.contracts import PREFIX, PROCEDURES, Invalid, NotFound, Procedure
from services.gateway.doors import Doors
from services.gateway.face.exchange import Exchange
from services.gateway.pool import Pool


class Calls:
    """Calls in the name of whom the token or the cookie is of."""

    def __init__(self, doors: Doors, pool: Pool, origins: list[str], seconds: float) -> None:
        self._doors = doors
        self._pool = pool
        self._origins = origins
        self._seconds = seconds

    async def call(self, exchange: Exchange, name: str) -> bytes:
        """Call a procedure, named with or without the leading `chalkbell.`, and give its answer or its refusal."""
        procedure = procedure_named(name)
        if procedure is None:
            raise NotFound("There is no such procedure. See /api/docs for those there are.")
        credential = exchange.credential(self._origins)
        fields = exchange.fields()
        _check_names(procedure, fields)
        _take_key(procedure, fields, exchange.header("Idempotency-Key"))
        async with self._pool.session(credential, exchange.correlation_id) as session:
            answer = await session.call(procedure.uri, fields, timeout=self._seconds, correlation_id=exchange.correlation_id)
        return exchange.answer(answer)


def procedure_named(name: str) -> Procedure | None:
    """A procedure by its name, with or without the leading `chalkbell.`."""
    return PROCEDURES.get(name if name.startswith(PREFIX) else PREFIX + name)


def _check_names(procedure: Procedure, fields: dict[str, Any]) -> None:
    # the service would refuse them as well; but some names mean something on the way there
    for name in fields:
        if name not in procedure.request.__struct_fields__:
            shown = name.encode(errors="replace").decode()[:100]
            raise Invalid(f"Object contains unknown field `{shown}`. Mend this field and ask again.", path=shown)


def _take_key(procedure: Procedure, fields: dict[str, Any], key: str | None) -> None:
    """The `Idempotency-Key` is the `request_id` of a procedure that changes something; for others it means nothing."""
    if key is None or not procedure.changes:
        return
    if fields.setdefault("request_id", key) != key:
        raise Invalid("The Idempotency-Key and the request_id are two different ones. Send one of them.", path="request_id")
