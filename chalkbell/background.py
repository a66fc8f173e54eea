"""Work that nobody waits for: begun now, and its failure logged instead of lost."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

log = structlog.get_logger()


def problem_of(failure: Failure) -> BaseException:
    """The exception of a failure."""
    problem: BaseException = failure.value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportAssignmentType]
    return problem


def background(work: Coroutine[Any, Any, Any], what: str, **context: Any) -> Deferred[Any]:
    """Begin a coroutine; what it raises is logged as a warning under `what`. The Deferred fires when it is over."""

    def failed(failure: Failure) -> None:
        log.warning(what, error=repr(problem_of(failure)), **context)

    return Deferred.fromCoroutine(work).addErrback(failed)
