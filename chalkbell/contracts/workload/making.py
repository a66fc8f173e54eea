"""Making one message out of another's fields: a module of what was said of it, say."""

from __future__ import annotations

from typing import Any, TypeVar

from chalkbell.contracts.core import Message

M = TypeVar("M", bound=Message)


def made(kind: type[M], source: Message, **more: Any) -> M:
    """A `kind` with those fields of `source` that it has too; `more` adds the others, or wins."""
    fields = {name: getattr(source, name) for name in source.__struct_fields__ if name in kind.__struct_fields__}
    return kind(**{**fields, **more})
