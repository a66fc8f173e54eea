"""A definition from its YAML text, with every problem told by line and field."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import msgspec
import yaml

from chalkbell.contracts import Line, Slug, Text
from chalkbell.contracts.workflow import BadDefinition, State
from services.workflow.rules import graph

DEEPEST = 12
_yaml: Any = yaml  # its functions come half typed
_BROKEN = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"missing required field `([^`]+)`")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")


class StateText(State, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state as it is written; a field that we do not know is most likely a slip of the pen."""


class DefinitionText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A definition as it is written."""

    name: Slug
    title: Line
    description: Text = ""
    states: list[StateText]


@dataclass
class _Lines:
    """At which line each field stands; the key of a mapping where it has one."""

    of: dict[str, int] = field(default_factory=dict[str, int])

    def at(self, path: str) -> int:
        """The line of a field, or of what it would stand in."""
        while path and path not in self.of:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.of.get(path, 1)


def read(text: str, groups: Collection[str], people: Collection[str]) -> DefinitionText:
    """The definition that a YAML text holds. `groups` and `people` are the ids known on the campus.

    Refused with `bad_definition`, whose `problems` are all that is wrong with the graph, or the first thing wrong with the text:
    each a dict of `line` (from 1), `field` (a path) and `message`.
    """
    root, lines = _parse(text)
    try:
        definition = msgspec.convert(root, DefinitionText, strict=True)
    except (msgspec.ValidationError, UnicodeError, ValueError) as error:
        raise _refused([_broken(str(error), lines)]) from None
    wrong = graph.problems(definition.states, groups, people)
    if wrong:
        raise _refused([_problem(lines.at(one.path), one.path, one.message) for one in wrong[:100]])
    return definition


def named(text: str) -> tuple[set[str], set[str]]:
    """The groups and people that a text may name, so that they can be looked up before it is read."""
    found = re.findall(r"\b(group|person):([a-z0-9-]{1,63})", text)
    return {id for kind, id in found if kind == "group"}, {id for kind, id in found if kind == "person"}


def _parse(text: str) -> tuple[Any, _Lines]:
    try:
        depth = 0
        for event in _yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise _refused([_problem(event.start_mark.line + 1, "", "references (*name) are not taken: write it out")])
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise _refused([_problem(event.start_mark.line + 1, "", "this is nested too deeply")])
        node = _yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = getattr(error, "problem", None) or "this is no YAML"
        raise _refused([_problem(mark.line + 1 if mark else 1, "", str(what))]) from None
    if node is None:
        raise _refused([_problem(1, "", "there is nothing in it")])
    lines = _Lines()
    return _plain(node, "", lines), lines


def _plain(node: Any, path: str, lines: _Lines) -> Any:
    lines.of.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, f"{path}[{place}]", lines) for place, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            inner = f"{path}.{name}".lstrip(".")
            if name in found:
                raise _refused([_problem(key.start_mark.line + 1, inner, "this field is there twice")])
            lines.of[inner] = key.start_mark.line + 1
            found[name] = _plain(value, inner, lines)
        return found
    return _scalar(node)


def _scalar(node: Any) -> Any:
    """Yes, no and nothing mean what YAML says; everything else is text as it is written."""
    kind = node.tag.rpartition(":")[2]
    if kind == "bool":
        return node.value.lower() in ("yes", "true", "on")
    return None if kind == "null" else node.value


def _broken(error: str, lines: _Lines) -> dict[str, Any]:
    match = _BROKEN.match(error)
    what, path = (match["what"], match["path"] or "") if match else (error, "")
    if unknown := _UNKNOWN.search(what):
        path = f"{path}.{unknown[1]}".lstrip(".")
    elif missing := _MISSING.search(what):
        what = f"{missing[1]!r} is missing"
    return _problem(lines.at(path), path, what)


def _problem(line: int, path: str, message: str) -> dict[str, Any]:
    return {"line": line, "field": path, "message": message}


def _refused(problems: list[dict[str, Any]]) -> BadDefinition:
    first = problems[0]
    where = f"line {first['line']}" + (f", {first['field']}" if first["field"] else "")
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return BadDefinition(f"The definition cannot be used: {where}: {first['message']}{more}.", path="text", problems=problems)
