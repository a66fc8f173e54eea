"""`chalkbell schema`: what is made from the contracts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from chalkbell.cli import _out, app

ROOT = Path(__file__).resolve().parents[2]


@app.command()
def schema(
    path: Annotated[str, typer.Argument(help="Print this one, such as docs/reference/openapi.json.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Write all of them.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 when a committed file is not what the contracts say.")
    ] = False,
    root: Annotated[Path, typer.Option(help="The repository's root.")] = ROOT,
) -> None:
    """List what is made from the contracts (JSON Schema, AsyncAPI, OpenAPI, TypeScript, permissions, pages), print or write it."""
    from chalkbell import schema as made

    if (write and check) or (path and (write or check)):
        _out.fail("Give one of --write, --check and a path.", code=_out.USAGE)
    if write:
        for one in made.write(root):
            _out.say(f"written: {one}")
    elif check:
        if different := made.check(root):
            _out.fail(
                "Not what the contracts say: " + ", ".join(different), "Run `chalkbell schema --write` and commit what it writes."
            )
    else:
        products = made.products()
        if path and path not in products:
            _out.fail(f"{path} is not made from the contracts.", "`chalkbell schema` lists what is.", code=_out.USAGE)
        sys.stdout.write(products[path] if path else "".join(f"{one}\n" for one in products))
