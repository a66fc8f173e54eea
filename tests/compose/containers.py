"""Docker Compose as the ring uses it: a project of its own, on a port of its own, with settings of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that a command may take; building the images from nothing is the longest.
PATIENCE = 1200


def engine() -> str:
    """Why the containers cannot be run here, or nothing when they can."""
    if shutil.which("docker") is None:
        return "there is no `docker` command"
    for what, command in (("engine", ("docker", "info")), ("`docker compose`", ("docker", "compose", "version"))):
        if subprocess.run(command, capture_output=True, timeout=60).returncode:
            return f"no {what} answers"
    return ""


class Project:
    """The services of docker-compose.yml under a name of their own, so that nobody's campus is touched.

    `settings` are written into the one env file, which is `env_file`.
    """

    def __init__(self, name: str, env_file: Path, settings: Mapping[str, str]) -> None:
        self.name = name
        settings = {**settings, "CHALKBELL_ENV_FILE": str(env_file)}
        env_file.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        self._command = ("docker", "compose", "--project-name", name, "--env-file", str(env_file))
        # what is exported in the shell would win over the file
        self._environment = {key: value for key, value in os.environ.items() if not key.startswith(("CHALKBELL_", "COMPOSE_"))}

    def run(self, *arguments: str, script: str = "", check: bool = True) -> str:
        """Run `docker compose` with these arguments; answers what it wrote to stdout. Fails with what it said on stderr."""
        done = subprocess.run(
            (*self._command, *arguments),
            cwd=ROOT, env=self._environment, input=script, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        if check and done.returncode:
            raise AssertionError(
                f"docker compose {' '.join(arguments)}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
            )
        return done.stdout

    def up(self, **scale: int) -> None:
        """Build, start, and return when everything is healthy."""
        scales = [part for service, count in scale.items() for part in ("--scale", f"{service}={count}")]
        self.run("up", "--detach", "--build", "--wait", *scales)

    def containers(self) -> list[dict[str, Any]]:
        """What `docker compose ps` says of every container, also of those that have ended."""
        listed = self.run("ps", "--all", "--format", "json").strip()
        return json.loads(listed) if listed.startswith("[") else [json.loads(line) for line in listed.splitlines()]

    def in_python(self, service: str, script: str, index: int = 1) -> str:
        """Run Python in a running container."""
        return self.run("exec", "--no-TTY", "--index", str(index), service, "python", "-", script=script)

    def metric(self, service: str, index: int, beginning: str) -> float:
        """The sum of a container's metrics whose line begins so."""
        script = "from urllib.request import urlopen; print(urlopen('http://127.0.0.1:9100/metrics').read().decode())"
        page = self.in_python(service, script, index)
        return sum(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(beginning))

    def kill(self, service: str, index: int) -> None:
        """kill -9 on all that runs in a container but its init, which then ends as it would after a crash."""
        self.run("exec", "--no-TTY", "--index", str(index), service, "sh", "-c", "kill -9 -1", check=False)

    def wait_ready(self, service: str, count: int, patience: float = 120.0) -> None:
        """Return when so many containers of a service are healthy (again)."""

        def healthy() -> bool:
            found = [each for each in self.containers() if each["Service"] == service]
            return sum(each["State"] == "running" and each["Health"] == "healthy" for each in found) == count

        until(healthy, f"{count} healthy containers of {service}", patience)

    def logs(self, *services: str) -> str:
        """What these, or all, wrote to their logs."""
        return self.run("logs", "--no-color", *services)

    def down(self) -> None:
        """End and remove everything of this project, its volumes too; the images stay."""
        self.run("--profile", "*", "down", "--volumes", "--remove-orphans", check=False)


def until(true: Callable[[], bool], what: str, patience: float, more: Callable[[], str] = lambda: "") -> None:
    """Return when `true()` is; looks twice a second, for an engine announces nothing that is simpler to wait for."""
    give_up = time.monotonic() + patience
    while not true():
        if time.monotonic() > give_up:
            raise AssertionError(f"not within {patience:g} s: {what}; {more()}")
        time.sleep(0.5)


def say(words: str, began: float = time.monotonic()) -> None:
    """Tell on stderr how far we are."""
    print(f"[{time.monotonic() - began:6.1f} s] {words}", file=sys.stderr, flush=True)
