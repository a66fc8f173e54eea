"""What everybody may look at: health, the OpenAPI document, and a page that shows it."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from typing import Any

import msgspec

import chalkbell
from chalkbell.schema import openapi
from services.gateway.doors import Doors
from services.gateway.face.exchange import JSON, Exchange

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code { font: 0.95em ui-monospace, monospace; overflow-wrap: anywhere; }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 0.4rem 0; }
summary { cursor: pointer; }
td, th { text-align: left; vertical-align: top; padding: 0.1rem 1rem 0.1rem 0; }
.who { opacity: 0.75; font-size: 0.85em; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Pages:
    """What is not about anybody."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._document, self._page = _made()

    def health(self, exchange: Exchange) -> bytes:
        """GET /api/health: 200 while the gateway has joined the campus, else 503."""
        healthy = self._doors.open
        return exchange.answer({"healthy": healthy, "version": chalkbell.__version__}, 200 if healthy else 503)

    def document(self, exchange: Exchange) -> bytes:
        """GET /api/openapi.json."""
        return exchange.send(self._document, JSON)

    def docs(self, exchange: Exchange) -> bytes:
        """GET /api/docs: the document for people."""
        return exchange.send(self._page, "text/html; charset=utf-8", headers={"Content-Security-Policy": _POLICY})


@cache
def _made() -> tuple[bytes, bytes]:
    document = openapi().encode()
    return document, page(msgspec.json.decode(document)).encode()


def page(document: dict[str, Any]) -> str:
    """The OpenAPI document as one plain page."""
    info = document["info"]
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation, document))
    sections = "".join(f'<h2 id="{escape(name)}">{escape(name)}</h2>{"".join(found)}' for name, found in groups.items())
    description = "".join(f"<p>{escape(part)}</p>" for part in info["description"].split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} over HTTP</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(info['title'])} over HTTP</h1>{description}"
        f'<p>For programs: <a href="/api/openapi.json"><code>/api/openapi.json</code></a></p>{sections}</body></html>'
    )


def _operation(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    who = f' <span class="who">{escape(operation["x-allow"])}</span>' if "x-allow" in operation else ""
    head = f"<summary><code>{escape(method.upper())} {escape(path)}</code> {escape(operation.get('summary', ''))}{who}</summary>"
    description = operation.get("description", "")
    text = f"<p>{escape(description)}</p>" if description not in ("", operation.get("summary")) else ""
    fields = _fields(_schema(operation, document))
    statuses = ", ".join(sorted(operation["responses"]))
    return f"<details>{head}{text}{fields}<p>Statuses: {escape(statuses)}</p></details>"


def _schema(operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"].get(name, body)


def _fields(schema: dict[str, Any]) -> str:
    needed = schema.get("required", [])
    rows = "".join(
        f"<tr><th><code>{escape(name)}</code></th><td>{'needed' if name in needed else ''}</td>"
        f"<td><code>{escape(_kind(field))}</code></td><td>{escape(field.get('description', ''))}</td></tr>"
        for name, field in schema.get("properties", {}).items()
    )
    return f"<table>{rows}</table>" if rows else ""


def _kind(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "anyOf" in field:
        return " or ".join(_kind(option) for option in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    if "enum" in field:
        return " or ".join(map(str, field["enum"]))
    return str(field.get("type", "any"))
