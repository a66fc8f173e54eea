"""The bare router: Crossbar as it comes, everybody may do everything, and one procedure that gives back what it gets."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalkbell.router.configuration import ROUTER_DIRECTORY
from chalkbell.router.process import crossbar, ending_with_us

ROOT = Path(__file__).resolve().parents[1]
ECHO = "bench.echo"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configuration(port: int, path: str, *, fastlanes: bool = False) -> dict[str, object]:
    """One router worker, one realm, one role; a websocket for people's programs and a rawsocket for services. With our fast lanes if
    wanted, and nothing else of ours.
    """
    lanes = {
        "type": "class",
        "classname": "fastlanes.component.FastLanes",
        "realm": "campus",
        "role": "trusted",
        "extra": {"wanted": True},
    }
    everything = {"uri": "", "match": "prefix", "allow": {"call": True, "register": True, "publish": True, "subscribe": True}}
    anonymous = {"anonymous": {"type": "static", "role": "anybody"}}
    return {
        "$schema": "https://raw.githubusercontent.com/crossbario/crossbar/master/crossbar.json",
        "version": 2,
        "workers": [
            {
                "type": "router",
                "options": {"pythonpath": [str(ROUTER_DIRECTORY)]},
                "components": [lanes] if fastlanes else [],
                "realms": [{"name": "campus", "roles": [{"name": "anybody", "permissions": [everything]}]}],
                "transports": [
                    {
                        "type": "websocket",
                        "endpoint": {"type": "tcp", "port": port, "interface": "127.0.0.1", "backlog": 1024},
                        "auth": anonymous,
                        "serializers": ["json", "cbor"],
                    },
                    {
                        "type": "rawsocket",
                        "endpoint": {"type": "unix", "path": path},
                        "auth": anonymous,
                        "serializers": ["cbor"],
                    },
                ],
            }
        ],
    }


@contextlib.contextmanager
def bare_router(*, fastlanes: bool = False) -> Iterator[tuple[int, str]]:
    """A bare router with its echo; the websocket's port and the rawsocket's path."""
    directory = Path(tempfile.mkdtemp(prefix="bare-"))
    port, path = free_port(), str(directory / "bare.sock")
    (directory / "config.json").write_text(json.dumps(configuration(port, path, fastlanes=fastlanes)))
    quiet = ["--loglevel", "warn", "--color", "false", "--logformat", "standard"]
    router = child([str(crossbar()), "start", "--cbdir", str(directory), *quiet])
    echo: subprocess.Popen[bytes] | None = None
    try:
        wait_listening(path)
        echo = child([sys.executable, "-m", "benchmarks.echo", path])
        assert echo.stdout is not None
        if echo.stdout.readline() != b"ready\n":
            raise RuntimeError("the echo did not come up")
        yield port, path
    finally:
        for process in (echo, router):
            if process is not None:
                end(process)
        shutil.rmtree(directory, ignore_errors=True)


def child(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """A process in a group of its own, so that all of it can be ended; it ends with this process, however that ends. `options` are
    those of `Popen`.
    """
    pipes = {"stdout": subprocess.PIPE, "stdin": subprocess.PIPE}
    return subprocess.Popen(ending_with_us(command), **{"cwd": ROOT, **pipes, **options})


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
    for pipe in (process.stdout, process.stdin):
        if pipe is not None:
            pipe.close()


def wait_listening(path: str, patience: float = 60.0) -> None:
    """Return when somebody listens on a unix socket."""
    waiting = threading.Event()
    for _ in range(int(patience * 10)):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(path)
            except OSError:
                waiting.wait(0.1)
                continue
            return
    raise RuntimeError(f"nobody listens on {path}")
