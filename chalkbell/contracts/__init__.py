"""The language of the campus: every request, event and refusal, typed. One module per service."""

from __future__ import annotations

import importlib
import pkgutil

from chalkbell.contracts.core import (
    PREFIX,
    PROCEDURES,
    TOPICS,
    Allow,
    Ask,
    Change,
    Done,
    Email,
    Envelope,
    Event,
    GroupId,
    Line,
    Message,
    PersonId,
    Position,
    Procedure,
    Request,
    RequestId,
    Scope,
    Seq,
    ShortText,
    Slug,
    Snapshot,
    Text,
    Topic,
    Version,
    procedure_of,
    rpc,
    topic,
    topic_named,
    topic_of,
)
from chalkbell.contracts.refusals import (
    REFUSALS,
    Conflict,
    Internal,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
    TooMany,
    TooOld,
    Unavailable,
    refusal,
    refusal_from,
)
from chalkbell.contracts.shared import SERVICES

__all__ = [
    "PREFIX", "PROCEDURES", "REFUSALS", "SERVICES", "TOPICS", "Allow", "Ask", "Change", "Conflict", "Done", "Email", "Envelope",
    "Event", "GroupId", "Internal", "Invalid", "Line", "Message", "NotAllowed", "NotFound", "PersonId", "Position", "Procedure",
    "Refusal", "Request", "RequestId", "Scope", "Seq", "ShortText", "Slug", "Snapshot", "Text", "TooMany", "TooOld", "Topic",
    "Unavailable", "Version", "load_all", "procedure_of", "refusal", "refusal_from", "rpc", "topic", "topic_named", "topic_of",
]  # fmt: skip


def load_all() -> None:
    """Import every service's contracts, so that the registries are complete."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
