"""What is recorded and not published yet: an operator is told when it does not go away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from chalkbell.database import Database
from chalkbell.stream import tables


@dataclass(frozen=True)
class Unpublished:
    """What waits to be published, by whichever process."""

    events: int
    oldest: datetime | None
    """When the first of them was recorded, in UTC."""


def unpublished(database: Database) -> Unpublished:
    """Count what waits to be published."""
    stream, event = tables.stream, tables.event
    first = (event.c.scope == stream.c.scope) & (event.c.seq == stream.c.published + 1)
    waiting = (
        select(func.coalesce(func.sum(stream.c.seq - stream.c.published), 0).label("events"), func.min(event.c.at).label("oldest"))
        .outerjoin_from(stream, event, first)
        .where(stream.c.published < stream.c.seq)
    )
    with database.transaction(write=False) as connection:
        found = connection.execute(waiting).one()
    return Unpublished(int(found.events), found.oldest)
