"""Replacing attributes of others' classes and modules, in a way that can be undone."""

from typing import Any

_ABSENT = object()


class Replacements:
    """What was replaced, and what was there before."""

    def __init__(self) -> None:
        self._before: list[tuple[Any, str, Any]] = []

    def replace(self, owner: Any, name: str, new: Any) -> None:
        """Put `new` in the place of an attribute of a class or module; one that it only inherits comes back when undone."""
        self._before.append((owner, name, vars(owner).get(name, _ABSENT)))
        setattr(owner, name, new)

    def undo(self) -> None:
        """Put everything back."""
        while self._before:
            owner, name, before = self._before.pop()
            if before is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
