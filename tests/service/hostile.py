"""Requests as nobody should send them, made from the contracts: nearly right, wrong, huge and hostile."""

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect as types

from chalkbell.contracts import Procedure

Known = Mapping[str, Sequence[Any]]

DEEP: Any = []
for _ in range(3000):
    DEEP = [DEEP]
WIDE: dict[str, Any] = {f"field-{number}": number for number in range(900)}

TEXTS = [
    "", " ", "\n", "a\n", "\0", "a\0b", "\ud800", "a\udfff", "\x7f", "\x1b[31m", "‮live", "é" * 64, "x" * 64, "x" * 201, "x" * 20_000,
    "-", "a-", "-a", "A", "a.b", "a/b", "../../etc/passwd", "{room}", "%s%n", "null", "true", "0", "NaN", "1e999", "٣", "ⅷ",
    "'; drop table person; --", "\" or 1=1 --", "<script>alert(1)</script>", "=1+1", "__class__", "operator", "service.directory",
    "admin", "campus", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", "2026-02-30", "2026-11-23T09:00:00", "2026-11-23",
    "a@b", "a@b.c\n", "@", "x" * 300 + "@example.edu", "9**9**9", "().__class__.__mro__", "- a: &a [*a]", "!!python/object:os.system x",
]  # fmt: skip

NUMBERS: list[Any] = [
    0, -1, 1, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 2**70, -(2**63), -(2**70), 0.1, -0.0, 1e-320, 1e308, -1e308,
    math.nan, math.inf, -math.inf, True, False,
]  # fmt: skip

OTHERS: list[Any] = [
    None, [], [[]], [None], {}, {"": ""}, {"\0": "\ud800"}, [0] * 5000, ["a"] * 6000, b"", b"\xff\xfe", b"\0" * 9000, DEEP, WIDE,
    {"a": DEEP}, [{}], [{"a": 1}], {"id": "a"}, {"__proto__": {}}, {1: 2}, {None: None},
]  # fmt: skip

HOSTILE = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(NUMBERS),
    st.sampled_from(OTHERS),
    st.text(st.characters(), max_size=30),
    st.integers(),
    st.floats(),
    st.binary(max_size=30),
    st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=8),
)

MOMENTS = st.datetimes(timezones=st.just(datetime.UTC)).map(lambda moment: moment.isoformat())
KEYS = st.sampled_from(["", "\0", "\ud800", "self", "room ", "Room", "request_ids", "__class__", "x" * 10_000, "é"])


PLAIN = [
    "a",
    "one",
    "new-thing",
    "One line",
    "Übung 1 - 統計",
    "🔔",
    "x" * 63,
    "y" * 200,
    "several\nlines",
    "new@example.edu",
    "#aabbcc",
    "1+1",
]
EXTREMES = ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]


def plausible(info: types.Type, known: Known, name: str = "") -> st.SearchStrategy[Any]:
    """Values that a field of this type takes, the oddest among them. `known` has values of the campus, by the field's name."""
    match info:
        case types.Metadata():
            return plausible(info.type, known, name)
        case types.StructType():
            return fields(info, known)
        case types.EnumType():
            return st.sampled_from([member.value for member in info.cls])
        case types.LiteralType():
            return st.sampled_from(info.values)
        case types.UnionType():
            return st.one_of(*(plausible(part, known, name) for part in info.types))
        case types.ListType():
            return st.lists(plausible(info.item_type, known, name), min_size=info.min_length or 0, max_size=3)
        case types.DictType():
            return st.dictionaries(st.sampled_from(["a", "b", "cs101"]), plausible(info.value_type, known, name), max_size=2)
        case types.BoolType():
            return st.booleans()
        case types.IntType():
            least, most = (-5 if info.ge is None else info.ge), (5 if info.le is None else info.le)
            small = st.integers(least, min(most, max(least, 0) + 4))
            return st.one_of(small, st.sampled_from(known.get(name, [least])), st.sampled_from([least, most]))
        case types.FloatType():
            least, most = (-1e9 if info.ge is None else info.ge), (1e9 if info.le is None else info.le)
            tiny = [value for value in (0.0, -0.0, 1e-320, 1e-9, 0.1, 50.0) if least <= value <= most]
            return st.sampled_from([least, most, *tiny]) | st.floats(least, most, allow_nan=False)
        case types.NoneType():
            return st.none()
        case types.DateTimeType():
            return st.sampled_from([*known.get(name, ()), *EXTREMES]) | MOMENTS
        case types.DateType():
            return st.sampled_from(["2026-09-01", "2027-08-31", "0001-01-01", "9999-12-31"]) | st.dates().map(str)
        case types.StrType():
            likely = [value for value in known.get(name, ()) if fits(info, value)]
            others = [value for value in (*known["*"], *PLAIN, *TEXTS) if fits(info, value)] or likely or ["a"]
            return st.sampled_from(likely or others) | st.sampled_from(others)
        case _:
            return HOSTILE


def fits(info: types.StrType, value: Any) -> bool:
    """Whether a text is as the contract wants it."""
    length = len(value) if isinstance(value, str) else -1
    if not (info.min_length or 0) <= length <= (info.max_length or 10_000):
        return False
    return not info.pattern or re.search(info.pattern, value) is not None


def fields(info: types.StructType, known: Known) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of a structure: those that must be there, and some of the others."""
    values = {field.encode_name: plausible(field.type, known, field.encode_name) for field in info.fields}
    if "request_id" in values:
        values["request_id"] = st.none() | st.integers(0, 10**6).map("request-{}".format)
    required = {field.encode_name: values[field.encode_name] for field in info.fields if field.required}
    optional = {name: value for name, value in values.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def requests(draw: st.DrawFn, procedure: Procedure, known: Known) -> dict[str, Any]:
    """The fields of a call: right but for what is spoilt, left out or too much."""
    info = types.type_info(procedure.request)
    assert isinstance(info, types.StructType)
    found = draw(fields(info, known))
    names = [field.encode_name for field in info.fields]
    how = draw(st.sampled_from(["as it is"] * 6 + ["spoil", "spoil", "spoil deep", "leave out", "too much", "all"]))
    if how == "spoil" and names:
        for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=2)):
            found[name] = draw(HOSTILE)
    elif how == "spoil deep":
        found = {name: draw(spoilt(value)) for name, value in found.items()}
    elif how == "leave out" and found:
        found.pop(draw(st.sampled_from(sorted(found))))
    elif how == "too much":
        found[draw(KEYS)] = draw(HOSTILE)
    elif how == "all":
        found = {name: draw(HOSTILE) for name in names}
    return found


def spoilt(value: Any) -> st.SearchStrategy[Any]:
    """A value with something wrong inside it, or as it is."""
    if isinstance(value, dict) and value:
        return st.sampled_from(sorted(value)).flatmap(lambda key: spoilt(value[key]).map(lambda bad: {**value, key: bad}))
    if isinstance(value, list) and value:
        return spoilt(value[0]).map(lambda bad: [bad, *value[1:]]) | st.just(value * 200)
    return HOSTILE | st.just(value)


def is_refused_by_contract(procedure: Procedure, found: dict[str, Any]) -> bool:
    """Whether the contract itself does not take these fields."""
    try:
        msgspec.convert(found, procedure.request, strict=True, str_keys=True)
    except (msgspec.ValidationError, ValueError, RecursionError, OverflowError):
        return True
    return False
