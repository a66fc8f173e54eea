"""Message brokers from Debian, over TCP in their own protocols. They serve no websocket here: what a browser needs comes on top."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import tempfile
from pathlib import Path

from benchmarks.peers import protocols as speak
from benchmarks.peers.protocols import Step
from benchmarks.peers.server import TOPIC, Missing, Server, listens, said
from tools.system_parts import find_mosquitto, find_nats


class Nats(Server):
    """nats-server."""

    name, what, framing = "nats", "its own protocol over TCP; joins what is written to a connection", "nats"

    def start(self) -> None:
        program = find_nats()
        if program is None:
            raise Missing("on Debian: apt-get install nats-server")
        self.version = said(str(program), "--version").rpartition(" ")[2].lstrip("v")
        log = str(Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="nats-"))) / "log")
        command = [str(program), "--addr", "127.0.0.1", "--port", str(self.port), "--log", log]
        self._start(command, lambda process: listens(self.port, process))

    def subscriber(self) -> list[Step]:
        return speak.nats_join(TOPIC)

    def publisher(self) -> list[Step] | socket.socket:
        # the load answers requests on the publisher's connection
        return speak.nats_join("echo")

    def event(self, payload: str) -> bytes:
        return speak.nats_publish(TOPIC, payload)

    def caller(self) -> list[Step] | None:
        return speak.nats_join(f"answers.{speak.CONNECTION}")

    def call(self, payload: str) -> bytes:
        return speak.nats_publish("echo", payload, f"answers.{speak.CONNECTION}")


class Mosquitto(Server):
    """Mosquitto."""

    name, what, framing = "mosquitto", "MQTT 3.1.1 over TCP, quality of service 0; it has no calls", "mqtt"

    def start(self) -> None:
        program = find_mosquitto()
        if program is None:
            raise Missing("on Debian: apt-get install mosquitto")
        if found := re.search(r"version (\S+)", said(str(program), "-h")):
            self.version = found[1]
        settings = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="mosquitto-"))) / "mosquitto.conf"
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            "persistence false",
            "log_dest none",
            "set_tcp_nodelay true",
        ]
        if os.geteuid() == 0:
            # a change of user would forget that it ends with us
            lines.append("user root")
        settings.write_text("\n".join([*lines, ""]))
        self._start([str(program), "-c", str(settings)], lambda process: listens(self.port, process), stderr=subprocess.DEVNULL)

    def subscriber(self) -> list[Step]:
        return speak.mqtt_join("subscriber", TOPIC)

    def publisher(self) -> list[Step] | socket.socket:
        return speak.mqtt_join("publisher")

    def event(self, payload: str) -> bytes:
        return speak.mqtt_publish(TOPIC, payload)
