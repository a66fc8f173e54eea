"""`chalkbell up`: the router and all services, in two processes and one."""

from __future__ import annotations

import os
import time
from typing import Annotated, Any

import typer

from chalkbell.cli import _out, app
from chalkbell.contracts.shared import SERVICES


def router_settings(surroundings: Any) -> Any:
    """Where the router listens, from the campus's and the gateway's settings."""
    from pathlib import Path

    from chalkbell.cli._services import definition_of
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
        fastlanes=campus.router_fastlanes,
        metrics_host=campus.metrics_host,
        metrics_port=campus.router_metrics_port,
    )


@app.command()
def up(
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty campus with a demo on first start.")] = False,
    port: Annotated[int | None, typer.Option(help="The port for pages, websocket and HTTP. [CHALKBELL_PORT]")] = None,
    data: Annotated[str | None, typer.Option(help="The data folder. [CHALKBELL_DATA]")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="SERVICE", help="Only these services; the router is not started then.")
    ] = None,
) -> None:
    """Run the router and all services until interrupted."""
    from twisted.internet import reactor
    from twisted.internet.threads import deferToThread

    from chalkbell import observe
    from chalkbell.cli._campus import surroundings
    from chalkbell.cli._services import definition_of
    from chalkbell.process import CannotStart, run_until_signalled
    from chalkbell.router.keys import UnsafeKeys, make_keys
    from chalkbell.router.process import DataInUse, RouterNotStarted, Supervisor
    from chalkbell.service import Runtime

    began = time.monotonic()
    if unknown := set(only or ()) - set(SERVICES):
        _out.fail(f"There is no service {', '.join(sorted(unknown))}.", f"Services: {', '.join(SERVICES)}.", code=_out.USAGE)
    where = surroundings(data, port)
    campus = where.campus
    observe.configure_logging(campus.log_level, campus.log_format)
    _prepare_data(where)
    settings = None if only else router_settings(where)
    if settings is not None:
        _check_ports(where, settings)
    stopping = False

    def of_router(line: str) -> None:
        if not stopping:  # that it ends is no news then
            _out.say(f"router: {line}")

    supervisor = Supervisor(settings, of_router) if settings else None

    async def before() -> None:
        if supervisor is None:
            return
        _out.say(f"Starting the router on port {campus.port} ...")
        try:
            await deferToThread(supervisor.start)
        except DataInUse as error:
            raise CannotStart(f"{error} Is the campus running already? `chalkbell status` tells.") from error
        except RouterNotStarted as error:
            raise CannotStart(f"The router did not start. It said:\n{error}\n`chalkbell doctor` may know what to do.") from error

    async def ready() -> None:
        if demo:
            from chalkbell.cli._demo import at_first_start

            await at_first_start(where, reactor)
        _out.say(f"Chalkbell is at {campus.url}  (ready after {time.monotonic() - began:.1f} s, data in {campus.data_directory})")

    async def after() -> None:
        nonlocal stopping
        stopping = True
        if supervisor is not None:
            await deferToThread(supervisor.stop)

    try:
        make_keys(campus.data_directory / "keys")
        runtimes = [Runtime(definition_of(name), where, reactor) for name in (only or SERVICES)]
    except (UnsafeKeys, OSError) as error:
        _out.fail(str(error))
    run_until_signalled(reactor, runtimes, campus, before=before, ready=ready, after=after)


def _prepare_data(where: Any) -> None:
    from chalkbell.backup.sqlite import RESTORING, finish

    folder = where.campus.data_directory
    try:
        if not folder.exists():
            folder.mkdir(parents=True, mode=0o700)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(f"{folder} is not writable for this user.")
        interrupted = (folder / RESTORING).exists()
        finish(folder)
        if interrupted:
            _out.say("A restore that was interrupted is finished now.")
    except OSError as error:
        _out.fail(f"The data folder cannot be used: {error}", "Choose another with --data or CHALKBELL_DATA, or mend its rights.")


def _check_ports(where: Any, settings: Any) -> None:
    """End with what to do where a port cannot be had: the reactor would only say that it cannot."""
    from chalkbell.cli._ports import why_not
    from chalkbell.router.process import answers

    campus = where.campus
    if answers(settings):
        _out.fail(
            f"A campus runs already on {campus.data_directory}.",
            "`chalkbell status` shows it. For another beside it choose another folder and ports: CHALKBELL_DATA, CHALKBELL_PORT,"
            " CHALKBELL_GATEWAY_PORT.",
        )
    wanted = [
        (settings.host, settings.port, "--port or CHALKBELL_PORT"),
        (settings.gateway_host, settings.gateway_port, "CHALKBELL_GATEWAY_PORT"),
        (campus.metrics_host, campus.metrics_port, "CHALKBELL_METRICS_PORT"),
    ]
    for host, port, setting in wanted:
        if port and (problem := why_not(host, port)):
            _out.fail(problem, f"Stop what listens there, or choose another port with {setting}.")
