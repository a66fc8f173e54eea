"""From the fields of a call to its answer: decode, check, one transaction, record, commit. Knows neither router nor reactor."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError

from chalkbell.clock import Clock
from chalkbell.contracts import Allow, Conflict, Internal, Invalid, NotAllowed, Procedure, Refusal, Request, Unavailable
from chalkbell.database import Database, as_refusal, is_worth_repeating
from chalkbell.handlers import Call, Caller, Handlers, RefuseButKeep
from chalkbell.settings import Section
from chalkbell.store import Store, Transaction
from chalkbell.stream import replay, tables

log = structlog.get_logger()
T = TypeVar("T")
ATTEMPTS = 4
ROUTER_ROLE = "service-router"
_PATH = re.compile(r" - at `(?:\$\.?)?(.*)`$")
_FIELD = re.compile(r"(?:field|missing required field) `([^`]+)`")


@dataclass(frozen=True)
class ServiceDefinition:
    """A service: its name, its store, what its modules declare, and where its migrations are."""

    name: str
    store: type[Store]
    handlers: Handlers
    migrations: Path
    settings: type[Section] = Section
    companion: Callable[[Any], Any] | None = None
    """Given the running service, makes what lives with it (`start()` and `stop()`, answering Deferreds), such as an HTTP face."""


def decode(procedure: Procedure, fields: Mapping[str, Any]) -> Request[Any]:
    """The request that these fields make. Refused with `invalid` and the `path` of the field that is wrong."""
    try:
        return msgspec.convert(dict(fields), procedure.request, strict=True, str_keys=True)
    except (msgspec.ValidationError, UnicodeError, RecursionError, OverflowError, ValueError) as error:
        message = str(error)
        path = match[1] if (match := _PATH.search(message)) else ""
        if field := _FIELD.search(message):
            path = f"{path}.{field[1]}".strip(".")
        path = path or _unreadable(procedure, fields)
        # a key of the caller's may hold what cannot be sent back
        path = path.encode(errors="replace").decode()[:200]
        message = message.encode(errors="replace").decode()[:500]
        raise Invalid(f"{message}. Mend this field and ask again.", path=path) from None


def _unreadable(procedure: Procedure, fields: Mapping[str, Any]) -> str:
    """The field that cannot be read at all, of which the decoder does not say where it is: a lone surrogate in a name, say."""
    for name, value in fields.items():
        if name not in procedure.request.__struct_fields__:
            return name
        try:
            msgspec.json.encode(value)
        except (UnicodeError, RecursionError, TypeError, ValueError):
            return name
    return ""


class Dispatcher:
    """Answers the calls, events and jobs of one service."""

    def __init__(self, definition: ServiceDefinition, database: Database, clock: Clock, settings: Section | None = None) -> None:
        self.definition = definition
        self.database = database
        self.clock = clock
        self.settings = settings or definition.settings()
        self.handlers = definition.handlers

    def answer(
        self, uri: str, fields: Mapping[str, Any], caller: Caller, correlation_id: str = ""
    ) -> tuple[dict[str, Any], Transaction | None]:
        """Answer a call, in a database thread. Raises a `Refusal`, and nothing else."""
        try:
            return self._answer(uri, fields, caller, correlation_id)
        except Refusal:
            raise
        except DBAPIError as error:
            if refused := as_refusal(error):
                log.warning("database refused", procedure=uri, error=str(error.orig))
                raise refused from error
            raise self._incident(uri, correlation_id) from error
        except Exception as error:
            raise self._incident(uri, correlation_id) from error

    def _incident(self, uri: str, correlation_id: str) -> Internal:
        incident = uuid.uuid4().hex[:12]
        log.exception("incident", incident=incident, procedure=uri, correlation_id=correlation_id)
        return Internal(incident=incident)

    def _answer(
        self, uri: str, fields: Mapping[str, Any], caller: Caller, correlation_id: str
    ) -> tuple[dict[str, Any], Transaction | None]:
        found = self.handlers.procedures.get(uri)
        if found is None:
            raise Unavailable(f"{self.definition.name} does not answer {uri}.")
        procedure, function = found
        admit(procedure, caller)
        ask = decode(procedure, fields)
        request_id: str | None = getattr(ask, "request_id", None)
        digest = _digest(procedure, fields) if request_id else ""

        def run(transaction: Transaction) -> dict[str, Any] | Refusal:
            if request_id and (earlier := _earlier_answer(transaction, request_id, procedure, digest)) is not None:
                return earlier
            call = Call(caller, transaction.now, correlation_id)
            try:
                answer: dict[str, Any] = msgspec.to_builtins(function(ask, call, self.definition.store(transaction)))
            except RefuseButKeep as refused:
                assert not transaction.recorded, "what is recorded by a refused call would not be published"
                return refused.refusal
            if request_id:
                _keep_answer(transaction, request_id, procedure, digest, answer)
            return answer

        try:
            answer, transaction = self.transact(run, write=procedure.changes, by=caller.person, correlation_id=correlation_id)
            if isinstance(answer, Refusal):
                raise answer
        except Refusal:
            # the same request may have been answered while this one waited for its lock, and changed what this one then saw
            if request_id and (earlier := self._answered_meanwhile(caller, request_id, procedure, digest)) is not None:
                return earlier, None
            raise
        return answer, transaction

    def _answered_meanwhile(self, caller: Caller, request_id: str, procedure: Procedure, digest: str) -> dict[str, Any] | None:
        def look(transaction: Transaction) -> dict[str, Any] | None:
            return _earlier_answer(transaction, request_id, procedure, digest)

        try:
            return self.transact(look, write=False, by=caller.person)[0]
        except Conflict:
            return None

    def transact(self, run: Callable[[Transaction], T], *, write: bool, by: str, correlation_id: str = "") -> tuple[T, Transaction]:
        """Run a function in one transaction, again from the start where the database sent it back because of another."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.database.transaction(write=write) as connection:
                    transaction = self.begin(connection, by, correlation_id)
                    result = run(transaction)
                    transaction.flush()
                return result, transaction
            except DBAPIError as error:
                if attempt == ATTEMPTS or not is_worth_repeating(error):
                    raise
                time.sleep(0.005 * attempt)
        raise AssertionError("unreachable")

    def begin(self, connection: Connection, by: str, correlation_id: str = "") -> Transaction:
        """The bookkeeping of an open transaction."""
        return Transaction(
            connection=connection,
            service=self.definition.name,
            epoch=self.database.epoch(connection),
            now=self.clock.now(),
            by=by,
            correlation_id=correlation_id,
            settings=self.settings,
        )

    def may_read(self, scope: str, caller: Caller, store: Store) -> bool:
        """Whether this caller may subscribe to and replay a scope: one answer for both."""
        return replay.may_read(self.handlers, scope, caller, store)


def admit(procedure: Procedure, caller: Caller) -> None:
    """The outer door, also where the router has looked already: refused with `not_allowed` unless the role may call at all."""
    if procedure.allow is Allow.ROUTER and caller.role != ROUTER_ROLE:
        raise NotAllowed
    if caller.is_service or procedure.allow is Allow.PERSON:
        return
    if procedure.allow is Allow.ADMINISTRATOR and caller.is_administrator:
        return
    raise NotAllowed


def _digest(procedure: Procedure, fields: Mapping[str, Any]) -> str:
    content = {key: value for key, value in fields.items() if key != "request_id"}
    return hashlib.sha256(procedure.uri.encode() + msgspec.json.encode(content, order="sorted")).hexdigest()


# built once: making a statement costs as much as running it, and these are part of every change
_EARLIER = select(tables.answered.c.digest, tables.answered.c.answer).where(
    tables.answered.c.person == bindparam("by"), tables.answered.c.request_id == bindparam("id")
)
_KEEP = tables.answered.insert()


def _earlier_answer(transaction: Transaction, request_id: str, procedure: Procedure, digest: str) -> dict[str, Any] | None:
    row = transaction.connection.execute(_EARLIER, {"by": transaction.by, "id": request_id}).first()
    if row is None:
        return None
    if row[0] != digest:
        raise Conflict("This request_id was used for another request. Use a new one.", request_id=request_id)
    answer: dict[str, Any] = msgspec.json.decode(row[1])
    return answer


def _keep_answer(transaction: Transaction, request_id: str, procedure: Procedure, digest: str, answer: Any) -> None:
    kept = {
        "person": transaction.by,
        "request_id": request_id,
        "procedure": procedure.uri,
        "digest": digest,
        "answer": msgspec.json.encode(answer).decode(),
        "at": transaction.now,
    }
    transaction.connection.execute(_KEEP, kept)
