"""Start the notifier."""

from pathlib import Path

from chalkbell.directory_copy import listen as directory
from chalkbell.dispatch import ServiceDefinition
from chalkbell.handlers import Handlers
from services.notifier import listen
from services.notifier.api import completions, deliveries, mine, reminders, rights, tasks
from services.notifier.jobs import deliver, remind
from services.notifier.settings import Settings
from services.notifier.store import Store

definition = ServiceDefinition(
    "notifier",
    Store,
    Handlers.collect([directory, listen, rights, tasks, completions, mine, reminders, deliveries, remind, deliver]),
    Path(__file__).parent / "migrations",
    Settings,
)

if __name__ == "__main__":
    from chalkbell.process import run

    run(definition)
