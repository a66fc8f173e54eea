"""`chalkbell` with one of its safeguards switched off, to see whether the checker finds out.

`CHALKBELL_TEST_WITHOUT` names it: `outbox`, `sequence-lock`, `fencing` or `deduplication`; `nothing` leaves all on.
"""

from __future__ import annotations

import itertools
import os
import random
import time
import zlib
from typing import Any

from sqlalchemy import true

from chalkbell import dispatch, store
from chalkbell.cli import main
from chalkbell.contracts import procedure_of
from chalkbell.contracts.notifier import AddTask
from chalkbell.dispatch import Dispatcher
from chalkbell.store import SHARDS, Store, Transaction
from chalkbell.stream import relay, tables
from chalkbell.stream.lease import Leases


def without_outbox() -> None:
    """The events of a change are written after its commit, in a transaction of their own, half a second later."""
    transact = Dispatcher.transact
    Transaction.flush = lambda transaction: None  # type: ignore[method-assign]

    def late(dispatcher: Dispatcher, *arguments: Any, **options: Any) -> Any:
        result, transaction = transact(dispatcher, *arguments, **options)
        if transaction._unwritten:
            time.sleep(0.5)
            with dispatcher.database.transaction(write=True) as connection:
                connection.execute(tables.event.insert(), transaction._unwritten)
        return result, transaction

    Dispatcher.transact = late  # type: ignore[method-assign]


def without_sequence_lock() -> None:
    """Numbers are drawn as an auto-increment column draws them: before the commit, and kept when others commit first."""

    def next_seq(self: Store, scope: str) -> int:
        parameters = {"scope": scope, "seq": 1, "shard": zlib.crc32(scope.encode()) % SHARDS, "changed": self.now}
        with self.connection.engine.begin() as connection:
            seq = int(connection.execute(store._NEXT_SEQ_POSTGRESQL, parameters).scalar_one())
        time.sleep(random.uniform(0, 0.05))
        return seq

    Store._next_seq = next_seq  # type: ignore[method-assign]


def without_fencing() -> None:
    """Whoever once had a lease goes on as if it had it still."""
    keep = Leases.keep
    ever: dict[str, int] = {}

    def believe(leases: Leases) -> set[str]:
        held = keep(leases)
        ever.update(leases._fences)
        return held

    Leases.keep = believe  # type: ignore[method-assign]
    Leases.fence = lambda leases, name: ever.get(name)  # type: ignore[method-assign]
    relay.guarded = lambda name, fence: true()


def without_deduplication() -> None:
    """No answer is remembered."""
    dispatch._earlier_answer = lambda *_: None
    dispatch._keep_answer = lambda *_: None


def answer_late() -> None:
    """Every third task that is set is set, and nobody hears of it for longer than they wait."""
    answer, numbers = Dispatcher.answer, itertools.count(1)

    def late(dispatcher: Dispatcher, uri: str, *arguments: Any, **options: Any) -> Any:
        answered = answer(dispatcher, uri, *arguments, **options)
        if uri == procedure_of(AddTask).uri and next(numbers) % 3 == 0:
            time.sleep(5)
        return answered

    Dispatcher.answer = late  # type: ignore[method-assign]


WITHOUT = {
    "nothing": lambda: None,
    "outbox": without_outbox,
    "sequence-lock": without_sequence_lock,
    "fencing": without_fencing,
    "deduplication": without_deduplication,
}
WITHOUT[os.environ.pop("CHALKBELL_TEST_WITHOUT", "nothing")]()
if os.environ.pop("CHALKBELL_TEST_LATE", ""):
    answer_late()
if __name__ == "__main__":
    main()
