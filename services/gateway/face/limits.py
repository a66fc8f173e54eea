"""How much of a request is taken: what is over the limit is read away without being kept, and refused."""

from __future__ import annotations

from twisted.web.server import Request

READ_AWAY = 64 * 1024 * 1024
"""How much is read away so that the sender, who may only listen when all is sent, gets to know why. Beyond it the line is cut."""


class LimitedRequest(Request):
    """A request whose body may have `largest` bytes."""

    largest = 1024 * 1024
    too_large = False
    _taken = 0

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        """The headers are there, and say how long the body is, or that it comes in chunks."""
        self.too_large = length is not None and length > self.largest
        super().gotLength(0 if self.too_large else length)  # pyright: ignore[reportUnknownMemberType]

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """A piece of the body."""
        self._taken += len(data)
        if self._taken > self.largest:
            self.too_large = True
        if not self.too_large:
            super().handleContentChunk(data)  # pyright: ignore[reportUnknownMemberType]
        elif self._taken > READ_AWAY and self.channel:
            self.channel.forceAbortClient()
