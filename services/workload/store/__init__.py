"""What workload remembers."""

from __future__ import annotations

from services.workload.store.courses import CourseStore
from services.workload.store.packages import PackageStore
from services.workload.store.people import PeopleStore
from services.workload.store.work import WorkStore


class Store(PackageStore, CourseStore, WorkStore, PeopleStore):
    """Packages and all that is in them, and a copy of the campus's people and groups."""
