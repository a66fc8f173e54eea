"""Start the workload service."""

from pathlib import Path

from chalkbell.directory_copy import listen as directory
from chalkbell.dispatch import ServiceDefinition
from chalkbell.handlers import Handlers
from services.workload import api, listen
from services.workload.store import Store

definition = ServiceDefinition(
    "workload", Store, Handlers.collect([directory, listen, *api.MODULES]), Path(__file__).parent / "migrations"
)

if __name__ == "__main__":
    from chalkbell.process import run

    run(definition)
