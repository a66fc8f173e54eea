"""What is made from the contracts and the settings: schemas, TypeScript, the router's permissions, reference pages.

    products()    every file's text, by its path from the repository's root
    write(root)   write them
    check(root)   the paths of those that are not what is committed

The same contracts give the same text, always: nothing depends on the machine, the day or the order of imports.
"""

from __future__ import annotations

from pathlib import Path

from chalkbell.contracts import load_all
from chalkbell.schema.asyncapi import asyncapi
from chalkbell.schema.json_schema import json_schema
from chalkbell.schema.openapi import openapi
from chalkbell.schema.permissions import permissions
from chalkbell.schema.reference import reference
from chalkbell.schema.settings_page import environment_example, settings_page
from chalkbell.schema.typescript import typescript

__all__ = ["asyncapi", "check", "json_schema", "openapi", "permissions", "products", "typescript", "write"]


def products() -> dict[str, str]:
    """Every generated file's text, by its path from the repository's root."""
    load_all()
    return {
        "docs/reference/contracts.schema.json": json_schema(),
        "docs/reference/asyncapi.json": asyncapi(),
        "docs/reference/openapi.json": openapi(),
        "docs/reference/settings.md": settings_page(),
        **{f"docs/reference/{name}.md": page for name, page in reference().items()},
        "router/permissions.json": permissions(),
        "web/src/contracts.ts": typescript(),
        ".env.example": environment_example(),
    }


def write(root: Path) -> list[str]:
    """Write what is not there or is different. Answers the paths written."""
    differences = check(root)
    for path, text in products().items():
        if path in differences:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    return differences


def check(root: Path) -> list[str]:
    """The paths of generated files that are missing or are not what the contracts say."""
    return [path for path, text in products().items() if not _has(root / path, text)]


def _has(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text
