"""A Crossbar node as it comes, for the scripts beside this: one websocket, everybody may do everything."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
START = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def node(component: str | None = None, level: str = "warn") -> Iterator[tuple[str, Path]]:
    """A started node, with a component from this directory if one is named: its websocket's URL, and the file of its log."""
    directory, port = Path(tempfile.mkdtemp(prefix="finding-")), free_port()
    permission = {"uri": "", "match": "prefix", "allow": dict.fromkeys(("call", "register", "publish", "subscribe"), True)}
    worker = {
        "type": "router",
        "options": {"pythonpath": [str(HERE)]},
        "realms": [{"name": "realm1", "roles": [{"name": "anybody", "permissions": [permission]}]}],
        "components": [{"type": "class", "classname": component, "realm": "realm1", "role": "anybody"}] if component else [],
        "transports": [
            {
                "type": "websocket",
                "endpoint": {"type": "tcp", "interface": "127.0.0.1", "port": port},
                "auth": {"anonymous": {"type": "static", "role": "anybody"}},
            }
        ],
    }
    (directory / "config.json").write_text(json.dumps({"version": 2, "workers": [worker]}))
    crossbar = Path(sys.executable).with_name("crossbar")
    log = directory / "log"
    with log.open("wb") as out:
        command = [crossbar, "start", "--cbdir", directory, "--loglevel", level, "--color", "false"]
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        give_up = time.monotonic() + START
        while not answers(port):
            if process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(log.read_text(errors="replace"))
            time.sleep(0.05)
        yield f"ws://127.0.0.1:{port}", log
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(directory)


def answers(port: int) -> bool:
    """Whether something listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
