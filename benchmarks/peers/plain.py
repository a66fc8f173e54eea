"""Servers with a websocket: Crossbar as it comes, two on Node, and the floor in C."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import ClassVar

from benchmarks.bare import ECHO, child, configuration, end, wait_listening
from benchmarks.peers import protocols as speak
from benchmarks.peers import rawsocket
from benchmarks.peers.compiled import compiled
from benchmarks.peers.cores import LOAD, on_core
from benchmarks.peers.protocols import Step
from benchmarks.peers.server import TOPIC, Missing, Server, said, said_ready
from chalkbell.router.process import RouterNotStarted, crossbar
from tools.system_parts import find_npm

NODE = Path(__file__).resolve().parent / "node"


class Floor(Server):
    """A C program that does one write a delivery and nothing else."""

    name, what = "floor", "one write() per delivery, in C"

    def start(self) -> None:
        self._start([str(compiled("floor")), str(self.port)], said_ready)

    def subscriber(self) -> list[Step]:
        return [speak.upgrade("/")]

    def publisher(self) -> list[Step] | socket.socket:
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

    def publisher(self) -> list[Step] | socket.socket:
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
        self.path = path = str(folder / "bare.sock")
        (folder / "config.json").write_text(json.dumps(configuration(self.port, path)))
        quiet = ["--loglevel", "warn", "--color", "false", "--logformat", "standard"]
        self._start([program, "start", "--cbdir", str(folder), *quiet], lambda _: wait_listening(path), stderr=subprocess.DEVNULL)
        python = str(Path(program).with_name("python"))
        self.version = said(python, "-c", "import importlib.metadata as m; print(m.version('crossbar'))")
        callee = child(on_core(LOAD, [sys.executable, "-m", "benchmarks.echo", path]))
        self._open.callback(end, callee)
        said_ready(callee)

    def subscriber(self) -> list[Step]:
        return [*speak.wamp_join("/", "campus"), speak.wamp_subscribe(TOPIC)]

    def publisher(self) -> list[Step] | socket.socket:
        return rawsocket.join(self.path, "campus")

    def event(self, payload: str) -> bytes:
        return rawsocket.frame([16, int(payload[1:9]) + 1, {}, TOPIC, [payload]])

    def caller(self) -> list[Step] | None:
        return speak.wamp_join("/", "campus")

    def call(self, payload: str) -> bytes:
        # request numbers of a session count up; here each session takes some of a common sequence
        return speak.wamp([48, int(payload[1:9]) + 1, {}, ECHO, [], {"said": payload}])
