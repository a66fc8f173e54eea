"""How much of a request's body is taken. Crossbar holds all of it before it passes a request on."""

from io import BytesIO
from typing import Any

from twisted.web.http import Request

REFUSAL = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def install(largest: int) -> None:
    """Refuse bodies of more than `largest` bytes from now on: at once when their length is told, else when they reach it."""
    got_length, got_chunk, got_all = Request.gotLength, Request.handleContentChunk, Request.requestReceived

    def refuse(request: Any) -> None:
        request.refused = True
        request.content = BytesIO()
        request.channel.transport.write(REFUSAL)
        request.channel.loseConnection()

    def on_length(request: Any, length: int | None) -> None:
        request.refused, request.taken = False, 0
        if length is not None and length > largest:
            refuse(request)
        else:
            got_length(request, length)

    def on_chunk(request: Any, data: bytes) -> None:
        if request.refused:
            return
        request.taken += len(data)
        if request.taken > largest:
            refuse(request)
        else:
            got_chunk(request, data)

    def on_all(request: Any, *line: bytes) -> None:
        if not request.refused:
            got_all(request, *line)

    Request.gotLength, Request.handleContentChunk, Request.requestReceived = on_length, on_chunk, on_all
