"""The router as a child process: what starts it, and how one sees that it is ready.

`RouterProcess` is one that is started, killed and restarted by hand, in tests and benchmarks; `Supervisor` keeps one
running. Neither knows a reactor: both block, so a Twisted program calls them in threads.
"""

import contextlib
import fcntl
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from chalkbell.router.configuration import ROUTER_DIRECTORY, RouterSettings, write_node

LAUNCH = Path(__file__).with_name("launch.py")
#: Seconds between two looks at whether the router answers.
LOOK = 0.05
#: Seconds a router may take to start before it counts as failed; 4 are usual.
START = 60.0
#: Seconds after SIGTERM before the whole process group is killed; Crossbar needs less than one.
STOP = 10.0
#: A rawsocket handshake: 16 MB messages, CBOR. What answers it with the same serializer takes sessions.
HANDSHAKE = b"\x7f\xf3\x00\x00"
#: Lines of output that are kept.
KEPT = 200
#: Seconds before a router that ended is started again: doubled each time up to the most, the first again after a good
#: while.
FIRST_PAUSE, MOST_PAUSE, GOOD_WHILE = 0.5, 30.0, 60.0


class RouterNotStarted(Exception):
    """The router did not start. The message carries what it said; `chalkbell doctor` may know more."""


class DataInUse(Exception):
    """Another router runs on this data directory. Stop it, or choose another with CHALKBELL_DATA."""


def crossbar() -> Path:
    """The `crossbar` program: `CHALKBELL_CROSSBAR`, or the one in the router's own environment."""
    named = os.environ.get("CHALKBELL_CROSSBAR")
    path = Path(named) if named else ROUTER_DIRECTORY / ".venv" / "bin" / "crossbar"
    if not path.exists():
        raise RouterNotStarted(f"there is no {path}: run make, or set CHALKBELL_CROSSBAR to the crossbar program")
    return path


def crossbar_start(settings: RouterSettings) -> list[str]:
    """The command line that starts Crossbar on a node that was made ready."""
    node = str(settings.node.resolve())
    return [str(crossbar()), "start", "--cbdir", node, "--loglevel", "warn", "--color", "false", "--logformat", "standard"]


def ending_with_us(program: list[str]) -> list[str]:
    """The command line of a child that is told to end (SIGTERM) when this process ends, however that ends."""
    return [sys.executable, "-S", "-E", str(LAUNCH), str(os.getpid()), *program]


def command(settings: RouterSettings) -> list[str]:
    """The command line of the router as our child."""
    return ending_with_us(crossbar_start(settings))


def environment() -> dict[str, str]:
    """Our own environment without what would lead the router's Python astray and without our secrets."""
    strange = ("PYTHON", "VIRTUAL_ENV", "CHALKBELL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(strange)}


def hold(settings: RouterSettings, patience: float = 3.0) -> int:
    """Take the node directory for ourselves and return the file descriptor of the lock.

    The child inherits it, so that a router which outlives its supervisor for a moment still counts. Refuses with
    `DataInUse`.
    """
    settings.node.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(settings.node / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    give_up = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() >= give_up:
                os.close(lock)
                raise DataInUse(f"another router runs on {settings.node}: stop it, or choose another data directory") from None
            time.sleep(LOOK)


def make_ready(settings: RouterSettings) -> None:
    """Write keys and configuration and clear away what a killed router left behind. Call it while holding the node."""
    write_node(settings)
    # Crossbar believes a process id in this file when any process has it.
    (settings.node / "node.pid").unlink(missing_ok=True)
    if settings.services_port is None:
        settings.services_socket.unlink(missing_ok=True)


def answers(settings: RouterSettings, patience: float = 1.0) -> bool:
    """Whether the router takes sessions. The services' transport starts last, so then everything is there."""
    if settings.services_port is None:
        family, address = socket.AF_UNIX, str(settings.services_socket)
    else:
        family, address = socket.AF_INET, (settings.services_host, settings.services_port)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(patience)
        try:
            probe.connect(address)
            probe.sendall(HANDSHAKE)
            answer = probe.recv(4)
        except OSError:
            return False
    return len(answer) == 4 and answer[0] == HANDSHAKE[0] and answer[1] & 0x0F == HANDSHAKE[1] & 0x0F


def becomes_ready(settings: RouterSettings, lives: Callable[[], bool], patience: float = START) -> bool:
    """Wait until the router takes sessions; whether it came to that before it ended or `patience` seconds passed."""
    give_up = time.monotonic() + patience
    while not answers(settings):
        if not lives() or time.monotonic() >= give_up:
            return False
        time.sleep(LOOK)
    return True


def end_group(process_id: int, with_signal: signal.Signals) -> None:
    """Send a signal to the router's controller and its workers, which share a process group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process_id, with_signal)


def ignore(line: str) -> None:
    """Hear a line of output and say nothing."""


class RouterProcess:
    """A router started, killed and restarted by hand.

    `on_line` gets each line of its output from a thread of its own, once the router is ready: while it starts, a good
    one has nothing to say that concerns anybody. Start it from a thread that outlives it, or the kernel ends it with
    that thread.
    """

    def __init__(self, settings: RouterSettings, on_line: Callable[[str], None] = ignore) -> None:
        self.settings = settings
        self.said: deque[str] = deque(maxlen=KEPT)
        self._on_line = on_line
        self._ready = False
        self._child: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The controller's process id, which is also the id of the process group; None when it is not running."""
        return self._child.pid if self._child else None

    def start(self, patience: float = START) -> None:
        """Start and return when sessions can join. Refuses with `RouterNotStarted`, which carries its output, or
        `DataInUse`.
        """
        lock = hold(self.settings)
        try:
            make_ready(self.settings)
            self.said.clear()
            self._ready = False
            self._child = subprocess.Popen(
                command(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment(),
                pass_fds=(lock,),
                text=True,
                errors="replace",
            )
        finally:
            os.close(lock)
        self._reader = threading.Thread(target=self._read, args=(self._child,), name="router output", daemon=True)
        self._reader.start()
        child = self._child
        if not becomes_ready(self.settings, lambda: child.poll() is None, patience):
            self.kill()
            raise RouterNotStarted("\n".join(self.said) or "the router ended without a word")
        self._ready = True

    def _read(self, child: "subprocess.Popen[str]") -> None:
        assert child.stdout is not None
        with child.stdout:
            for line in child.stdout:
                self.said.append(line.rstrip())
                if self._ready:
                    self._on_line(line.rstrip())

    def wait(self) -> None:
        """Return when it has ended, however it did, and nothing of it is left."""
        if self._child is not None:
            self._child.wait()
            self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as a service manager would, with SIGTERM; with SIGKILL what does not end in time."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End controller and worker at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Kill it and start it again on the same addresses."""
        self.kill()
        self.start()

    def terminate(self) -> None:
        """Ask it to end and do not wait."""
        if self._child is not None:
            self._child.terminate()

    def _end(self, with_signal: signal.Signals) -> None:
        child, reader = self._child, self._reader
        if child is None or reader is None:
            return
        if with_signal is signal.SIGTERM:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(STOP)
        # A worker that outlived its controller would keep the ports.
        end_group(child.pid, signal.SIGKILL)
        child.wait()
        reader.join()
        self._child = None


class Supervisor:
    """Keeps a router running: starts it again when it ends, later and later when it ends again and again.

    `on_line` gets the router's output and what the supervisor has to say, from threads of its own.
    """

    def __init__(self, settings: RouterSettings, on_line: Callable[[str], None]) -> None:
        self.router = RouterProcess(settings, on_line)
        self.restarts = 0
        self._on_line = on_line
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._keep, name="router", daemon=True)

    def start(self) -> None:
        """Start; returns when sessions can join. Refuses with `RouterNotStarted` or `DataInUse`: then nothing is left."""
        self._thread.start()
        self._started.wait()
        if self._problem is not None:
            self._thread.join()
            raise self._problem

    def stop(self) -> None:
        """End the router for good; returns when it has ended. Doing it twice is fine."""
        self._stopping.set()
        if self._thread.is_alive():
            self.router.terminate()
            self._thread.join(STOP)
        self.router.stop()

    def _keep(self) -> None:
        try:
            self.router.start()
        except Exception as problem:
            self._problem = problem
            return
        finally:
            self._started.set()
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            self.router.wait()
            if time.monotonic() - began >= GOOD_WHILE:
                pause = FIRST_PAUSE
            while True:
                if self._stopping.wait(0):
                    return
                delay = pause * random.uniform(0.8, 1.2)
                self._on_line(f"the router ended; starting it again in {delay:.1f} s")
                if self._stopping.wait(delay):
                    return
                pause = min(pause * 2, MOST_PAUSE)
                self.restarts += 1
                try:
                    self.router.start()
                    break
                except Exception as problem:
                    self._on_line(str(problem))
            self._on_line("the router is ready again")
