"""What workflow remembers."""

from __future__ import annotations

from services.workflow.store.assessments import AssessmentStore
from services.workflow.store.definitions import DefinitionStore
from services.workflow.store.people import PeopleStore


class Store(PeopleStore, DefinitionStore, AssessmentStore):
    """All of it: the copies of the directory and of workload, definitions, assessments and their ledger."""


__all__ = ["Store"]
