"""A campus as it runs: a started router, the services in processes of their own, and programs that call and follow them.

with Running(postgresql_url) as campus:
    campus.start()
    campus.ask(AddPerson(...))                  # as the operator
    ada = campus.person("ada-stone")            # a program of hers, joined with a token
    ada.ask(SignOff(...))
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from twisted.internet import reactor
from twisted.internet.defer import Deferred

from chalkbell.bus import Bus, Key, Ticket
from chalkbell.contracts import SERVICES, Envelope, Position, Request, load_all
from chalkbell.contracts.directory import MakeToken
from chalkbell.router.configuration import authid
from chalkbell.router.keys import read_seed
from chalkbell.router.process import ending_with_us
from chalkbell.stream.follow import Follower, Following
from tests.routing import Router, free_port, in_reactor

load_all()
A = TypeVar("A")
ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 90.0


class Process:
    """Some services in one process. Its output is kept in a file."""

    def __init__(self, names: Sequence[str], environment: dict[str, str], log: Path, program: Sequence[str] = ()) -> None:
        self.names = list(names)
        self.metrics = free_port()
        self.log = log
        only = [part for name in names for part in ("--only", name)]
        command = ending_with_us([sys.executable, *(program or ("-m", "chalkbell")), "up", *only])
        with log.open("ab") as out:
            self.child = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment, "CHALKBELL_METRICS_PORT": str(self.metrics)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def wait_ready(self, patience: float = PATIENCE) -> None:
        """Return when all its services are ready."""
        until(lambda: self._get("readyz") == 200, f"{self.names} ready", patience, self._output)

    def _get(self, page: str) -> int:
        if self.child.poll() is not None:
            raise AssertionError(f"{self.names} ended with {self.child.returncode}:\n{self._output()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/{page}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def _output(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def kill(self) -> None:
        """As a power cut would."""
        self.child.kill()
        self.child.wait()

    def pause(self) -> None:
        """Stop it in its tracks."""
        self.child.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on as if nothing had been."""
        self.child.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        """End it properly; its exit code."""
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
                raise AssertionError(f"{self.names} did not end on SIGTERM:\n{self._output()}") from None
        return self.child.returncode


class Program:
    """A session of a person, the operator or a service, joined again whenever it is lost. Everything here blocks."""

    def __init__(self, address: str, credentials: Key | Ticket) -> None:
        self.followers: list[Follower] = []

        async def joined(bus: Bus) -> None:
            for follower in self.followers:
                await follower.joined()

        def left() -> None:
            for follower in self.followers:
                follower.left()

        self.bus: Bus = in_reactor(lambda: Bus(reactor, address, credentials, on_join=joined, on_leave=left))
        in_reactor(lambda: self.bus.start().addTimeout(PATIENCE, reactor))

    def ask(self, request: Request[A], *, service: str | None = None, timeout: float = 15, correlation_id: str = "") -> A:
        """Ask; raises the refusal."""

        def begin() -> Deferred[A]:
            return Deferred.fromCoroutine(self.bus.ask(request, service=service, timeout=timeout, correlation_id=correlation_id))

        answer: A = in_reactor(begin)
        return answer

    def call(self, uri: str, **fields: Any) -> Any:
        """Call with raw fields; raises the refusal."""
        return in_reactor(lambda: Deferred.fromCoroutine(self.bus.call(uri, fields)))

    def follow(self, service: str, scope: str, start: Position | None = None) -> Followed:
        """Follow a scope from `start`, or from the beginning of what is kept."""
        followed = Followed(self, service, scope, start)
        self.followers.append(followed.follower)
        in_reactor(lambda: Deferred.fromCoroutine(followed.follower.joined()))
        return followed

    def close(self) -> None:
        """Leave."""
        for follower in self.followers:
            in_reactor(follower.stop)
        in_reactor(self.bus.stop)


class Followed:
    """What a follower was handed, in order."""

    def __init__(self, program: Program, service: str, scope: str, start: Position | None) -> None:
        self.events: list[Envelope] = []
        self._changed = threading.Condition()
        handler = Following(self._take, {scope: start} if start else None)
        self.follower = Follower(program.bus, service, handler, [scope])

    def _take(self, envelope: Envelope) -> None:
        with self._changed:
            self.events.append(envelope)
            self._changed.notify_all()

    def wait(self, found: Callable[[list[Envelope]], bool], patience: float = PATIENCE) -> list[Envelope]:
        """Wait until the events so far satisfy `found`."""
        with self._changed:
            if not self._changed.wait_for(lambda: found(self.events), patience):
                seqs = [event.seq for event in self.events]
                raise AssertionError(
                    f"not in {patience:g} s; {len(seqs)} events so far, the last {seqs[-3:]}, {self.follower.last_error}"
                )
            return list(self.events)

    def wait_for(self, seq: int, patience: float = PATIENCE) -> list[Envelope]:
        """Wait until the event of this number has come."""
        return self.wait(lambda events: bool(events) and events[-1].seq >= seq, patience)


class Running:
    """A campus with a router of its own and a data folder of its own; on PostgreSQL when given a URL."""

    def __init__(self, database_url: str | None = None, **settings: str) -> None:
        self.router = Router()
        self.data = self.router.settings.data
        self.environment = {
            "CHALKBELL_DATA": str(self.data),
            "CHALKBELL_PORT": str(self.router.settings.port),
            "CHALKBELL_GATEWAY_PORT": str(self.router.settings.gateway_port),
            "CHALKBELL_CALLS_PER_MINUTE": "1000000",
            **({"CHALKBELL_DATABASE": database_url} if database_url else {}),
            **settings,
        }
        self.processes: list[Process] = []
        self.programs: list[Program] = []
        self._operator: Program | None = None
        self._tokens: dict[str, str] = {}

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where pages and the HTTP face are."""
        return self.router.url

    @property
    def address(self) -> str:
        """Where services join."""
        return f"unix:{self.router.settings.services_socket}"

    def start(self, *groups: Sequence[str]) -> None:
        """Start the router, and the services: all in one process, or one process for each group of names."""
        self.router.start()
        for names in groups or (SERVICES,):
            self.add(names)
        for process in self.processes:
            process.wait_ready()

    def add(self, names: Sequence[str], program: Sequence[str] = ()) -> Process:
        """One more process; wait for it with `wait_ready`."""
        log = self.data / f"process-{len(self.processes)}.log"
        process = Process(names, self.environment, log, program)
        self.processes.append(process)
        return process

    def again(self, process: Process) -> Process:
        """Start a killed process again and wait until it is ready."""
        self.processes.remove(process)
        fresh = self.add(process.names)
        fresh.wait_ready()
        return fresh

    @property
    def operator(self) -> Program:
        """The operator's program."""
        if self._operator is None:
            self._operator = self.key("operator")
        return self._operator

    def key(self, name: str) -> Program:
        """A program that joins with a key of the campus."""
        return self._keep(Program(self.address, Key(authid(name), read_seed(self.router.settings.keys, name))))

    def ask(self, request: Request[A], *, service: str | None = None) -> A:
        """Ask as the operator."""
        return self.operator.ask(request, service=service)

    def token(self, person: str) -> str:
        """A personal access token of somebody."""
        if person not in self._tokens:
            self._tokens[person] = self.ask(MakeToken(name="tests", person=person)).secret
        return self._tokens[person]

    def person(self, person: str, *, websocket: bool = True) -> Program:
        """A program of somebody's, over a websocket as a browser has it."""
        address = self.router.websocket_url if websocket else self.address
        return self._keep(Program(address, Ticket(person, self.token(person))))

    def _keep(self, program: Program) -> Program:
        self.programs.append(program)
        return program

    def close(self) -> None:
        """End everything that this started."""
        for program in self.programs:
            program.close()
        for process in self.processes:
            if process.child.poll() is None:
                process.child.kill()
                process.child.wait()
        self.router.close()


def until(true: Callable[[], bool], what: str, patience: float = PATIENCE, more: Callable[[], str] = lambda: "") -> None:
    """Return when `true()` is; for what announces itself by nothing, such as another process's port."""
    give_up = time.monotonic() + patience
    waiting = threading.Event()
    while not true():
        if time.monotonic() > give_up:
            raise AssertionError(f"not within {patience:g} s: {what}\n{more()}")
        waiting.wait(0.05)


def running(url: str | None = None) -> Iterator[Running]:
    """For fixtures: a campus that is closed at the end."""
    with Running(url) as campus:
        yield campus
