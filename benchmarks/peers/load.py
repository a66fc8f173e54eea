"""The load as a process: connects, then measures as often as one likes."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bare import child, end
from benchmarks.peers.compiled import compiled
from benchmarks.peers.cores import LOAD, on_core
from benchmarks.peers.protocols import Step, records


class LoadFailed(Exception):
    """The load could not connect, or not everything came, each once and in order."""


@dataclass(frozen=True)
class Took:
    """One measurement: seconds from the first publish (or call) to the last delivery (or answer), seconds that each took until its
    last subscriber had it, and the seconds of processor time that the load itself used.
    """

    events: int
    seconds: float
    took: list[float]
    load_cpu: float


class Load:
    """So many connections to a server. `publisher` is the handshake of the one that publishes, or a connection that is ready
    to, which is taken over. `at_once` of them at most are on their way to being connected.
    """

    def __init__(
        self,
        framing: str,
        port: int,
        count: int,
        subscriber: list[Step],
        publisher: list[Step] | socket.socket,
        at_once: int = 64,
    ) -> None:
        self.count = count
        self._opened = contextlib.ExitStack()
        folder = Path(self._opened.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
        (folder / "subscriber").write_bytes(records(subscriber))
        passed: tuple[int, ...] = ()
        if isinstance(publisher, socket.socket):
            self._opened.enter_context(publisher)
            who, passed = f"fd:{publisher.fileno()}", (publisher.fileno(),)
        else:
            (folder / "publisher").write_bytes(records(publisher))
            who = str(folder / "publisher")
        self._work = folder / "work"
        command = [
            str(compiled("load")),
            framing,
            "127.0.0.1",
            str(port),
            str(count),
            str(folder / "subscriber"),
            who,
            str(at_once),
        ]
        self._process: subprocess.Popen[bytes] = child(on_core(LOAD, command), stderr=subprocess.PIPE, pass_fds=passed)
        try:
            #: Seconds until all were connected, signed in and subscribed.
            self.connecting = float(self._answer()["seconds"])
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def publish(self, messages: Iterable[bytes], in_flight: int) -> Took:
        """Publish these, so many of them at a time on their way to their last subscriber. Refuses with `LoadFailed`."""
        return self._measure("publish", messages, in_flight)

    def call(self, messages: Iterable[bytes], callers: int) -> Took:
        """Call with these from so many connections, each one call at a time. Refuses with `LoadFailed`."""
        return self._measure("call", messages, callers)

    def close(self) -> None:
        """End it."""
        end(self._process)
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._opened.close()

    def _measure(self, verb: str, messages: Iterable[bytes], width: int) -> Took:
        self._work.write_bytes(records([Step(message, b"") for message in messages]))
        assert self._process.stdin is not None
        self._process.stdin.write(f"{verb} {self._work} {width}\n".encode())
        self._process.stdin.flush()
        done = self._answer()
        if done["missing"] or done["wrong"]:
            raise LoadFailed(f"{done['missing']} deliveries are missing, {done['wrong']} are doubled, out of order or no events")
        return Took(done["events"], done["seconds"], done["took"], done["load_cpu"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        line = self._process.stdout.readline()
        if not line:
            raise LoadFailed(self._process.stderr.read().decode(errors="replace").strip() or "the load ended without a word")
        answer: dict[str, Any] = json.loads(line)
        return answer
