"""`chalkbell up`: the router and all services, in two processes and one."""

from __future__ import annotations

import importlib
import os
import sys
import time
from typing import Annotated, Any

import typer

from chalkbell.cli import app
from chalkbell.contracts import SERVICES
from chalkbell.dispatch import ServiceDefinition


def definition_of(service: str) -> ServiceDefinition:
    """A service's definition. Services are found by name: this package knows none of them."""
    found: ServiceDefinition = importlib.import_module(f"services.{service}.__main__").definition
    return found


def router_settings(surroundings: Any) -> Any:
    """Where the router listens, from the campus's and the gateway's settings."""
    from pathlib import Path

    from chalkbell.router.configuration import RouterSettings
    from chalkbell.settings import Section

    campus = surroundings.campus
    gateway: Section = surroundings.section(definition_of("gateway"))
    origins = (campus.public_url.rstrip("/"),) if campus.public_url else ()
    return RouterSettings(
        data=Path(campus.data_directory),
        host=campus.host,
        port=campus.port,
        gateway_host=getattr(gateway, "host", "127.0.0.1"),
        gateway_port=getattr(gateway, "port", 8081),
        secure=campus.url.startswith("https://"),
        origins=origins,
    )


@app.command()
def up(
    demo: Annotated[bool, typer.Option(help="Fill an empty campus with a demo on first start.")] = False,
    port: Annotated[int | None, typer.Option(help="The port for pages, websocket and HTTP. [CHALKBELL_PORT]")] = None,
    data: Annotated[str | None, typer.Option(help="The data folder. [CHALKBELL_DATA]")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only these services (the router is not started then).")] = None,
) -> None:
    """Run the router and all services until interrupted."""
    from twisted.internet import reactor
    from twisted.internet.threads import deferToThread

    from chalkbell import observe
    from chalkbell.router.process import DataInUse, RouterNotStarted, Supervisor
    from chalkbell.process import run_until_signalled
    from chalkbell.service import Runtime
    from chalkbell.surroundings import Surroundings

    began = time.monotonic()
    surroundings = Surroundings.of(dict(os.environ), {"port": port, "data": data})
    campus = surroundings.campus
    observe.configure_logging(campus.log_level, campus.log_format)
    campus.data_directory.mkdir(parents=True, exist_ok=True)
    supervisor = None if only else Supervisor(router_settings(surroundings), lambda line: print(f"router: {line}", file=sys.stderr))

    runtimes: list[Runtime] = []

    async def before() -> None:
        if supervisor is None:
            return
        print(f"Starting the router on port {campus.port} ...", file=sys.stderr)
        await deferToThread(supervisor.start)

    async def ready() -> None:
        if demo:
            from chalkbell.cli._demo import at_first_start

            await at_first_start(surroundings, reactor)
        print(
            f"Chalkbell is at {campus.url}  (ready after {time.monotonic() - began:.1f} s, data in {campus.data_directory})",
            file=sys.stderr,
        )

    async def after() -> None:
        if supervisor is not None:
            await deferToThread(supervisor.stop)

    try:
        from chalkbell.router.keys import make_keys

        make_keys(campus.data_directory / "keys")
        runtimes += [Runtime(definition_of(name), surroundings, reactor) for name in (only or SERVICES)]
        run_until_signalled(reactor, runtimes, campus, before=before, ready=ready, after=after)
    except (DataInUse, RouterNotStarted) as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from error
