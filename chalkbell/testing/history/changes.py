"""What became of each change, from the notes of those who asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chalkbell.testing.history import entries
from chalkbell.testing.history.entries import Outcome


@dataclass
class Change:
    """One change. Times are places in the order of the notes."""

    stream: str
    attempted: int
    acknowledged: list[int] = field(default_factory=list[int])
    was_refused: bool = False
    is_unknown: bool = False
    stands: bool = False
    """Acknowledged, and no restored backup may have taken it back."""
    surely: int | None = None
    """When it was first acknowledged for good."""

    @property
    def refused(self) -> bool:
        """Refused, and no other attempt of it may have come through."""
        return self.was_refused and not self.acknowledged and not self.is_unknown

    @property
    def given_up(self) -> bool:
        """Acknowledged, but a restored backup may have taken it back."""
        return bool(self.acknowledged) and not self.stands


class Changes(dict[str, Change]):
    """All changes, by name."""

    def __init__(self, notes: Iterable[entries.Any]) -> None:
        super().__init__()
        backups: dict[str, int] = {}
        lost_between: list[tuple[int, int]] = []
        self.strays: list[str] = []
        """Changes that were answered without having been attempted."""
        for at, note in enumerate(notes):
            match note:
                case entries.Attempted(change=name, stream=stream):
                    self.setdefault(name, Change(stream, at))
                case entries.Answered(change=name, outcome=outcome):
                    self._answered(name, outcome, at)
                case entries.BackedUp(backup=backup):
                    backups[backup] = at
                case entries.Restored(backup=backup):
                    # a backup that nobody noted excuses nothing
                    lost_between.append((backups.get(backup, at), at))
                case _:
                    pass
        for change in self.values():
            sure = [at for at in change.acknowledged if not any(begun < at < done for begun, done in lost_between)]
            change.stands = bool(sure)
            change.surely = min(sure, default=None)

    def _answered(self, name: str, outcome: Outcome, at: int) -> None:
        change = self.get(name)
        if change is None:
            self.strays.append(name)
        elif outcome is Outcome.ACKNOWLEDGED:
            change.acknowledged.append(at)
        elif outcome is Outcome.REFUSED:
            change.was_refused = True
        else:
            change.is_unknown = True

    def wrong(self, name: str | None, stream: str) -> str:
        """Why no event of this stream should tell of such a change; empty when it may."""
        if name is None:
            return ""
        change = self.get(name)
        if change is None:
            return f"nobody asked for {name}"
        if change.stream != stream:
            return f"{name} was asked for in {change.stream}"
        return f"{name} was refused" if change.refused else ""
