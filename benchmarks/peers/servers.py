"""The servers that are compared: how each is started, on the server's core, and what one says to it."""

from __future__ import annotations

import abc
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from benchmarks.bare import ECHO, child, configuration, end, free_port, wait_listening
from benchmarks.peers import protocols as speak
from benchmarks.peers.compiled import compiled
from benchmarks.peers.cores import LOAD, SERVER, Used, on_core, used
from benchmarks.peers.protocols import Step
from chalkbell.router.process import RouterNotStarted, crossbar
from tools.system_parts import find_npm

NODE = Path(__file__).resolve().parent / "node"
TOPIC = "bell"


class Missing(Exception):
    """A server that is not installed. The message says how to get it."""


class Server(abc.ABC):
    """A server that runs. `with` starts and ends it; `Missing` says that it cannot be had."""

    name: ClassVar[str]
    #: What is said of it beside its figures.
    what: ClassVar[str]
    framing: ClassVar[str] = "websocket"

    def __init__(self) -> None:
        self.port = free_port()
        self.version = ""
        self._open = contextlib.ExitStack()
        self._processes: list[subprocess.Popen[bytes]] = []

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
    def publisher(self) -> list[Step] | int:
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
        every = [used(process.pid) for process in self._processes]
        return Used(sum(one.processor for one in every), sum(one.memory for one in every))

    def _start(self, command: list[str], wait: Callable[[subprocess.Popen[bytes]], None]) -> None:
        """Start one process of the server."""
        process = child(on_core(SERVER, command))
        self._open.callback(end, process)
        self._processes.append(process)
        wait(process)


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


class Floor(Server):
    """A C program that does one write a delivery and nothing else."""

    name, what = "floor", "one write() per delivery, in C"

    def start(self) -> None:
        self._start([str(compiled("floor")), str(self.port)], said_ready)

    def subscriber(self) -> list[Step]:
        return [speak.upgrade("/")]

    def publisher(self) -> list[Step] | int:
        return [speak.upgrade("/publish")]

    def event(self, payload: str) -> bytes:
        return speak.text(payload)

    def caller(self) -> list[Step] | None:
        return [speak.upgrade("/echo")]

    def call(self, payload: str) -> bytes:
        return speak.text(payload)


class OnNode(Server):
    """A server that is a script for Node."""

    script: ClassVar[str]
    package: ClassVar[str]

    def start(self) -> None:
        npm, package = find_npm(), NODE / "node_modules" / self.package / "package.json"
        if npm is None or not package.exists():
            raise Missing(f"{self.package} is not installed: make bench-peers installs it")
        self.version = str(json.loads(package.read_text())["version"])
        self._start([str(npm.node), str(NODE / self.script), str(self.port)], said_ready)


class Ws(OnNode):
    """Node `ws`."""

    name, what, script, package = "ws", "websockets on Node, a loop over the connections", "ws.js", "ws"

    subscriber = Floor.subscriber
    publisher = Floor.publisher
    event = Floor.event
    caller = Floor.caller
    call = Floor.call


class SocketIo(OnNode):
    """socket.io, websockets from the start."""

    name, what, script, package = "socket.io", "a room, on Node", "socket-io.js", "socket.io"

    def subscriber(self) -> list[Step]:
        return [*speak.socket_io_join(), Step(speak.socket_io(["join"], acknowledge=True), b"437[]")]

    def publisher(self) -> list[Step] | int:
        return speak.socket_io_join()

    def event(self, payload: str) -> bytes:
        return speak.socket_io(["publish", payload])

    def caller(self) -> list[Step] | None:
        return speak.socket_io_join()

    def call(self, payload: str) -> bytes:
        return speak.socket_io(["echo", payload], acknowledge=True)


class BareCrossbar(Server):
    """Crossbar as it comes, everybody may do everything."""

    name, what = "crossbar", "Crossbar as it comes; callee: a Python program on the other core"

    def start(self) -> None:
        try:
            program = str(crossbar())
        except RouterNotStarted as error:
            raise Missing(str(error)) from error
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="bare-")))
        path = str(folder / "bare.sock")
        (folder / "config.json").write_text(json.dumps(configuration(self.port, path)))
        quiet = ["--loglevel", "warn", "--color", "false", "--logformat", "standard"]
        self._start([program, "start", "--cbdir", str(folder), *quiet], lambda _: wait_listening(path))
        python = str(Path(program).with_name("python"))
        asked = [python, "-c", "import importlib.metadata as m; print(m.version('crossbar'))"]
        self.version = subprocess.run(asked, capture_output=True, text=True).stdout.strip()
        callee = child(on_core(LOAD, [sys.executable, "-m", "benchmarks.echo", path]))
        self._open.callback(end, callee)
        said_ready(callee)

    def subscriber(self) -> list[Step]:
        return [*speak.wamp_join("/", "campus"), speak.wamp_subscribe(TOPIC)]

    def publisher(self) -> list[Step] | int:
        return speak.wamp_join("/", "campus")

    def event(self, payload: str) -> bytes:
        return speak.wamp([16, 1, {}, TOPIC, [payload]])

    def caller(self) -> list[Step] | None:
        return speak.wamp_join("/", "campus")

    def call(self, payload: str) -> bytes:
        # request numbers of a session count up; here each session takes some of a common sequence
        return speak.wamp([48, int(payload[1:9]) + 1, {}, ECHO, [], {"said": payload}])


SERVERS: tuple[type[Server], ...] = (BareCrossbar, SocketIo, Ws, Floor)


@contextlib.contextmanager
def running(kinds: list[type[Server]], tell: Callable[[str], None]) -> Iterator[list[Server]]:
    """Start those that can be had; `tell` hears of those that cannot."""
    with contextlib.ExitStack() as stack:
        servers: list[Server] = []
        for kind in kinds:
            try:
                servers.append(stack.enter_context(kind()))
            except Missing as reason:
                tell(f"{kind.name} is left out: {reason}")
        yield servers
