"""A plain Crossbar node for tests, with every transport it has, with the fast lanes or without, and nothing else of ours."""

from __future__ import annotations

import datetime
import json
import shutil
import socket
import subprocess
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalkbell.router.configuration import ROUTER_DIRECTORY
from chalkbell.router.process import crossbar, end_group, ending_with_us
from tests.routing import free_port
from tests.running import until
from tests.wire import Door, Wire

PEOPLE = ("ada", "ben", "cleo", "dora")
TICKET = "a ticket"
START = 60.0


class Plain:
    """A node; `doors` are its transports by name. `said` are the lines of its log."""

    def __init__(self, *, lanes: bool, level: str = "warn", queue_size: int = 8 * 1024 * 1024) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="plain-"))
        self.level = level
        unix = str(self.directory / "raw.sock")
        self.doors = {
            "websocket": Door("websocket", free_port()),
            "websocket-tls": Door("websocket", free_port(), tls=True),
            "web": Door("websocket", free_port(), path="/ws"),
            "web-tls": Door("websocket", free_port(), path="/ws", tls=True),
            "rawsocket": Door("rawsocket", free_port()),
            "rawsocket-tls": Door("rawsocket", free_port(), tls=True),
            "rawsocket-unix": Door("rawsocket", unix=unix),
        }
        self._certify()
        configuration = self._configuration(lanes, queue_size)
        (self.directory / "config.json").write_text(json.dumps(configuration))
        websocket = self.doors["websocket"]
        self.doors["websocket-deflate"] = Door("websocket", websocket.port, deflate=True)
        self.said: deque[str] = deque(maxlen=2000)
        self._changed = threading.Condition()

    def start(self) -> Plain:
        """Start it and wait until it takes sessions."""
        command = [str(crossbar()), "start", "--cbdir", str(self.directory), "--color", "false", "--logformat", "standard"]
        self.child = subprocess.Popen(
            ending_with_us([*command, "--loglevel", self.level]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        # Transports start in order, and this one is the last.
        until(self._listens, "a node that listens", START, lambda: "".join(self.said))
        return self

    def _listens(self) -> bool:
        assert self.child.poll() is None, "".join(self.said)
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.doors["rawsocket-unix"].unix) == 0

    def _read(self) -> None:
        assert self.child.stdout is not None
        with self.child.stdout:
            for line in self.child.stdout:
                with self._changed:
                    self.said.append(line)
                    self._changed.notify_all()

    def wait_said(self, words: str, patience: float = 10.0) -> str:
        """Wait until a line of the log has these words; that line."""
        with self._changed:
            if not self._changed.wait_for(lambda: any(words in line for line in self.said), patience):
                raise AssertionError(f"the router did not say {words!r}:\n{''.join(self.said)}")
            return next(line for line in self.said if words in line)

    def worker(self) -> int:
        """The process id of the router's worker."""
        children = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()
        return int(children[0])

    def resident(self) -> int:
        """The worker's memory in bytes."""
        status = Path(f"/proc/{self.worker()}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def join(self, person: str = "ada", door: str = "websocket", serializer: str = "json") -> Wire:
        """A session of somebody's."""
        return Wire(self.doors[door], serializer).join(person, TICKET)

    def close(self) -> None:
        """End it and remove its directory."""
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
        end_group(self.child.pid, 9)
        self.child.wait()
        self._reader.join()
        shutil.rmtree(self.directory)

    def _certify(self) -> None:
        """A key and a certificate that says that it is right itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
        (self.directory / "key.pem").write_bytes(private)
        (self.directory / "certificate.pem").write_bytes(certificate.public_bytes(pem))

    def _configuration(self, lanes: bool, queue_size: int) -> dict[str, Any]:
        everything = dict.fromkeys(("call", "register", "publish", "subscribe"), True)
        permission = {"uri": "", "match": "prefix", "allow": everything, "disclose": {"caller": True, "publisher": True}}
        principals = {person: {"ticket": TICKET, "role": "anybody"} for person in PEOPLE}
        auth = {"ticket": {"type": "static", "principals": principals}}
        component = {"type": "class", "realm": "campus", "role": "trusted"}
        extra = {"wanted": lanes, "queue_size": {"websocket": queue_size, "rawsocket": queue_size}}

        def endpoint(door: Door) -> dict[str, Any]:
            if door.unix:
                return {"type": "unix", "path": door.unix}
            tls = {"tls": {"key": "key.pem", "certificate": "certificate.pem"}} if door.tls else {}
            return {"type": "tcp", "interface": "127.0.0.1", "port": door.port, **tls}

        def transport(name: str, door: Door) -> dict[str, Any]:
            speaking = {"type": door.kind, "serializers": ["json", "cbor", "msgpack"], "auth": auth}
            if door.kind == "websocket":
                compression = {"compression": {"deflate": {}}} if name == "websocket" else {}
                speaking["options"] = {"max_message_size": 4_000_000, **compression}
            if door.path != "/":
                return {
                    "type": "web",
                    "endpoint": endpoint(door),
                    "paths": {"/": {"type": "static", "directory": "."}, "ws": speaking},
                }
            return {**speaking, "endpoint": endpoint(door)}

        worker = {
            "type": "router",
            "options": {"pythonpath": [str(ROUTER_DIRECTORY), str(Path(__file__).parent)]},
            "realms": [{"name": "campus", "roles": [{"name": "anybody", "permissions": [permission]}]}],
            "components": [
                {**component, "classname": "fastlanes.component.FastLanes", "extra": extra},
                {**component, "classname": "determined.Determined"},
            ],
            "transports": [transport(name, door) for name, door in self.doors.items()],
        }
        return {"version": 2, "controller": {}, "workers": [worker]}
