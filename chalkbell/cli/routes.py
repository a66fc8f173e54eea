"""`chalkbell routes`: what can be called and followed, who may, and where it is declared."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from chalkbell.cli import _out, app
from chalkbell.cli._who import AsJson


@app.command()
def routes(
    search: Annotated[str, typer.Argument(help="Only those with this text in their URI.")] = "",
    topics: Annotated[bool, typer.Option(help="Show topics instead of procedures.")] = False,
    json: AsJson = False,
) -> None:
    """List the procedures: URI, who may call, file and line. With --topics, what can be followed."""
    from chalkbell.contracts import load_all

    load_all()
    found = [one for one in (_topics() if topics else _procedures()) if search in one["uri"]]
    if json:
        _out.data(found)
        return
    heading = ("topic", "passing", "declared") if topics else ("procedure", "who may", "changes", "declared")
    rows = [
        (one["uri"], "yes" if one["passing"] else "", one["declared"])
        if topics
        else (one["uri"], one["allow"], "yes" if one["changes"] else "", one["declared"])
        for one in found
    ]
    _out.table(heading, rows)
    if not rows:
        _out.say("Nothing has this in its URI.")


def _procedures() -> list[dict[str, Any]]:
    from chalkbell.contracts import PROCEDURES

    return [
        {
            "uri": uri,
            "allow": one.allow.value,
            "changes": one.changes,
            "request": one.request.__name__,
            "declared": _place(one.file, one.line),
            "summary": one.documentation.splitlines()[0],
        }
        for uri, one in sorted(PROCEDURES.items())
    ]


def _topics() -> list[dict[str, Any]]:
    from chalkbell.contracts import TOPICS

    return [
        {
            "uri": pattern,
            "scope": one.scope_field,
            "passing": one.passing,
            "event": one.event.__name__,
            "declared": _place(one.file, one.line),
            "summary": one.documentation.splitlines()[0],
        }
        for pattern, one in sorted(TOPICS.items())
    ]


def _place(file: str, line: int) -> str:
    path = os.path.relpath(file)
    return f"{file if path.startswith(os.pardir) else Path(path)}:{line}"
