"""What every service answers besides its own procedures: replay, rights, health."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalkbell.contracts.core import Allow, Ask, Envelope, Message, PersonId, Scope, Seq, declare_procedure
from chalkbell.contracts.refusals import TooOld

SERVICES = ("directory", "gateway", "workload", "workflow", "notifier", "classroom")


class Events(Message, frozen=True, kw_only=True):
    """A stretch of a stream, in order. There are more when the last event's `seq` is below `head`."""

    epoch: str
    events: list[Envelope]
    head: Seq


class EventsSince(Ask[Events], frozen=True, kw_only=True):
    """Replay a scope's events after `seq`, oldest first.

    `epoch` is that of the position one had; leave it out only to read from the start. Refused with `too_old` when the events are
    no longer kept or the history is another: take a fresh snapshot then. The right to replay is the right to subscribe.
    """

    scope: Scope
    epoch: Annotated[str, Meta(max_length=64)] | None = None
    seq: Seq = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class Heads(Message, frozen=True, kw_only=True):
    """The number of the last event of each stream, by scope."""

    epoch: str
    heads: dict[str, int]


class EventsHeads(Ask[Heads], frozen=True, kw_only=True):
    """Where streams stand now. People name the scopes, which they must be allowed to read; services may leave them out: all."""

    scopes: Annotated[list[Scope], Meta(max_length=1000)] | None = None


class May(Message, frozen=True, kw_only=True):
    """Whether it is allowed."""

    may: bool


class MayRead(Ask[May], frozen=True, kw_only=True):
    """Whether a person may read a scope. Asked by the router when a subscription begins, and by replay; `role` is the session's."""

    scope: Annotated[str, Meta(max_length=200)]
    person: PersonId
    role: Annotated[str, Meta(max_length=64)] = "person"


class Health(Message, frozen=True, kw_only=True):
    """How a service is. `problems` is empty when all is well, else says in words what is wrong."""

    service: str
    version: str
    healthy: bool
    problems: list[str]
    streams: int
    unpublished: int


class AskHealth(Ask[Health], frozen=True, kw_only=True):
    """How this service is: its database, its relay, the followers it has on others."""


class Description(Message, frozen=True, kw_only=True):
    """What a service offers: its procedures and topics, with the first line of their documentation."""

    service: str
    version: str
    procedures: dict[str, str]
    topics: dict[str, str]


class Describe(Ask[Description], frozen=True, kw_only=True):
    """What this service offers."""


for _service in SERVICES:
    declare_procedure(f"{_service}.v1.events.since", EventsSince, allow=Allow.PERSON, refusals=(TooOld,), shared=True)
    declare_procedure(f"{_service}.v1.events.heads", EventsHeads, allow=Allow.PERSON, shared=True)
    declare_procedure(f"{_service}.v1.meta.may_read", MayRead, allow=Allow.ROUTER, shared=True)
    declare_procedure(f"{_service}.v1.meta.health", AskHealth, allow=Allow.ADMINISTRATOR, shared=True)
    declare_procedure(f"{_service}.v1.meta.describe", Describe, allow=Allow.PERSON, shared=True)
