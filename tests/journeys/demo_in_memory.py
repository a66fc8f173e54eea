"""A demo campus in memory: the real services and databases, with neither router nor reactor."""

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from chalkbell.contracts import Request, procedure_of
from chalkbell.contracts.directory import ReadCampus
from chalkbell.testing import MemoryCampus

A = TypeVar("A")


class InMemory:
    """What the demo asks, on a `MemoryCampus`. With `most` it breaks off after so many questions, as a killed process would."""

    def __init__(self, campus: MemoryCampus, most: int | None = None) -> None:
        self.campus = campus
        self.left = most
        self.administrators: set[str] = set()

    async def ask(self, request: Request[A], by: str | None = None) -> A:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed
        role = "operator" if by is None else "person"
        return self.campus.call(request, by=by or "operator", role=role)

    async def pause(self) -> None:
        self.campus.settle()

    async def together(self, work: Sequence[Coroutine[Any, Any, None]]) -> None:
        for number, one in enumerate(work):
            try:
                await one
            except BaseException:
                for other in work[number + 1 :]:
                    other.close()
                raise


class Killed(Exception):
    """The process that filled the campus is no more."""


def finish(coroutine: Coroutine[Any, Any, A]) -> A:
    """Run to its end what never waits for anything outside."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("it waits for something")


__all__ = ["InMemory", "Killed", "ReadCampus", "finish", "procedure_of"]
