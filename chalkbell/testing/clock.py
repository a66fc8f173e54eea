"""A clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FrozenClock:
    """A clock that moves only when told."""

    def __init__(self, at: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by

    def set(self, at: datetime) -> None:
        """Set it; the moment must have a time zone."""
        assert at.tzinfo is not None
        self.at = at.astimezone(UTC)
