"""`python -m chalkbell.router`: run the router, in the router's own environment, as its container does.

`python -m chalkbell.router ready` says by its exit code whether sessions can join: 0 yes, 3 no. Settings are read from the
environment alone, for what reads them elsewhere is not installed here; `.env.example` explains them.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from chalkbell.router.configuration import RouterSettings
from chalkbell.router.process import answers, command, make_ready

UNHEALTHY = 3
USAGE = 2


def settings_of(environment: Mapping[str, str]) -> RouterSettings:
    """The router's settings for a container: everything listens on all its addresses, services come over TCP.

    `CHALKBELL_DATA`, `CHALKBELL_PORT`, `CHALKBELL_PUBLIC_URL`, `CHALKBELL_ROUTER_GATEWAY` (host:port of the gateway),
    `CHALKBELL_ROUTER_SERVICES_PORT`, `CHALKBELL_ROUTER_FASTLANES`, `CHALKBELL_ROUTER_METRICS_PORT`.
    Raises `ValueError` naming the one that is wrong.
    """
    public = environment.get("CHALKBELL_PUBLIC_URL", "").rstrip("/")
    gateway_host, _, gateway_port = environment.get("CHALKBELL_ROUTER_GATEWAY", "gateway:8081").rpartition(":")
    return RouterSettings(
        data=Path(environment.get("CHALKBELL_DATA", "data")),
        host="0.0.0.0",
        port=_port("CHALKBELL_PORT", environment.get("CHALKBELL_PORT", "8080")),
        gateway_host=gateway_host,
        gateway_port=_port("CHALKBELL_ROUTER_GATEWAY", gateway_port),
        services_host="0.0.0.0",
        services_port=_port("CHALKBELL_ROUTER_SERVICES_PORT", environment.get("CHALKBELL_ROUTER_SERVICES_PORT", "8090")),
        secure=urlsplit(public).scheme == "https",
        origins=(public,) if public else (),
        fastlanes=_switch("CHALKBELL_ROUTER_FASTLANES", environment.get("CHALKBELL_ROUTER_FASTLANES", "true")),
        metrics_host="0.0.0.0",
        metrics_port=_metrics_port(environment.get("CHALKBELL_ROUTER_METRICS_PORT", "0")),
    )


def _metrics_port(text: str) -> int:
    return 0 if text == "0" else _port("CHALKBELL_ROUTER_METRICS_PORT", text)


def _switch(name: str, text: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in known:
        raise ValueError(f"{name} needs true or false, not {text!r}")
    return known[text.lower()]


def _port(name: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise ValueError(f"{name} needs a port, a number from 1 to 65535, not {text!r}")
    return int(text)


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run the router, or look whether it is ready; the exit code."""
    try:
        settings = settings_of(environment)
    except ValueError as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return USAGE
    if arguments == ["ready"]:
        return 0 if answers(settings) else UNHEALTHY
    if arguments:
        print(__doc__, file=sys.stderr)  # noqa: T201
        return USAGE
    return run(settings)


def run(settings: RouterSettings) -> int:
    """Run Crossbar until it ends; the exit code. SIGTERM and SIGINT are passed on to its controller alone: a worker that gets one
    of its own ends first, and the controller then takes that for a failure.
    """
    make_ready(settings)
    asked = False
    with subprocess.Popen(command(settings)) as child:

        def end(number: int, frame: FrameType | None) -> None:
            nonlocal asked
            asked = True
            child.send_signal(signal.SIGTERM)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        code = child.wait()
    return 0 if asked else code or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
