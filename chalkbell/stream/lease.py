"""Leases: of many processes of a service only one relays a shard or runs a job at a time.

A lease has a fence, a number that grows each time it changes hands. Who writes on the strength of a lease checks, in the same
transaction, that its fence is still the newest: a process that was paused and wakes up too late changes nothing.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, or_, select

from chalkbell.clock import Clock
from chalkbell.database import Database
from chalkbell.store import Store, Transaction
from chalkbell.stream import tables


class Leases:
    """The leases that one process of a service holds. All methods but `fence` block: call them in a database thread."""

    def __init__(
        self, database: Database, clock: Clock, names: Sequence[str], *, lasting: timedelta = timedelta(seconds=6)
    ) -> None:
        self.database = database
        self.clock = clock
        self.names = list(names)
        self.lasting = lasting
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:80]
        self._fences: dict[str, int] = {}
        self._until: datetime | None = None

    def fence(self, name: str) -> int | None:
        """The fence of a lease that is held, or None. A lease that has run out by our own clock is not held."""
        if self._until is None or self.clock.now() >= self._until:
            return None
        return self._fences.get(name)

    def keep(self) -> set[str]:
        """Renew what is held and take what is free. Answers the names that are held now."""
        now = self.clock.now()
        table = tables.lease
        with self.database.transaction(write=True) as connection:
            store = Store(Transaction(connection, "", "", now, ""))
            store.insert_if_absent(table, *({"name": name, "holder": "", "fence": 0, "until": now} for name in self.names))
            mine = table.c.name.in_(self.names)
            connection.execute(table.update().where(mine, table.c.holder == self.holder).values(until=now + self.lasting))
            connection.execute(
                table.update()
                .where(mine, table.c.holder != self.holder, or_(table.c.until <= now, table.c.holder == ""))
                .values(holder=self.holder, fence=table.c.fence + 1, until=now + self.lasting)
            )
            rows = connection.execute(select(table.c.name, table.c.fence).where(mine, table.c.holder == self.holder)).all()
        self._fences = dict(rows)  # type: ignore[arg-type]
        self._until = now + self.lasting
        return set(self._fences)

    def release(self) -> None:
        """Give all back, so that others need not wait."""
        self._until = None
        self._fences = {}
        table = tables.lease
        with self.database.transaction(write=True) as connection:
            connection.execute(table.update().where(table.c.holder == self.holder).values(holder="", until=self.clock.now()))

    def take_from_the_dead(self) -> None:
        """Free every lease: only for a process that knows that it is alone."""
        with self.database.transaction(write=True) as connection:
            connection.execute(tables.lease.update().values(holder="", until=self.clock.now()))

    def holds(self, connection: Connection, name: str, fence: int) -> bool:
        """Whether this fence is the newest, held fast until the transaction ends."""
        table = tables.lease
        question = select(table.c.fence).where(table.c.name == name).with_for_update()
        return connection.execute(question).scalar_one_or_none() == fence


def guarded(name: str, fence: int) -> object:
    """A condition that holds while this fence is the newest, for a statement that writes on the strength of a lease."""
    table = tables.lease
    return select(table.c.name).where(and_(table.c.name == name, table.c.fence == fence)).exists()


__all__ = ["Leases", "delete", "guarded"]
