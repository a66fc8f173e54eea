"""The settings page and `.env.example`, from the sections themselves."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from msgspec import NODEFAULT
from msgspec import inspect as types

from chalkbell.contracts import SERVICES
from chalkbell.schema.language import documentation
from chalkbell.schema.words import default_in_words, description, limits_in_words, plain, type_in_words
from chalkbell.settings import Campus, Section, variable

_OWN = ("host", "port")
_SECRET = ("password", "secret")


def sections() -> dict[str, type[Section]]:
    """The campus's section (its name is empty) and those of the services that have one."""
    found: dict[str, type[Section]] = {"": Campus}
    for service in SERVICES:
        name = f"services.{service}.settings"
        if importlib.util.find_spec(f"services.{service}") and importlib.util.find_spec(name):
            found[service] = importlib.import_module(name).Settings
    return found


def settings_page() -> str:
    """The text of `docs/reference/settings.md`."""
    introduction = (
        "Each comes from the first of these that has it: a flag of `chalkbell up`, the environment, the settings file (TOML), the\n"
        "default. A variable's name with `_FILE` after it names a file that holds the value: for secrets.\n"
    )
    page = [
        "<!-- Generated from the settings' own declarations by `make generate`. Do not edit. -->\n",
        "# Settings\n",
        introduction,
    ]
    for name, section in sections().items():
        page.append(f"## {name.capitalize() or 'The campus'}\n")
        page.append(documentation(section) + "\n")
        place = f"In the file: under `[{name}]`." if name else "In the file: at the top."
        page.append(place + "\n")
        page.append("| variable | is | default | says |\n| --- | --- | --- | --- |")
        page += [_row(name, field) for field in _fields(name, section)]
        page.append("")
    return "\n".join(page)


def environment_example() -> str:
    """The text of `.env.example`: every setting with its default, commented out."""
    lines = ["# Generated from the settings' own declarations by `make generate`. Copy to .env and uncomment what you change."]
    for name, section in sections().items():
        lines += ["", f"## {name.capitalize() or 'The campus'}: {documentation(section).splitlines()[0]}"]
        for field in _fields(name, section):
            lines += ["", f"# {description(field.type)}", f"#{variable(name, field.name)}{_file(field)}={_value(field)}"]
    return "\n".join(lines) + "\n"


def _fields(name: str, section: type[Section]) -> list[types.Field]:
    info = types.type_info(section)
    assert isinstance(info, types.StructType)
    # what has the name of one of the campus's settings is filled from it; but where it listens is each one's own affair
    return [field for field in info.fields if not name or field.name in _OWN or not hasattr(Campus, field.name)]


def _row(name: str, field: types.Field) -> str:
    limits = limits_in_words(field.type)
    kind = type_in_words(field.type, _no_link) + (f", {limits}" if limits else "")
    cells = [f"`{variable(name, field.name)}{_file(field)}`", kind, default_in_words(field), description(field.type)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _file(field: types.Field) -> str:
    return "_FILE" if any(word in field.name.split("_") for word in _SECRET) and _is_text(field) else ""


def _is_text(field: types.Field) -> bool:
    info = field.type.type if isinstance(field.type, types.Metadata) else field.type
    return isinstance(info, types.StrType)


def _value(field: types.Field) -> str:
    if field.default_factory is not NODEFAULT:
        return plain(field.default_factory())
    return "" if field.default in (None, NODEFAULT) else plain(field.default)


def _no_link(kind: type[Any]) -> str:
    return f"`{kind.__name__}`"
