"""The router as a child process: what starts it, and how one sees that it is ready.

Two keep it: `supervisor.Supervisor` inside a Twisted program (`chalkbell up`), and `RouterProcess` here for tests and benchmarks.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

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


def command(settings: RouterSettings) -> list[str]:
    """The command line of the child; it ends when this process does, however that ends."""
    crossbar_start = [str(crossbar()), "start", "--cbdir", str(settings.node.resolve())]
    quietly = ["--loglevel", "warn", "--color", "false", "--logformat", "standard"]
    return [sys.executable, "-S", "-E", str(LAUNCH), str(os.getpid()), *crossbar_start, *quietly]


def environment() -> dict[str, str]:
    """Our own environment without what would lead the router's Python astray and without our secrets."""
    strange = ("PYTHON", "VIRTUAL_ENV", "CHALKBELL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(strange)}


def hold(settings: RouterSettings, patience: float = STOP) -> int:
    """Take the node directory for ourselves and return the file descriptor of the lock.

    The child inherits it, so that a router which outlives its supervisor for a moment still counts. Refuses with `DataInUse`.
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


def end_group(process_id: int, with_signal: signal.Signals) -> None:
    """Send a signal to the router's controller and its workers, which share a process group of their own."""
    try:
        os.killpg(process_id, with_signal)
    except ProcessLookupError:
        pass


class RouterProcess:
    """A router started, killed and restarted by hand, without a reactor. Its output is in `<node>/router.log`."""

    def __init__(self, settings: RouterSettings) -> None:
        self.settings = settings
        self._child: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    @property
    def log(self) -> Path:
        """The file that its output goes to."""
        return self.settings.node / "router.log"

    @property
    def pid(self) -> int:
        """The controller's process id, which is also the id of the process group."""
        if self._child is None:
            raise RouterNotStarted("the router is not running")
        return self._child.pid

    def start(self, patience: float = START) -> None:
        """Start and wait until sessions can join. Refuses with `RouterNotStarted`, which carries its output."""
        lock = hold(self.settings)
        try:
            make_ready(self.settings)
            self._log = self.log.open("ab")
            self._child = subprocess.Popen(
                command(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                env=environment(),
                pass_fds=(lock,),
            )
        finally:
            os.close(lock)
        give_up = time.monotonic() + patience
        while not answers(self.settings):
            if self._child.poll() is not None or time.monotonic() >= give_up:
                self.kill()
                raise RouterNotStarted(self.log.read_text(errors="replace")[-8_000:])
            time.sleep(LOOK)

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

    def _end(self, with_signal: signal.Signals) -> None:
        if self._child is None:
            return
        if with_signal is signal.SIGTERM:
            self._child.terminate()
        else:
            end_group(self._child.pid, with_signal)
        try:
            self._child.wait(STOP)
        except subprocess.TimeoutExpired:
            pass
        end_group(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._child = None
        if self._log is not None:
            self._log.close()
            self._log = None
