"""Jobs that speak to the outside world, and so may not hold a transaction while they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from chalkbell.dispatch import Dispatcher
from chalkbell.store import Transaction

T = TypeVar("T")


@dataclass
class Errand:
    """What an errand is given: short transactions, and whether it still holds the lease that lets it run."""

    dispatcher: Dispatcher
    after_commit: Callable[[Transaction], None]
    still_mine: Callable[[], bool]

    @property
    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.dispatcher.clock.now()

    def transaction(self, function: Callable[[Any], T], *, write: bool = True) -> T:
        """Run `function(store)` in one transaction and answer what it answers; what it records is published after the commit."""

        def run(transaction: Transaction) -> T:
            return function(self.dispatcher.definition.store(transaction))

        result, transaction = self.dispatcher.transact(run, write=write, by=f"service.{self.dispatcher.definition.name}")
        self.after_commit(transaction)
        return result
