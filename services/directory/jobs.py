"""What the clock makes the directory do."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalkbell.handlers import Job, job
from services.directory.store import Store


@job("expire", timedelta(minutes=5))
def expire(job: Job, store: Store) -> datetime | None:
    """Forget sessions, tickets and tokens that have expired, and end the WAMP sessions of their people."""
    idle = timedelta(days=store.settings.session_idle_days)
    for person in store.drop_expired(idle):
        store.end_sessions(person)
    return store.next_expiry(idle)
