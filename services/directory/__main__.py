"""Start the directory service."""

from pathlib import Path

from chalkbell.dispatch import ServiceDefinition
from chalkbell.handlers import Handlers
from services.directory import api, jobs
from services.directory.settings import Settings
from services.directory.store import Store

definition = ServiceDefinition(
    "directory", Store, Handlers.collect([*api.MODULES, jobs]), Path(__file__).parent / "migrations", settings=Settings
)

if __name__ == "__main__":
    from chalkbell.process import run

    run(definition)
