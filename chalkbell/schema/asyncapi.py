"""AsyncAPI 3: the procedures that services answer and the events that they publish, over WAMP."""

from __future__ import annotations

import re
from typing import Any

import chalkbell
from chalkbell.contracts import PREFIX, PROCEDURES, TOPICS, Procedure, Topic, load_all
from chalkbell.schema.json_schema import components, dump
from chalkbell.schema.language import Language, documentation

_SCHEMAS = "#/components/schemas/{name}"


def asyncapi() -> str:
    """The document as JSON text."""
    load_all()
    language = Language.of_contracts()
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for uri, procedure in sorted(PROCEDURES.items()):
        _enter_procedure(uri, procedure, language, channels, operations, messages)
    for pattern, topic in sorted(TOPICS.items()):
        _enter_topic(pattern, topic, language, channels, operations, messages)
    return dump(
        {
            "asyncapi": "3.0.0",
            "info": {
                "title": "Chalkbell",
                "version": chalkbell.__version__,
                "description": "Campus services that speak in events, over WAMP (realm `campus`). A request's fields are the call's keyword"
                " arguments; the answer is the result's only argument; an event's only argument is its envelope.\n\n"
                "Generated from chalkbell/contracts.",
                "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            },
            "servers": {
                "campus": {
                    "host": "{host}",
                    "pathname": "/ws",
                    "protocol": "wss",
                    "description": "The router, for browsers and other systems: WAMP v2 over websocket, JSON or CBOR.",
                    "variables": {"host": {"description": "The campus's own host.", "default": "localhost:8080"}},
                }
            },
            "channels": channels,
            "operations": operations,
            "components": {"messages": messages, "schemas": components(_SCHEMAS, language)},
        }
    )


def _enter_procedure(
    uri: str,
    procedure: Procedure,
    language: Language,
    channels: dict[str, Any],
    operations: dict[str, Any],
    messages: dict[str, Any],
) -> None:
    key = _key(uri)
    answer = language.name(procedure.answer)
    asked = {"ask": language.name(procedure.request), "answer": answer}
    for role, name in asked.items():
        messages[f"{key}_{role}"] = {"name": name, "payload": {"$ref": _SCHEMAS.format(name=name)}}
    channels[key] = {
        "address": uri,
        "description": procedure.documentation,
        "messages": {role: {"$ref": f"#/components/messages/{key}_{role}"} for role in asked},
    }
    operations[key] = {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{key}"},
        "summary": procedure.documentation.splitlines()[0],
        "messages": [{"$ref": f"#/channels/{key}/messages/ask"}],
        "reply": {"channel": {"$ref": f"#/channels/{key}"}, "messages": [{"$ref": f"#/channels/{key}/messages/answer"}]},
        "x-allow": procedure.allow.value,
        "x-refusals": sorted(refusal.uri for refusal in procedure.refusals),
    }


def _enter_topic(
    pattern: str, topic: Topic, language: Language, channels: dict[str, Any], operations: dict[str, Any], messages: dict[str, Any]
) -> None:
    key = _key(pattern)
    name = language.name(topic.event)
    data = {"properties": {"name": {"const": topic.name}, "data": {"$ref": _SCHEMAS.format(name=name)}}}
    messages[f"{key}_event"] = {"name": name, "payload": {"allOf": [{"$ref": _SCHEMAS.format(name="Envelope")}, data]}}
    channels[key] = {
        "address": pattern,
        "description": documentation(topic.event),
        "parameters": {topic.scope_field: {"description": "The scope: a slug without dots."}},
        "messages": {"event": {"$ref": f"#/components/messages/{key}_event"}},
    }
    operations[key] = {
        "action": "send",
        "channel": {"$ref": f"#/channels/{key}"},
        "summary": topic.documentation.splitlines()[0],
        "messages": [{"$ref": f"#/channels/{key}/messages/event"}],
        "x-passing": topic.passing,
    }


def _key(address: str) -> str:
    return re.sub(r"[{}]", "", address.removeprefix(PREFIX)).replace(".", "_")
