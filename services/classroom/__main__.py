"""Start the classroom service."""

from pathlib import Path

from chalkbell.directory_copy import listen as directory
from chalkbell.dispatch import ServiceDefinition
from chalkbell.handlers import Handlers
from services.classroom import api, jobs, listen
from services.classroom.settings import Settings
from services.classroom.store import Store

definition = ServiceDefinition(
    "classroom", Store, Handlers.collect([directory, listen, api, jobs]), Path(__file__).parent / "migrations", settings=Settings
)

if __name__ == "__main__":
    from chalkbell.process import run

    run(definition)
