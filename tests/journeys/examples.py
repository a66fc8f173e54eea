"""The examples as their readers run them: programs of their own, which print one JSON object a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.conftest import missing
from tests.running import ROOT
from tools.system_parts import find_curl, find_npm

EXAMPLES = ROOT / "examples"
PATIENCE = 60.0
Line = dict[str, Any]


class Example:
    """A running example. Everything that it printed is in `lines`."""

    def __init__(self, command: list[str | Path], url: str, secrets: Mapping[str, str]) -> None:
        environment = {**os.environ, "CHALKBELL_URL": url, **secrets}
        self.name = str(command[1])
        self.child = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.lines: list[Line] = []
        self._errors: list[str] = []
        self._changed = threading.Condition()
        self._over = False
        self._threads = [threading.Thread(target=read, daemon=True) for read in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Example:
        return self

    def __exit__(self, *_: object) -> None:
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self.child.stdout, self.child.stderr):
            assert pipe
            pipe.close()

    def _read(self) -> None:
        assert self.child.stdout
        for line in self.child.stdout:
            with self._changed:
                self.lines.append(json.loads(line))
                self._changed.notify_all()
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _read_errors(self) -> None:
        assert self.child.stderr
        self._errors.extend(self.child.stderr)

    def wait(self, found: Callable[[Line], Any]) -> Line:
        """The first line of which `found` is true, waited for."""

        def look() -> list[Line]:
            return [line for line in self.lines if found(line)]

        with self._changed:
            self._changed.wait_for(lambda: look() or self._over, PATIENCE)
            assert look(), f"{self.name} printed {self.lines}\n{''.join(self._errors)}"
            return look()[0]

    def code(self) -> int:
        """Its exit code, waited for."""
        return self.child.wait(PATIENCE)


def plain_autobahn(url: str, token: str, *arguments: str) -> Example:
    """Autobahn for Python."""
    return Example([sys.executable, EXAMPLES / "plain_autobahn.py", *arguments], url, {"CHALKBELL_TOKEN": token})


def own_client(url: str, token: str, *arguments: str) -> Example:
    """Chalkbell's own."""
    return Example([sys.executable, EXAMPLES / "follow_with_chalkbell.py", *arguments], url, {"CHALKBELL_TOKEN": token})


def autobahn_js(url: str, token: str, *arguments: str) -> Example:
    """Autobahn for JavaScript, under Node."""
    npm = find_npm()
    if npm is None or not (EXAMPLES / "node" / "node_modules" / "autobahn").exists():
        missing("autobahn-js under Node (examples/node)")
    assert npm
    return Example([npm.node, EXAMPLES / "node" / "follow.mjs", *arguments], url, {"CHALKBELL_TOKEN": token})


def curl(url: str, procedure: str, fields: Any = None, key: str = "", **secrets: str) -> tuple[int, Any]:
    """Call over HTTP as `examples/call.sh` does; the HTTP status and the answer or refusal. Its exit code says the same."""
    if find_curl() is None:
        missing("curl")
    command = [str(EXAMPLES / "call.sh"), procedure, json.dumps(fields or {}), *([key] if key else [])]
    environment = {**os.environ, "CHALKBELL_URL": url, **{f"CHALKBELL_{name.upper()}": value for name, value in secrets.items()}}
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stderr.startswith("HTTP "), f"{done.stdout}{done.stderr}"
    status = int(done.stderr.split()[1])
    assert done.returncode == (0 if status < 300 else 1), done.stderr
    return status, json.loads(done.stdout)
