"""How a running service answers calls: counted, limited, in a database thread, and told afterwards to those whom it concerns."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from twisted.internet.defer import Deferred

from chalkbell import observe
from chalkbell.contracts import Internal, NotAllowed, Refusal
from chalkbell.dispatch import ROUTER_ROLE
from chalkbell.handlers import Call, Caller
from chalkbell.hearing import Hearer
from chalkbell.limits import RateLimit
from chalkbell.store import Transaction

log = structlog.get_logger()


class Answering:
    """The answers of one service, and how many are being made."""

    def __init__(self, service: Hearer, calls_per_minute: int) -> None:
        self.service = service
        self._limit = RateLimit(calls_per_minute, time.monotonic)
        self._in_flight = 0
        self._idle: list[Deferred[None]] = []

    def to(self, uri: str) -> Callable[[dict[str, Any], Caller, str], Awaitable[Any]]:
        """The function that answers a procedure."""
        service = self.service
        procedure, _ = service.definition.handlers.procedures[uri]
        seconds = observe.CALL_SECONDS.labels(uri)
        ok = observe.CALLS.labels(uri, "ok")
        in_flight = observe.IN_FLIGHT.labels(service.name)

        async def answer(fields: dict[str, Any], caller: Caller, correlation_id: str) -> Any:
            began = time.perf_counter()
            self._in_flight += 1
            in_flight.inc()
            try:
                if not caller.is_service and caller.role != "operator":
                    self._limit.take(caller.person)
                result, transaction = await service.in_thread(
                    procedure.changes, service.dispatcher.answer, uri, fields, caller, correlation_id
                )
                if transaction is not None:
                    # the answer goes first: it is on disk, and the caller waits for nothing else
                    service.reactor.callLater(0, service.after_commit, transaction)
                ok.inc()
                log.debug("answered", procedure=uri, by=caller.person, correlation_id=correlation_id)
                return result
            except Refusal as refused:
                log.debug("refused", procedure=uri, by=caller.person, refusal=refused.uri, correlation_id=correlation_id)
                observe.CALLS.labels(uri, refused.uri.rpartition(".")[2]).inc()
                raise
            finally:
                seconds.observe(time.perf_counter() - began)
                in_flight.dec()
                self._one_less()

        return answer

    def to_router(self, function: Callable[..., Any]) -> Callable[[list[Any], Caller], Awaitable[Any]]:
        """The function that answers what the router itself asks, with positional arguments."""
        service = self.service

        async def answer(arguments: list[Any], caller: Caller) -> Any:
            if caller.role != ROUTER_ROLE:
                raise NotAllowed

            def run(transaction: Transaction) -> Any:
                return function(arguments, Call(caller, transaction.now), service.definition.store(transaction))

            try:
                result, transaction = await service.in_thread(
                    True, lambda: service.dispatcher.transact(run, write=True, by="router")
                )
            except Refusal:
                raise
            except Exception as error:
                log.exception("answering the router", service=service.name)
                raise Internal from error
            service.after_commit(transaction)
            return result

        return answer

    def when_idle(self) -> Deferred[None]:
        """Fires when no call is being answered."""
        waiting: Deferred[None] = Deferred()
        if self._in_flight:
            self._idle.append(waiting)
        else:
            waiting.callback(None)
        return waiting

    def _one_less(self) -> None:
        self._in_flight -= 1
        if not self._in_flight:
            idle, self._idle = self._idle, []
            for waiting in idle:
                waiting.callback(None)
