"""Django Channels on daphne, with its layer in memory, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from benchmarks.peers.plain import Floor
from benchmarks.peers.server import Missing, Server, listens, said

HERE = Path(__file__).resolve().parent / "django"


class DjangoChannels(Server):
    """Django Channels."""

    name, what = "channels", "a group in the layer in memory, which goes through all channels for each: not to 5,000"
    most = 1000

    subscriber = Floor.subscriber
    publisher = Floor.publisher
    event = Floor.event
    caller = Floor.caller
    call = Floor.call

    def start(self) -> None:
        daphne, python = (HERE / ".venv" / "bin" / name for name in ("daphne", "python"))
        if not daphne.exists():
            raise Missing("it is not installed: make bench-peers installs it")
        self.version = said(str(python), "-c", "import importlib.metadata as m; print(m.version('channels'))")
        command = [str(daphne), "-b", "127.0.0.1", "-p", str(self.port), "-v", "0", "--websocket_timeout", "-1", "bell:application"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = {**os.environ, "PYTHONPATH": str(HERE)}
        self._start(command, lambda process: listens(self.port, process), cwd=HERE, env=environment, **quiet)
