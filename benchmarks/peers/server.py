"""What a server is to the benchmarks: how it is started, on the server's core, and what one says to it."""

from __future__ import annotations

import abc
import contextlib
import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any, ClassVar

from benchmarks.bare import child, end, free_port
from benchmarks.peers.cores import SERVER, Used, on_core, used
from benchmarks.peers.protocols import Step

TOPIC = "bell"


class Missing(Exception):
    """A server that is not installed. The message says how to get it."""


class Server(abc.ABC):
    """A server that runs. `with` starts and ends it; `Missing` says that it cannot be had."""

    name: ClassVar[str]
    #: What is said of it beside its figures.
    what: ClassVar[str]
    framing: ClassVar[str] = "websocket"
    #: Subscribers that it can have; None: as many as one likes. `what` says why.
    most: ClassVar[int | None] = None

    def __init__(self) -> None:
        self.port = free_port()
        self.version = ""
        self._open = contextlib.ExitStack()
        self._groups: list[int] = []

    def __enter__(self) -> Server:
        try:
            self.start()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @abc.abstractmethod
    def start(self) -> None:
        """Start it; return when it takes connections."""

    @abc.abstractmethod
    def subscriber(self) -> list[Step]:
        """How a subscriber connects."""

    @abc.abstractmethod
    def publisher(self) -> list[Step] | socket.socket:
        """How the publisher connects, or the connection that it has."""

    @abc.abstractmethod
    def event(self, payload: str) -> bytes:
        """What the publisher sends for one event."""

    def caller(self) -> list[Step] | None:
        """How a caller connects; None where there are no calls."""
        return None

    def call(self, payload: str) -> bytes:
        """What a caller sends for one call, which is answered with its own payload."""
        raise NotImplementedError

    def used(self) -> Used:
        """What the server's processes have used."""
        every = [used(group) for group in self._groups]
        return Used(sum(one.processor for one in every), sum(one.memory for one in every))

    def _start(self, command: list[str], wait: Callable[[subprocess.Popen[bytes]], None], **options: Any) -> None:
        """Start one process of the server. `options` are those of `Popen`."""
        process = child(on_core(SERVER, command), **options)
        self._open.callback(end, process)
        self._groups.append(process.pid)
        wait(process)


def said(*command: str) -> str:
    """What a command prints, in one line, such as a version; empty if it cannot."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return " ".join((done.stdout or done.stderr).split())


def said_ready(process: subprocess.Popen[bytes]) -> None:
    """Return when a process has written `ready`."""
    assert process.stdout is not None
    if (line := process.stdout.readline()) != b"ready\n":
        raise Missing(f"it did not start: {line.decode(errors='replace').strip() or 'nothing said'}")


def listens(port: int, process: subprocess.Popen[bytes], patience: float = 30.0) -> None:
    """Return when a process takes connections on a TCP port."""
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up and process.poll() is None:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)
    raise Missing("it did not start")
