"""How long events can be replayed: older ones are let go, and `events.since` says `too_old` for them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from chalkbell.store import Store
from chalkbell.stream import tables

ANSWERS_KEPT = timedelta(days=2)


def forget(store: Store, keep: timedelta) -> int:
    """Delete published events older than `keep`, and answers to request ids older than two days. Answers how many events went."""
    event, stream = tables.event, tables.stream
    before = store.now - keep
    gone = 0
    oldest = store.rows(
        select(event.c.scope, func.max(event.c.seq).label("last")).where(event.c.at < before).group_by(event.c.scope)
    )
    for row in oldest:
        published = store.value(select(stream.c.published).where(stream.c.scope == row["scope"]).with_for_update())
        last = min(row["last"], published or 0)
        gone += store.execute(delete(event).where(event.c.scope == row["scope"], event.c.seq <= last))
        store.execute(stream.update().where(stream.c.scope == row["scope"], stream.c.kept_from <= last).values(kept_from=last + 1))
    store.execute(delete(tables.answered).where(tables.answered.c.at < store.now - ANSWERS_KEPT))
    return gone
