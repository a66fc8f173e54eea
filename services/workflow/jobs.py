"""What the clock makes workflow do: at the start, keep the definitions that ship."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalkbell.handlers import Job, job
from services.workflow.api import definitions
from services.workflow.store import Store


@job("install_definitions", timedelta(hours=6))
def install_definitions(job: Job, store: Store) -> datetime | None:
    """Keep the definitions that ship with this version and are not there yet."""
    definitions.install(store)
    return None
