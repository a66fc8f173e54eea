"""Asking all services how they are."""

from __future__ import annotations

from typing import Any

import msgspec
from twisted.internet.defer import Deferred, DeferredList

from chalkbell.bus import Key
from chalkbell.cli._campus import connect
from chalkbell.contracts import SERVICES, Refusal
from chalkbell.contracts.shared import AskHealth, Health

PATIENCE = 5.0


async def healths(reactor: Any, address: str, key: Key) -> dict[str, Any]:
    """`router`: why it cannot be joined, or nothing; `services`: the health of each, also of those that do not answer."""
    try:
        bus = await connect(reactor, address, key, timeout=PATIENCE)
    except Refusal as refused:
        return {"router": refused.message, "services": []}

    async def one(service: str) -> dict[str, Any]:
        try:
            health = await bus.ask(AskHealth(), service=service, timeout=PATIENCE)
        except Refusal as refused:
            health = Health(
                service=service, version="", healthy=False, problems=[f"no answer: {refused.message}"], streams=0, unpublished=0
            )
        fields: dict[str, Any] = msgspec.to_builtins(health)
        return fields

    try:
        asked: Any = await DeferredList([Deferred.fromCoroutine(one(service)) for service in SERVICES], consumeErrors=True)
    finally:
        await bus.stop()
    return {"router": "", "services": [answer for _, answer in asked]}
