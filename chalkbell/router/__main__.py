"""`python -m chalkbell.router`: become the router, in the router's own environment, as its container does.

`python -m chalkbell.router ready` says by its exit code whether sessions can join: 0 yes, 3 no. Settings are read from the
environment alone, for what reads them elsewhere is not installed here; `.env.example` explains them.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from chalkbell.router.configuration import RouterSettings
from chalkbell.router.process import answers, crossbar_start, make_ready

UNHEALTHY = 3
USAGE = 2


def settings_of(environment: Mapping[str, str]) -> RouterSettings:
    """The router's settings for a container: everything listens on all its addresses, services come over TCP.

    `CHALKBELL_DATA`, `CHALKBELL_PORT`, `CHALKBELL_PUBLIC_URL`, `CHALKBELL_ROUTER_GATEWAY` (host:port of the gateway),
    `CHALKBELL_ROUTER_SERVICES_PORT`. Raises `ValueError` naming the one that is wrong.
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
    )


def _port(name: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise ValueError(f"{name} needs a port, a number from 1 to 65535, not {text!r}")
    return int(text)


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Become the router, or look whether it is ready; the exit code when it did not become it."""
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
    return become(settings)


def become(settings: RouterSettings) -> NoReturn:
    """Make the node ready and let Crossbar take the place of this process, so that signals reach it."""
    make_ready(settings)
    line = crossbar_start(settings)
    os.execv(line[0], line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
