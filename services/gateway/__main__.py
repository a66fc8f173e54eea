"""Start the gateway."""

from pathlib import Path
from typing import Any

from chalkbell.dispatch import ServiceDefinition
from chalkbell.handlers import Handlers
from services.gateway.doors import RouterDoors
from services.gateway.face import Face
from services.gateway.settings import Settings
from services.gateway.store import Store


def face(runtime: Any) -> Face:
    """The HTTP face that lives with the service."""
    settings: Settings = runtime.settings
    doors = RouterDoors(runtime.bus, runtime.surroundings.router_address(), settings.call_seconds)
    return Face(doors, settings, runtime.reactor, runtime.campus.public_url)


definition = ServiceDefinition(
    "gateway", Store, Handlers(), Path(__file__).parent / "migrations", settings=Settings, companion=face
)

if __name__ == "__main__":
    from chalkbell.process import run

    run(definition)
