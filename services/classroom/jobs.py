"""What the clock makes the classroom do."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalkbell.handlers import Job, job
from services.classroom.api import flow
from services.classroom.store import Store

AT_ONCE = 50
"""So many rooms are seen to in one transaction."""


# every second: a countdown that another process started must be known here before it ends
@job("keep-time", timedelta(seconds=1))
def keep_time(job: Job, store: Store) -> datetime | None:
    """Switch where a countdown has ended, and let go of those who stayed away. Answers the next moment that anything is due."""
    for hall in store.due_halls(job.now, AT_ONCE):
        flow.keep_time(hall, store)
        flow.finish(hall, store)
    store.forget_ended()
    return store.next_due()
