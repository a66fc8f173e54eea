"""How often one person may call: a bucket of tokens for each, refilled steadily."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from chalkbell.contracts import TooMany

REMEMBERED = 20_000


class RateLimit:
    """Lets each person make `per_minute` calls in a minute, a sixth of them at once."""

    def __init__(self, per_minute: int, seconds: Callable[[], float]) -> None:
        self.rate = per_minute / 60
        self.burst = max(1.0, per_minute / 6)
        self._seconds = seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, person: str) -> None:
        """Count one call. Refused with `too_many` and `retry_after` (seconds)."""
        now = self._seconds()
        tokens, then = self._buckets.pop(person, (self.burst, now))
        tokens = min(self.burst, tokens + (now - then) * self.rate)
        if tokens < 1:
            self._buckets[person] = (tokens, now)
            raise TooMany(retry_after=round((1 - tokens) / self.rate, 3))
        self._buckets[person] = (tokens - 1, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
