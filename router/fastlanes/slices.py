"""Collects what has something to write and lets it write later in the same turn of the event loop, a slice at a time.

Between two slices the loop reads what has arrived, so a publication that comes meanwhile joins the deliveries which are still
unsent. Flushing everything at once would be slower under load: nothing could join.
"""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
#: Connections written to before the loop looks at what has arrived.
SLICE = 100


class Slices(Generic[T]):
    """Things waiting to be flushed, in the order in which they came. `later` calls a function in the loop's next turn.

    `flush` must not raise. What is added while a slice is flushed waits for the next.
    """

    def __init__(self, later: Callable[[Callable[[], None]], object], flush: Callable[[T], None], size: int = SLICE) -> None:
        self._later = later
        self._flush = flush
        self._size = size
        self._waiting: deque[T] = deque()

    def add(self, thing: T) -> None:
        """Let `thing` be flushed once."""
        if not self._waiting:
            self._later(self._next)
        self._waiting.append(thing)

    def _next(self) -> None:
        waiting, flush = self._waiting, self._flush
        for _ in range(min(self._size, len(waiting))):
            # Taken off only afterwards, so that what is added meanwhile finds the next turn planned already.
            flush(waiting[0])
            waiting.popleft()
        if waiting:
            self._later(self._next)
