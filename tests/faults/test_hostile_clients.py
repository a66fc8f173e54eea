"""Hostile clients, all at once, beside people at work: refused or limited, the others undisturbed, memory bounded."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest

from chalkbell.contracts.directory import AddPerson, SetPassword
from tests.faults.memory import of_group
from tests.faults.school import LECTURERS, PACKAGE, Client, all_there, check, finish, in_threads, open_school
from tests.routing import ApplicationError, Refused
from tests.running import Running

pytestmark = [pytest.mark.router, pytest.mark.timeout(240)]
PASSWORD = "seven quiet harbours"
#: The others' sign-offs go on for at least so long.
SECONDS = 12.0
#: What the router may grow by while all this goes on.
GROWTH = 60e6
EXPECTED = (OSError, http.client.HTTPException)


class Attack:
    """What the attackers do, and whatever came of it that should not have."""

    def __init__(self, campus: Running, ticket: str) -> None:
        self.campus = campus
        self.port = campus.router.settings.port
        self.used_ticket = ticket
        self.stopping = threading.Event()
        self.done: Counter[str] = Counter()
        self.successes: list[str] = []
        self.chance = random.Random(7)

    def start(self) -> list[threading.Thread]:
        deeds: list[Callable[[], None]] = [
            self.random_bytes, self.half_frames, self.huge_frames, self.slow_handshakes, self.foreign_origins,
            self.subscribing, self.registering, self.guessing, self.replaying, self.forging,
        ]  # fmt: skip
        threads = [threading.Thread(target=self._repeat, args=(deed,), name=deed.__name__, daemon=True) for deed in deeds]
        for thread in threads:
            thread.start()
        return threads

    def _repeat(self, deed: Callable[[], None]) -> None:
        while not self.stopping.is_set():
            try:
                deed()
            except EXPECTED:
                pass  # cut off in the middle of it
            except Exception as error:
                self.successes.append(f"{deed.__name__}: {error!r}")
                return
            self.done[deed.__name__] += 1
            self.stopping.wait(0.01)

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), 10)
        connection.settimeout(10)
        return connection

    def _upgrade(self, origin: str = "") -> tuple[socket.socket, bool]:
        connection = self._connect()
        key = base64.b64encode(os.urandom(16)).decode()
        asked = f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        asked += f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: wamp.2.json\r\n"
        connection.sendall((asked + (f"Origin: {origin}\r\n" if origin else "") + "\r\n").encode())
        return connection, connection.recv(4096).startswith(b"HTTP/1.1 101")

    def _post(self, path: str, body: object, **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
            return connection.getresponse().status
        finally:
            connection.close()

    def random_bytes(self) -> None:
        with self._connect() as connection:
            connection.sendall(self.chance.randbytes(self.chance.randint(1, 8192)))
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass

    def half_frames(self) -> None:
        """Thirty at a time, each waiting for the rest of a frame."""
        with contextlib.ExitStack() as kept:
            for _ in range(30):
                connection, _ = self._upgrade()
                kept.enter_context(connection)
                connection.sendall(struct.pack("!BBH", 0x81, 0xFE, 60_000) + b'\0\0\0\0[1, "cam')
            self.stopping.wait(1)

    def huge_frames(self) -> None:
        connection, opened = self._upgrade()
        with connection:
            connection.sendall(struct.pack("!BBQ", 0x81, 0xFF, 1 << 40) + os.urandom(1000))
            while opened and connection.recv(65_536):
                pass

    def slow_handshakes(self) -> None:
        """Thirty at a time, a byte now and then."""
        with contextlib.ExitStack() as kept:
            slow = [kept.enter_context(self._connect()) for _ in range(30)]
            for byte in b"GET /ws":
                for connection in slow:
                    connection.sendall(bytes([byte]))
                self.stopping.wait(0.3)

    def foreign_origins(self) -> None:
        connection, opened = self._upgrade("https://evil.example")
        connection.close()
        if opened:
            raise AssertionError("a foreign page has opened a websocket")

    def subscribing(self) -> None:
        """To what is not theirs, a hundred on one session."""
        session = self.campus.router.ticket("mal-lory", self.campus.token("mal-lory"))
        topics = (
            f"chalkbell.workflow.v1.{PACKAGE}.signed_off",
            "chalkbell.",
            "wamp.session.on_join",
            "chalkbell.notifier.v1.ada-stone.",
        )
        self._all_refused(lambda: session.subscribe(self.chance.choice(topics), self.chance.choice((None, "prefix", "wildcard"))))
        session.close()

    def registering(self) -> None:
        session = self.campus.router.ticket("mal-lory", self.campus.token("mal-lory"))
        names = ("chalkbell.workflow.v1.sign_off", "chalkbell.directory.v1.authenticate", "my.own")
        self._all_refused(lambda: session.register(self.chance.choice(names), lambda **_: None))
        session.close()

    def _all_refused(self, ask: Callable[[], object]) -> None:
        for _ in range(100):
            if self.stopping.is_set():
                return
            try:
                ask()
            except ApplicationError:
                self.done["refused by the router"] += 1
            else:
                raise AssertionError("allowed")

    def guessing(self) -> None:
        status = self._post("/api/sign-in", {"email": "ada-stone@example.edu", "password": str(self.chance.random())})
        self.done[f"guess answered {status}"] += 1
        if status < 400:
            raise AssertionError("signed in by guessing")

    def replaying(self) -> None:
        try:
            session = self.campus.router.ticket("ben-field", self.used_ticket)
        except Refused:
            return
        session.close()
        raise AssertionError("a ticket was good twice")

    def forging(self) -> None:
        names = ("X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Authenticated-User", "X-Forwarded-For", "Forwarded")
        status = self._post("/api/directory.v1.profile.read", {}, **dict.fromkeys(names, "ada-stone"))
        if status < 400:
            raise AssertionError("somebody else by a header")


def test_hostile_clients_disturb_nobody() -> None:
    with Running() as campus:
        campus.start()
        assessments = open_school(campus)
        clients = [Client(campus.person(person), assessment) for person, assessment in zip(LECTURERS, assessments, strict=True)]
        follower = campus.person("ada-stone").follow("workflow", PACKAGE)
        campus.ask(AddPerson(id="mal-lory", name="Mal Lory", email="mal-lory@example.edu"))
        campus.ask(SetPassword(id="ben-field", password=PASSWORD))
        campus.token("mal-lory")
        connection = http.client.HTTPConnection("127.0.0.1", campus.router.settings.port, timeout=30)
        signing_in = json.dumps({"email": "ben-field@example.edu", "password": PASSWORD})
        connection.request("POST", "/api/sign-in", signing_in, {"Content-Type": "application/json"})
        ticket = json.loads(connection.getresponse().read())["ticket"]
        connection.close()
        campus.router.ticket("ben-field", ticket).close()
        finish(in_threads(clients, 3))
        assert campus.router.process.pid
        before, slowest, joins = of_group(campus.router.process.pid), 0.0, {client.program.bus.id for client in clients}
        attack = Attack(campus, ticket)
        attackers = attack.start()
        began = time.monotonic()
        while time.monotonic() - began < SECONDS:
            round_began = time.monotonic()
            finish(in_threads(clients, 1))
            slowest = max(slowest, time.monotonic() - round_began)
        most = of_group(campus.router.process.pid)
        attack.stopping.set()
        for thread in attackers:
            thread.join(30)
        acknowledged = [sign_off for client in clients for sign_off in client.acknowledged]
        check(follower.wait(all_there(len(acknowledged))), acknowledged)
        print(
            f"{len(acknowledged)} sign-offs, the slowest four at once in {slowest:.2f} s; the router grew by {(most - before) / 1e6:.0f} MB"
        )
        print(dict(attack.done))
        assert attack.successes == []
        assert {client.program.bus.id for client in clients} == joins, "somebody at work was cut off"
        assert (
            min(
                attack.done[name] for name in ("random_bytes", "huge_frames", "foreign_origins", "guessing", "replaying", "forging")
            )
            > 5
        )
        assert attack.done["refused by the router"] > 100
        assert attack.done["guess answered 429"] > 0
        assert most - before < GROWTH
        assert slowest < 5
