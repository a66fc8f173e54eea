"""`chalkbell schema`: what is made from the contracts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from chalkbell.cli import app


@app.command()
def schema(
    product: Annotated[str | None, typer.Argument(help="Print this one: openapi.json, contracts.ts ... None: list them.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write all into the repository.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Compare with what is in the repository; exit code 1 if different.")
    ] = False,
    root: Annotated[Path, typer.Option(help="The repository.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Lists as JSON.")] = False,
) -> None:
    """Print, write or compare the schemas, TypeScript, permissions and reference pages that are made from the contracts."""
    from chalkbell import schema as made

    if product:
        found = [text for path, text in made.products().items() if path == product or Path(path).name == product]
        if not found:
            print(f"There is no product {product!r}. `chalkbell schema` lists them.", file=sys.stderr)
            raise SystemExit(2)
        sys.stdout.write(found[0])
        return
    paths = made.write(root) if write else made.check(root) if check else list(made.products())
    print(json.dumps(paths) if as_json else "\n".join(paths), end="\n" if paths or as_json else "")
    if write:
        print(f"{len(paths)} written", file=sys.stderr)
    if check and paths:
        print("These are not what the contracts say: `make generate` writes them.", file=sys.stderr)
        raise SystemExit(1)
