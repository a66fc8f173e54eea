"""Start the workflow service."""

from __future__ import annotations

from pathlib import Path

from chalkbell.directory_copy import listen as directory
from chalkbell.dispatch import ServiceDefinition
from chalkbell.handlers import Handlers
from services.workflow import api, jobs, listen
from services.workflow.store import Store

definition = ServiceDefinition(
    "workflow", Store, Handlers.collect([directory, listen, api, jobs]), Path(__file__).parent / "migrations"
)

if __name__ == "__main__":
    from chalkbell.process import run

    run(definition)
