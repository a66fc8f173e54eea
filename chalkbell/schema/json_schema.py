"""JSON Schema (2020-12) of every request, answer and event."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec

from chalkbell.schema.language import Language


def dump(document: dict[str, Any]) -> str:
    """A document as JSON text, the same for the same content."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def components(template: str, language: Language | None = None) -> dict[str, Any]:
    """The schema of every type by its name. `template` says how one refers to another: `#/$defs/{name}`."""
    language = language or Language.of_contracts()
    kinds = language.all
    references, found = msgspec.json.schema_components(kinds, ref_template="{name}")
    # msgspec gives types of one name their whole path: here each has the short name that it has everywhere else
    names = {reference["$ref"]: language.name(kind) for kind, reference in zip(kinds, references, strict=True)}
    renamed = {names[name]: _tidy(schema, names, template) for name, schema in found.items()}
    for name, schema in renamed.items():
        schema["title"] = name
    return dict(sorted(renamed.items()))


def _tidy(schema: Any, names: dict[str, str], template: str) -> Any:
    if isinstance(schema, dict):
        tidied = {key: _tidy(value, names, template) for key, value in schema.items()}  # pyright: ignore[reportUnknownVariableType]
        if isinstance(schema.get("$ref"), str):  # pyright: ignore[reportUnknownMemberType]
            tidied["$ref"] = template.format(name=names[schema["$ref"]])
        if isinstance(schema.get("description"), str):  # pyright: ignore[reportUnknownMemberType]
            tidied["description"] = inspect.cleandoc(schema["description"])  # pyright: ignore[reportUnknownArgumentType]
        return tidied  # pyright: ignore[reportUnknownVariableType]
    if isinstance(schema, list):
        return [_tidy(item, names, template) for item in schema]  # pyright: ignore[reportUnknownVariableType]
    return schema


def json_schema() -> str:
    """The document: all types under `$defs`."""
    return dump(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "https://chalkbell.example/contracts.schema.json",
            "title": "Chalkbell's contracts",
            "description": "Every request, answer and event of every service. Generated from chalkbell/contracts.",
            "$defs": components("#/$defs/{name}"),
        }
    )
