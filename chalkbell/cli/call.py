"""`chalkbell call`: call one procedure."""

from __future__ import annotations

import difflib
import sys
from typing import Annotated, Any, get_origin

import msgspec
import typer

from chalkbell.cli import _out, app
from chalkbell.cli._who import AsPerson, Data, Token, Url, Who


def complete_procedure(incomplete: str) -> list[str]:
    """For the shell: procedures that begin so."""
    from chalkbell.contracts import PREFIX, PROCEDURES, load_all

    load_all()
    return [name for uri in PROCEDURES if (name := uri.removeprefix(PREFIX)).startswith(incomplete)]


@app.command()
def call(
    procedure: Annotated[
        str,
        typer.Argument(
            help="Its URI, with or without `chalkbell.`, such as workflow.v1.sign_off.", autocompletion=complete_procedure
        ),
    ],
    fields: Annotated[
        list[str] | None,
        typer.Argument(help="Fields as name=value; name:=value takes the value as JSON.", metavar="[NAME=VALUE]..."),
    ] = None,
    json_body: Annotated[str, typer.Option(help="All fields as one JSON object; `-` reads it from standard input.")] = "",
    person: AsPerson = "",
    token: Token = "",
    url: Url = "",
    data: Data = None,
) -> None:
    """Call a procedure and print its answer as JSON: as the operator, or as somebody. A refusal ends with exit code 1."""
    from chalkbell.cli._who import with_session

    declared = _declared(procedure)
    body = {**_body(json_body), **_fields(declared, fields or [])}

    async def work(bus: Any) -> Any:
        return await bus.call(declared.uri, body, timeout=60.0)

    _out.data(with_session(Who(person, token, url), data, work))


def _declared(name: str) -> Any:
    from chalkbell.contracts import PREFIX, PROCEDURES, load_all

    load_all()
    uri = name if name.startswith(PREFIX) else PREFIX + name
    if uri not in PROCEDURES:
        near = difflib.get_close_matches(uri, PROCEDURES, n=3)
        hint = (
            "Did you mean " + " or ".join(one.removeprefix(PREFIX) for one in near) + "?"
            if near
            else "`chalkbell routes` lists all."
        )
        _out.fail(f"There is no procedure {name}.", hint, code=_out.USAGE)
    return PROCEDURES[uri]


def _body(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        return msgspec.json.decode(sys.stdin.buffer.read() if text == "-" else text.encode(), type=dict[str, Any])
    except msgspec.ValidationError:
        _out.fail("The body must be a JSON object: its names are the fields.", code=_out.USAGE)
    except msgspec.DecodeError as error:
        _out.fail(f"The body is not JSON: {error}", code=_out.USAGE)


def _fields(declared: Any, given: list[str]) -> dict[str, Any]:
    types = {field.name: field.type for field in msgspec.structs.fields(declared.request)}
    found: dict[str, Any] = {}
    for one in given:
        name, equals, value = one.partition("=")
        raw = name.endswith(":")
        name = name.removesuffix(":")
        if not equals or not name:
            _out.fail(f"{one!r} is not name=value.", code=_out.USAGE)
        if raw or not _is_text(types.get(name)):
            try:
                found[name] = msgspec.json.decode(value.encode())
                continue
            except msgspec.DecodeError as error:
                if raw:
                    _out.fail(f"{name}: not JSON: {error}", code=_out.USAGE)
        found[name] = value
    return found


def _is_text(kind: Any) -> bool:
    """Whether a field takes text: then 2026 is a text too, and not a number."""
    if kind is None:
        return False
    described = msgspec.inspect.type_info(kind)
    options = described.types if isinstance(described, msgspec.inspect.UnionType) else (described,)
    texts = (msgspec.inspect.StrType, msgspec.inspect.EnumType, msgspec.inspect.DateTimeType, msgspec.inspect.DateType)
    return get_origin(kind) is not dict and any(isinstance(option, texts) for option in options)
