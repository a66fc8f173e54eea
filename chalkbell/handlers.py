"""The decorators that say what a service does, and what its functions are given.

Everything here is plain and synchronous: the functions run in a database thread, inside one transaction that commits when they
return. A `Refusal` raised rolls everything back and is told to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, TypeVar

from chalkbell.contracts import Envelope, Event, Procedure, Refusal, Request, Topic, procedure_of, topic_of


@dataclass(frozen=True)
class Caller:
    """Who asks, as the router vouches for it: never what the request says."""

    person: str
    """A person's id, or `service.<name>`, or `operator`."""
    role: str = "person"
    """`person`, `administrator`, `operator` or `service-<name>`."""
    session: int | None = None
    """The WAMP session that asks."""

    @property
    def is_service(self) -> bool:
        """Whether another service of ours asks."""
        return self.role.startswith("service-")

    @property
    def is_administrator(self) -> bool:
        """Whether a campus administrator (or the operator at the machine) asks."""
        return self.role in ("administrator", "operator")


@dataclass(frozen=True)
class Call:
    """The circumstances of one call."""

    caller: Caller
    now: datetime
    correlation_id: str = ""

    @property
    def person(self) -> str:
        """The id of who asks."""
        return self.caller.person


class RefuseButKeep(Exception):
    """Refuse the call, but keep what was written: a failed attempt that must be remembered, say. Events may not be among it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True)
class LiveSession:
    """A session that the router has at this moment."""

    session: int
    person: str
    role: str


@dataclass(frozen=True)
class SignedOut:
    """All sessions of a person have been ended, those that there were at `asked`."""

    person: str
    asked: datetime


@dataclass(frozen=True)
class Job:
    """The circumstances of one run of a job."""

    now: datetime


F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class JobHandler:
    """A job: what to run, how often to look, and whether it wants a transaction around it."""

    name: str
    run: Callable[..., Any]
    every: timedelta
    in_transaction: bool


@dataclass
class Resync:
    """How a service takes a fresh copy of another service's scope."""

    service: str
    ask: Callable[[str], Request[Any]]
    apply: Callable[..., None]


@dataclass
class Handlers:
    """All that a service's modules declare."""

    procedures: dict[str, tuple[Procedure, Callable[..., Any]]] = field(default_factory=dict[str, Any])
    listeners: dict[tuple[str, str], list[Callable[..., None]]] = field(default_factory=dict[tuple[str, str], Any])
    topics: dict[tuple[str, str], Topic] = field(default_factory=dict[tuple[str, str], Topic])
    resyncs: dict[str, list[Resync]] = field(default_factory=dict[str, list[Resync]])
    jobs: list[JobHandler] = field(default_factory=list[JobHandler])
    may_read: Callable[..., bool] | None = None
    sessions_ended: list[Callable[..., None]] = field(default_factory=list[Callable[..., None]])
    sessions_seen: list[Callable[..., None]] = field(default_factory=list[Callable[..., None]])
    signed_out: list[Callable[..., None]] = field(default_factory=list[Callable[..., None]])
    router_procedures: dict[str, Callable[..., Any]] = field(default_factory=dict[str, Callable[..., Any]])

    @property
    def follows(self) -> list[str]:
        """The services whose events this one listens to."""
        return sorted({service for service, _ in self.listeners} | set(self.resyncs))

    @classmethod
    def collect(cls, modules: Sequence[ModuleType]) -> Handlers:
        """Gather what the decorators marked in these modules, in the order of the text."""
        found = cls()
        seen: set[int] = set()
        for module in modules:
            for value in list(vars(module).values()):
                mark = getattr(value, "__chalkbell__", None)
                if mark is not None and id(value) not in seen:
                    seen.add(id(value))
                    for enter in mark:
                        enter(found, value)
        return found


def _mark(function: F, enter: Callable[[Handlers, Any], None]) -> F:
    marks = list(getattr(function, "__chalkbell__", ()))
    function.__chalkbell__ = [*marks, enter]  # type: ignore[attr-defined]
    return function


def procedure(request: type[Request[Any]], service: str | None = None) -> Callable[[F], F]:
    """Answer this request: `def sign_off(ask: SignOff, call: Call, store: Store) -> SignedOff`."""
    declared = procedure_of(request, service)

    def mark(function: F) -> F:
        def enter(handlers: Handlers, function: Any) -> None:
            if declared.uri in handlers.procedures:
                raise ValueError(f"{declared.uri} has two handlers")
            handlers.procedures[declared.uri] = (declared, function)

        return _mark(function, enter)

    return mark


def listen(event: type[Event]) -> Callable[[F], F]:
    """Act on another service's event, once: `def module_changed(event: ModuleChanged, envelope: Envelope, store: Store) -> None`.

    It runs in one transaction with the cursor that remembers how far this service has come. An exception is tried again.
    """
    topic = topic_of(event)
    if topic.passing:
        raise ValueError(f"{topic.pattern} is a passing event: nothing may depend on it")

    def mark(function: F) -> F:
        def enter(handlers: Handlers, function: Any) -> None:
            handlers.listeners.setdefault((topic.service, topic.name), []).append(function)
            handlers.topics[topic.service, topic.name] = topic

        return _mark(function, enter)

    return mark


def resync(service: str, ask: Callable[[str], Request[Any]]) -> Callable[[F], F]:
    """Take a fresh copy when another service's events are no longer to be had: `def copy(snapshot, scope: str, store) -> None`.

    `ask(scope)` makes the request whose answer is a `Snapshot`; the function replaces what this service knew of that scope.
    """

    def mark(function: F) -> F:
        def enter(handlers: Handlers, function: Any) -> None:
            handlers.resyncs.setdefault(service, []).append(Resync(service, ask, function))

        return _mark(function, enter)

    return mark


def may_read(function: F) -> F:
    """Decide who may subscribe to and replay a scope: `def may_read(scope: str, caller: Caller, store: Store) -> bool`.

    Services and the operator are not asked for: they may.
    """

    def enter(handlers: Handlers, function: Any) -> None:
        handlers.may_read = function

    return _mark(function, enter)


def job(name: str, every: timedelta) -> Callable[[F], F]:
    """Do this by the clock, in one process at a time: `def due(job: Job, store: Store) -> datetime | None`.

    Runs in one transaction. It answers when it next has something to do, if it knows; it is run at least every `every`.
    """

    def mark(function: F) -> F:
        return _mark(function, lambda h, f: h.jobs.append(JobHandler(name, f, every, in_transaction=True)))

    return mark


def errand(name: str, every: timedelta) -> Callable[[F], F]:
    """A job that speaks to the outside and so may not hold a transaction: `def deliver(errand: Errand) -> datetime | None`.

    It gets transactions of its own with `errand.transaction(function)`.
    """

    def mark(function: F) -> F:
        return _mark(function, lambda h, f: h.jobs.append(JobHandler(name, f, every, in_transaction=False)))

    return mark


def session_ended(function: F) -> F:
    """Told when a session leaves the router: `def left(session: int, store: Store) -> None`. Sent to every process: be idempotent."""
    return _mark(function, lambda h, f: h.sessions_ended.append(f))


def sessions_seen(function: F) -> F:
    """Told all sessions there are whenever this service joins: `def seen(sessions: Sequence[LiveSession], store: Store) -> None`."""
    return _mark(function, lambda h, f: h.sessions_seen.append(f))


def signed_out(function: F) -> F:
    """Told when the router has ended the sessions that `store.end_sessions` asked for: `def done(out: SignedOut, store: Store) -> None`."""
    return _mark(function, lambda h, f: h.signed_out.append(f))


def router_procedure(uri: str) -> Callable[[F], F]:
    """Answer a call that the router itself makes, with positional arguments: `def authenticate(arguments, call, store) -> dict`."""

    def mark(function: F) -> F:
        def enter(handlers: Handlers, function: Any) -> None:
            handlers.router_procedures[uri] = function

        return _mark(function, enter)

    return mark


__all__ = [
    "Call", "Caller", "Envelope", "Handlers", "Job", "JobHandler", "LiveSession", "RefuseButKeep", "Resync", "SignedOut", "errand", "job",
    "listen", "may_read", "procedure", "resync", "router_procedure", "session_ended", "sessions_seen", "signed_out",
]  # fmt: skip
