"""How a message is declared: once, typed, and everything else is derived from it.

A request is a struct with `@rpc(...)`, an event one with `@topic(...)`. The registries filled here are what validation, router
permissions, JSON Schema, AsyncAPI, OpenAPI, TypeScript and the reference pages are made from.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, get_args

import msgspec
from msgspec import Meta

from chalkbell.contracts.refusals import PREFIX, Refusal

# `$` also matches before a last newline in Python: `(?!\n)` after it does not, and means nothing in JavaScript
SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$(?!\n)"

Slug = Annotated[str, Meta(pattern=SLUG_PATTERN, max_length=63, description="Lower-case letters, digits and inner hyphens.")]
PersonId = Annotated[str, Meta(pattern=SLUG_PATTERN, max_length=63, description="A person's id, for example ada-stone.")]
GroupId = Annotated[str, Meta(pattern=SLUG_PATTERN, max_length=63, description="A group's id, for example cs-staff.")]
Scope = Annotated[str, Meta(pattern=SLUG_PATTERN, max_length=63, description="The unit of order, replay and rights.")]
RequestId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$(?!\n)")]
# No control characters but tab and newline; PostgreSQL cannot store NUL, and lone surrogates are no text.
Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]+$(?!\n)")]
ShortText = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff]*$(?!\n)")]
Text = Annotated[str, Meta(max_length=10_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*$(?!\n)")]
Email = Annotated[
    str,
    Meta(
        max_length=254,
        pattern=r"^[^@\s\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?$(?!\n)",
    ),
]
Version = Annotated[int, Meta(ge=0, le=2**53)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Anything that goes over the wire. Readers ignore fields that they do not know."""


A = TypeVar("A")


class Request(Message, Generic[A], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a procedure is asked; `A` is what it answers. An unknown field is refused: it is most likely a slip of the pen."""


class Ask(Request[A], Generic[A], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request that changes nothing."""


class Change(Request[A], Generic[A], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request that changes something. Repeated with the same `request_id` it is answered as the first time, changing nothing."""

    request_id: RequestId | None = None


class Event(Message, frozen=True, kw_only=True):
    """Something that has happened."""


class Position(Message, frozen=True, kw_only=True):
    """Where in a stream something was true: the history it belongs to and the number of its last event."""

    epoch: str
    seq: Seq


class Snapshot(Message, frozen=True, kw_only=True):
    """An answer that a live page starts from: true at `position` of its scope's stream."""

    position: Position


class Done(Message, frozen=True, kw_only=True):
    """The answer of a procedure that has nothing else to say."""


class Envelope(Message, frozen=True, kw_only=True):
    """How every event travels.

    `seq` counts 1, 2, 3 ... without holes in its stream (service and scope); 0 marks a passing event, which has no record.
    `at` is UTC; `by` is a person's id, or `service.<name>`.
    """

    service: str
    scope: str
    name: str
    epoch: str
    seq: Seq
    at: datetime
    by: str
    data: dict[str, Any]
    correlation_id: str = ""

    @property
    def topic(self) -> str:
        """The URI that this event is published on."""
        return f"{PREFIX}{self.service}.v1.{self.scope}.{self.name}"


class Allow(enum.Enum):
    """Who may call at all. The service then looks at the object: this is only the outer door."""

    PERSON = "person"
    """Every signed-in person, and services."""
    ADMINISTRATOR = "administrator"
    """Administrators of the campus, and services."""
    SERVICE = "service"
    """Other services only."""
    ROUTER = "router"
    """The router itself: it asks who somebody is and what they may read."""


@dataclass(frozen=True)
class Procedure:
    """One procedure: its URI, its request and answer, who may call it."""

    uri: str
    request: type[Request[Any]]
    answer: Any
    allow: Allow
    refusals: tuple[type[Refusal], ...]
    file: str
    line: int

    @property
    def service(self) -> str:
        return self.uri.split(".")[1]

    @property
    def changes(self) -> bool:
        return issubclass(self.request, Change)

    @property
    def documentation(self) -> str:
        return inspect.cleandoc(self.request.__doc__ or "")


@dataclass(frozen=True)
class Topic:
    """One topic: `chalkbell.<service>.v1.{<scope field>}.<name>`."""

    pattern: str
    event: type[Event]
    scope_field: str
    name: str
    passing: bool
    file: str
    line: int

    @property
    def service(self) -> str:
        return self.pattern.split(".")[1]

    @property
    def documentation(self) -> str:
        return inspect.cleandoc(self.event.__doc__ or "")

    def scope_of(self, event: Event) -> str:
        """The scope that this event belongs to."""
        return str(getattr(event, self.scope_field))


RESERVED = {"self", "procedure", "topic", "options", "details", "correlation_id", "args", "kwargs"}
PROCEDURES: dict[str, Procedure] = {}
TOPICS: dict[str, Topic] = {}
_procedure_of: dict[tuple[type[Any], str | None], Procedure] = {}
_topic_of: dict[type[Any], Topic] = {}

_PROCEDURE_NAME = re.compile(r"^([a-z]+)\.v\d+(\.[a-z][a-z0-9_]*)+$")
_TOPIC_NAME = re.compile(r"^([a-z]+)\.v\d+\.\{([a-z_]+)\}\.([a-z][a-z0-9_]*)$")

Q = TypeVar("Q", bound=type[Request[Any]])
E = TypeVar("E", bound=type[Event])


def _where(kind: type[Any]) -> tuple[str, int]:
    # the frame of the module that applies the decorator, so that `chalkbell routes` can say where a message is declared
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame else (kind.__module__, 0)


def _answer_of(request: type[Any]) -> Any:
    for base in request.__orig_bases__:
        arguments = get_args(base)
        if arguments:
            return arguments[0]
    raise TypeError(f"{request.__name__} must say what it answers, for example Change[Done]")


def rpc(name: str, *, allow: Allow = Allow.PERSON, refusals: tuple[type[Refusal], ...] = ()) -> Callable[[Q], Q]:
    """Declare a request's procedure: `@rpc("workflow.v1.sign_off")`. `refusals` names those beyond the shared ones."""
    if not _PROCEDURE_NAME.match(name):
        raise ValueError(f"{name!r} is not <service>.v1.<verb or noun.verb>")

    def declare(request: Q) -> Q:
        declare_procedure(name, request, allow=allow, refusals=refusals, shared=False)
        return request

    return declare


def declare_procedure(
    name: str, request: type[Request[Any]], *, allow: Allow, refusals: tuple[type[Refusal], ...] = (), shared: bool
) -> Procedure:
    """Enter a procedure in the registry; `shared` marks a request that every service answers under a URI of its own."""
    uri = PREFIX + name
    if uri in PROCEDURES:
        raise ValueError(f"{uri} is declared twice")
    if not request.__doc__:
        raise ValueError(f"{request.__name__} needs a docstring: it is the procedure's documentation")
    if reserved := RESERVED & set(request.__struct_fields__):
        raise ValueError(f"{request.__name__} has fields whose names WAMP libraries keep for themselves: {sorted(reserved)}")
    file, line = _where(request)
    procedure = Procedure(uri, request, _answer_of(request), allow, refusals, file, line)
    PROCEDURES[uri] = procedure
    _procedure_of[request, procedure.service if shared else None] = procedure
    return procedure


def topic(pattern: str, *, passing: bool = False) -> Callable[[E], E]:
    """Declare an event's topic: `@topic("workflow.v1.{package}.signed_off")`; the field in braces is the scope.

    A passing event is published without a record; nothing may depend on it.
    """
    match = _TOPIC_NAME.match(pattern)
    if not match:
        raise ValueError(f"{pattern!r} is not <service>.v1.{{<scope field>}}.<past participle>")

    def declare(event: E) -> E:
        if match[2] not in event.__struct_fields__:
            raise ValueError(f"{event.__name__} has no field {match[2]!r} for its scope")
        if PREFIX + pattern in TOPICS:
            raise ValueError(f"{pattern} is declared twice")
        if not event.__doc__:
            raise ValueError(f"{event.__name__} needs a docstring: it is the topic's documentation")
        file, line = _where(event)
        declared = Topic(PREFIX + pattern, event, match[2], match[3], passing, file, line)
        for other in TOPICS.values():
            if (other.service, other.name) == (declared.service, declared.name):
                raise ValueError(f"{declared.service} has two events named {declared.name}")
        TOPICS[declared.pattern] = declared
        _topic_of[event] = declared
        return event

    return declare


def procedure_of(request: type[Request[Any]], service: str | None = None) -> Procedure:
    """The procedure that a request asks. A shared one (`events.since`) needs the service that is asked."""
    found = _procedure_of.get((request, None)) or _procedure_of.get((request, service))
    if found is None:
        raise LookupError(f"{request.__name__} has no procedure; a shared one needs the service it is asked of")
    return found


def topic_of(event: type[Event]) -> Topic:
    """The topic that an event is published on."""
    return _topic_of[event]


def topic_named(service: str, name: str) -> Topic | None:
    """The topic of a service by its last part, or None where this version knows none such."""
    return _by_name().get((service, name))


_names: dict[tuple[str, str], Topic] = {}


def _by_name() -> dict[tuple[str, str], Topic]:
    if len(_names) != len(TOPICS):
        _names.clear()
        _names.update({(t.service, t.name): t for t in TOPICS.values()})
    return _names
