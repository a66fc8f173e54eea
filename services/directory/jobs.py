"""What the clock makes the directory do."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalkbell.handlers import Job, SignedOut, job, signed_out
from services.directory.store import Store

#: After so long a sign-out that nobody has confirmed is asked for again: the process that asked may have been killed.
CONFIRMED_WITHIN = timedelta(seconds=10)


@job("expire", timedelta(minutes=5))
def expire(job: Job, store: Store) -> datetime | None:
    """Forget sessions, tickets and tokens that have expired, and end the WAMP sessions of their people."""
    idle = timedelta(days=store.settings.session_idle_days)
    for person in store.drop_expired(idle):
        store.end_sessions(person)
    return store.next_expiry(idle)


@signed_out
def confirm(out: SignedOut, store: Store) -> None:
    """The router has ended somebody's sessions."""
    store.keep_signed_out(out.person, out.asked)


@job("sign_out", timedelta(seconds=10))
def sign_out_again(job: Job, store: Store) -> None:
    """End sessions that should be ended and perhaps are not. Whoever may come in does so again by themselves."""
    for person in store.still_signed_in(job.now - CONFIRMED_WITHIN):
        store.end_sessions(person)
