"""Types in words, for the reference pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from msgspec import NODEFAULT
from msgspec import inspect as types

from chalkbell.contracts import Email, Line, RequestId, ShortText, Slug, Text

Link = Callable[[type[Any]], str]
"""How a structure or enumeration is referred to."""


def _pattern(kind: Any) -> str | None:
    info = _bare(types.type_info(kind))
    return info.pattern if isinstance(info, types.StrType) else None


def _bare(info: types.Type) -> types.Type:
    return _bare(info.type) if isinstance(info, types.Metadata) else info


_SLUG = "Lower-case letters, digits and inner hyphens."
_KNOWN = {
    _pattern(Slug): "slug",
    _pattern(Line): "one line",
    _pattern(ShortText): "one line or empty",
    _pattern(Text): "text",
    _pattern(Email): "e-mail address",
    _pattern(RequestId): "request id",
}


def type_in_words(info: types.Type, link: Link) -> str:
    """What a value is: `list of slug`, `whole number`, `moment`."""
    match info:
        case types.Metadata():
            return type_in_words(info.type, link)
        case types.StructType() | types.EnumType():
            return link(info.cls)
        case types.ListType() | types.SetType() | types.FrozenSetType() | types.VarTupleType():
            return f"list of {type_in_words(info.item_type, link)}"
        case types.DictType():
            return f"{type_in_words(info.value_type, link)} by {type_in_words(info.key_type, link)}"
        case types.UnionType():
            return " or ".join(type_in_words(part, link) for part in info.types)
        case types.LiteralType():
            return " or ".join(f"`{json.dumps(value)}`" for value in info.values)
        case types.StrType():
            return _KNOWN.get(info.pattern, "text") if info.pattern else "text"
        case _:
            return _PLAIN.get(type(info), "anything")


_PLAIN: dict[type[types.Type], str] = {
    types.BoolType: "yes or no",
    types.IntType: "whole number",
    types.FloatType: "number",
    types.NoneType: "null",
    types.DateTimeType: "moment",
    types.DateType: "date",
    types.TimeType: "time of day",
    types.TimeDeltaType: "duration",
    types.BytesType: "bytes",
}


def limits_in_words(info: types.Type) -> str:
    """What a value may be at most and at least."""
    match info:
        case types.Metadata():
            return limits_in_words(info.type)
        case types.UnionType():
            return "; ".join(filter(None, (limits_in_words(part) for part in info.types)))
        case types.IntType() | types.FloatType():
            least = info.ge if info.ge is not None else info.gt
            most = info.le if info.le is not None else info.lt
            return _between(least, most, "")
        case types.StrType() | types.BytesType():
            return _between(info.min_length, info.max_length, " characters")
        case types.ListType() | types.SetType() | types.DictType():
            return _between(info.min_length, info.max_length, " entries")
        case _:
            return ""


def _between(least: float | None, most: float | None, unit: str) -> str:
    if least is None and most is None:
        return ""
    if most is None or most == 2**53:
        return f"from {_number(least or 0)}{unit}"
    if least is None:
        return f"up to {_number(most)}{unit}"
    return f"{_number(least)} to {_number(most)}{unit}"


def _number(value: float) -> str:
    return f"{value:,}".replace(",", " ") if abs(value) >= 10_000 else f"{value:g}"


def default_in_words(field: types.Field) -> str:
    """What holds where a field is left out; empty where it must be given."""
    if field.required:
        return "required"
    if field.default_factory is not NODEFAULT:
        made = field.default_factory()
        return "empty" if made in ([], {}) else f"`{plain(made)}`"
    default = field.default
    if default is None:
        return "none"
    return "empty" if default in ("", []) else f"`{plain(default)}`"


def plain(value: Any) -> str:
    """A default as it would be written."""
    if hasattr(value, "value"):
        value = value.value
    return value if isinstance(value, str) else json.dumps(value, default=str)


def description(info: types.Type) -> str:
    """The documentation that a field's own type carries; nothing where it only says what a slug is."""
    # msgspec leaves open what is in there
    extra = cast("dict[str, Any]", getattr(info, "extra_json_schema", None) or {})
    found = str(extra.get("description", ""))
    return "" if found == _SLUG else found
