"""The campus under attack: a router, services in processes that are started again when they were killed, and wires between them."""

from __future__ import annotations

import contextlib
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from chalkbell.backup import BackupProblem, restore, write
from chalkbell.cli._services import databases, migrations
from chalkbell.surroundings import Surroundings
from soak.proxy import Wire
from tests.running import PATIENCE, Process, Running, until

#: A process for each of these; on PostgreSQL two.
GROUPS: tuple[tuple[str, ...], ...] = (("directory", "workload"), ("workflow",), ("notifier",), ("classroom",))


class Slot:
    """A place for one process: whatever dies in it is started again."""

    def __init__(self, name: str, services: Sequence[str], running: Running, program: Sequence[str]) -> None:
        self.name = name
        self.services = services
        self.running = running
        self.program = program
        self.kills = 0
        self.paused = False
        socket = running.data / f"{name}.sock"
        self.wire = Wire(f"unix:{running.router.settings.services_socket}", str(socket))
        self.process: Process | None = None

    def start(self) -> None:
        """Start its process and do not wait."""
        environment = {**self.running.environment, "CHALKBELL_ROUTER": f"unix:{self.wire.path}"}
        log = self.running.data / f"{self.name}.log"
        self.process = Process(self.services, environment, log, self.program)
        self.running.processes.append(self.process)

    @property
    def ready(self) -> bool:
        """Whether its services answer. A process that ended by itself is a fault of ours."""
        assert self.process is not None
        if self.process.child.poll() is not None:
            raise AssertionError(f"{self.name} ended by itself:\n{self.process.log.read_text(errors='replace')[-3000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.process.metrics}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.HTTPError, OSError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            return False

    def kill(self) -> None:
        """Kill its process and start another."""
        assert self.process is not None
        self.process.kill()
        self.paused = False
        self.kills += 1
        self.running.processes.remove(self.process)
        self.start()

    def pause(self) -> None:
        """Stop it in its tracks."""
        assert self.process is not None
        self.process.pause()
        self.paused = True

    def resume(self) -> None:
        """Let it go on."""
        assert self.process is not None
        if self.paused:
            self.process.resume()
            self.paused = False

    def stop(self) -> None:
        """End it properly."""
        assert self.process is not None
        self.resume()
        self.process.stop()
        self.running.processes.remove(self.process)


class Campus:
    """All of it. `program` is what the processes run, `chalkbell` with a moved clock unless a test wants another."""

    def __init__(self, database_url: str | None = None, program: Sequence[str] = ("-m", "soak.child"), **settings: str) -> None:
        self.running = Running(database_url, **settings)
        self.on_postgresql = database_url is not None
        self._clock = self.running.data / "clock"
        self.running.environment["SOAK_CLOCK"] = str(self._clock)
        self.router_kills = 0
        self.restores = 0
        self.people = Wire(f"tcp:{self.running.router.settings.port}")
        copies = 2 if self.on_postgresql else 1
        self.slots = [
            Slot(f"{services[0]}-{copy}", services, self.running, program) for services in GROUPS for copy in range(1, copies + 1)
        ]

    def __enter__(self) -> Campus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def websocket_url(self) -> str:
        """Where people join, over the wire that can be cut."""
        return f"ws://127.0.0.1:{self.people.port}/ws"

    @property
    def kills(self) -> int:
        """How many processes were killed: services and routers."""
        return self.router_kills + sum(slot.kills for slot in self.slots)

    @property
    def surroundings(self) -> Surroundings:
        """What the services are told."""
        return Surroundings.of(self.running.environment)

    def start(self) -> None:
        """Start everything and wait until it answers."""
        self.running.router.start()
        for slot in self.slots:
            slot.start()
        self.wait_ready()

    def wait_ready(self, patience: float = PATIENCE) -> None:
        """Return when all services answer."""
        until(lambda: all(slot.ready for slot in self.slots), "all services ready", patience, self._state)

    def _state(self) -> str:
        return ", ".join(f"{slot.name} {'ready' if slot.ready else 'not ready'}" for slot in self.slots)

    def kill_router(self) -> None:
        """Kill the router and start it again."""
        self.router_kills += 1
        self.running.router.restart()

    def move_clock(self, seconds: float) -> None:
        """Let the services' clock be so many seconds ahead of the machine's, or behind."""
        draft = self._clock.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.replace(self._clock)

    def heal(self) -> None:
        """Undo all that lasts: pauses, delays, held wires, a moved clock."""
        for slot in self.slots:
            slot.resume()
            slot.wire.slow(0)
            slot.wire.release()
        self.people.slow(0)
        self.people.release()
        self.move_clock(0)

    def back_up(self, path: Path) -> None:
        """Write a backup while all runs."""
        found = databases(self.surroundings)
        try:
            write(found, path)
        finally:
            for database in found.values():
                database.dispose()

    def restore(self, path: Path) -> None:
        """Stop the services, put a backup back, and start them."""
        self.heal()
        stopping = [threading.Thread(target=slot.stop) for slot in self.slots]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        found = databases(self.surroundings)

        def put_back() -> bool:
            try:
                restore(found, migrations(), path)
            except BackupProblem as problem:
                if "a few seconds ago" in str(problem):
                    return False  # one that was killed holds its leases a little longer
                raise
            return True

        try:
            until(put_back, "the backup is put back", 30)
        finally:
            for database in found.values():
                database.dispose()
        self.restores += 1

    def start_services(self) -> None:
        """Start all services again, after `restore`."""
        for slot in self.slots:
            slot.start()
        self.wait_ready()

    def close(self) -> None:
        """End everything."""
        with contextlib.suppress(Exception):
            self.heal()
        for wire in (self.people, *(slot.wire for slot in self.slots)):
            wire.close()
        self.running.close()


def wait(event: threading.Event, seconds: float) -> bool:
    """Let time pass, for the adversary's rhythm; True when `event` came first."""
    give_up = time.monotonic() + seconds
    return event.wait(max(0.0, give_up - time.monotonic()))
