"""Set up what a target of the Makefile uses: `python -m tools.setup application router pages ...`.

Needs Python 3.11 and nothing else. The environments are made from the lock files, with every hash checked: `.venv` for
all of ours and its tests, `router/.venv` for Crossbar, which pins much that ours must not. Doing it a second time takes
no time.
"""

import fcntl
import os
import shutil
import sys
import tomllib
from pathlib import Path

from tools import system_parts
from tools.steps import LOG, ROOT, SetupError, Step, run, say

VENV = ROOT / ".venv"
ROUTER_VENV = ROOT / "router" / ".venv"
WEB = ROOT / "web"
EXAMPLE = ROOT / "examples" / "node"
PEERS = ROOT / "benchmarks" / "peers"
STAMPS = VENV / "stamps"
REQUIREMENTS = ROOT / "requirements"
BUILD_LOCK = REQUIREMENTS / "build.lock"


def _fits(venv: Path) -> bool:
    """Whether an environment is there, can be used, and is of the Python that was asked for."""
    try:
        settings = (venv / "pyvenv.cfg").read_text()
    except FileNotFoundError:
        return False
    version = f"{sys.version_info[0]}.{sys.version_info[1]}."
    said = (line.partition("=") for line in settings.splitlines() if line.startswith("version"))
    return (venv / "bin" / "python").exists() and any(f"{value.strip()}.".startswith(version) for _, _, value in said)


def _make_venv() -> None:
    """Make `.venv`. Debian splits what is needed for that off into a package of its own."""
    command = (sys.executable, "-m", "venv", "--clear", VENV)
    try:
        run(*command)
    except SetupError:
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise
        system_parts.apt_get("python3-venv")
        run(*command)


def _install(venv: Path, lock: Path, *options: str) -> None:
    """Install a lock file, with uv, or with pip where uv does not get through (an index known to pip alone)."""
    try:
        run(
            VENV / "bin" / "uv", "pip", "install", "--python", venv / "bin" / "python",
            "--require-hashes", "--build-constraints", BUILD_LOCK, *options, "-r", lock,
        )  # fmt: skip
    except SetupError:
        say("    uv failed; trying pip, which is slower")
        run(VENV / "bin" / "python", "-m", "pip", "--python", venv / "bin" / "python", "install",
            "--require-hashes", "-r", lock)  # fmt: skip


def _application() -> None:
    if not _fits(VENV):
        _make_venv()
    if not (VENV / "bin" / "uv").exists():
        run(VENV / "bin" / "python", "-m", "pip", "install", "--require-hashes", "-r", BUILD_LOCK)
    _install(VENV, BUILD_LOCK)
    _install(VENV, REQUIREMENTS / "development.lock")
    # The repository itself: `chalkbell` on the path, with nothing copied and nothing fetched.
    run(VENV / "bin" / "python", "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--editable", ROOT)


def _router() -> None:
    if not _fits(ROUTER_VENV):
        run(VENV / "bin" / "uv", "venv", "--clear", "--python", VENV / "bin" / "python", ROUTER_VENV)
    # Compiled now, so that the first router does not spend its start on it.
    _install(ROUTER_VENV, ROOT / "router" / "requirements.lock", "--compile-bytecode")


def _npm(*arguments: str, folder: Path = WEB) -> None:
    npm = system_parts.find_npm()
    if npm is None:
        raise SetupError("No npm, neither the system's nor in .venv. `make clean`, then try again.")
    run(*npm.command, *arguments, cwd=folder, env=npm.environment)


# Install scripts fetch and compile things that nobody here needs.
_CLEAN_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")


def _packages() -> None:
    _npm(*_CLEAN_INSTALL)


def _example() -> None:
    _npm(*_CLEAN_INSTALL, folder=EXAMPLE)


def _node_peers() -> None:
    _npm(*_CLEAN_INSTALL, folder=PEERS / "node")


def _django() -> None:
    venv = PEERS / "django" / ".venv"
    if not _fits(venv):
        run(VENV / "bin" / "uv", "venv", "--clear", "--python", VENV / "bin" / "python", venv)
    _install(venv, PEERS / "django" / "requirements.lock")


def _pages() -> None:
    _npm("run", "build")


def _documentation() -> None:
    _install(VENV, REQUIREMENTS / "docs.lock")


def _steps() -> dict[str, Step]:
    locks = (BUILD_LOCK, REQUIREMENTS / "development.lock")
    web_packages = (WEB / "package.json", WEB / "package-lock.json")
    python = f"{sys.version_info[:2]}"
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text())
    package = f"{metadata['build-system']}{metadata['project']}{metadata['tool']['setuptools']}"
    steps = (
        Step(
            "application", "Installing Chalkbell's environment (.venv)", _application, STAMPS / "application",
            inputs=locks, makes=(VENV / "bin" / "chalkbell",), also=(str(ROOT), python, package),
        ),
        Step(
            "router", "Installing the router's environment (router/.venv)", _router, STAMPS / "router",
            inputs=(ROOT / "router" / "requirements.lock",), makes=(ROUTER_VENV / "bin" / "crossbar",),
            needs=("application",), also=(str(ROOT), python),
        ),
        Step(
            "packages", "Installing what the pages are built with (web/node_modules)", _packages, STAMPS / "packages",
            inputs=web_packages, makes=(WEB / "node_modules",), needs=("application",),
        ),
        Step(
            "pages", "Building the pages (web/dist)", _pages, STAMPS / "pages",
            inputs=(WEB,), makes=(WEB / "dist" / "index.html",), needs=("packages",),
        ),
        Step(
            "example", "Installing what the example for Node runs on (examples/node/node_modules)", _example, STAMPS / "example",
            inputs=(EXAMPLE / "package.json", EXAMPLE / "package-lock.json"), makes=(EXAMPLE / "node_modules",),
            needs=("application",),
        ),
        Step(
            "node-peers", "Installing the Node servers of the benchmarks (benchmarks/peers/node/node_modules)", _node_peers,
            STAMPS / "node-peers", inputs=(PEERS / "node" / "package.json", PEERS / "node" / "package-lock.json"),
            makes=(PEERS / "node" / "node_modules",), needs=("application",),
        ),
        Step(
            "django", "Installing Django Channels for the benchmarks (benchmarks/peers/django/.venv)", _django, STAMPS / "django",
            inputs=(PEERS / "django" / "requirements.lock",), makes=(PEERS / "django" / ".venv" / "bin" / "daphne",),
            needs=("application",), also=(str(ROOT), python),
        ),
        Step(
            "documentation", "Installing what the documentation is built with", _documentation,
            STAMPS / "documentation", inputs=(*locks, REQUIREMENTS / "docs.lock"), needs=("application",),
        ),
    )  # fmt: skip
    return {step.name: step for step in steps}


def main(wanted: list[str]) -> int:
    """Set up the parts named, and what they need. Returns the exit code."""
    steps = _steps()
    if unknown := set(wanted) - set(steps) - set(system_parts.PARTS):
        say(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join([*steps, *system_parts.PARTS])}")
        return 2
    LOG.parent.mkdir(exist_ok=True)
    try:
        with (LOG.parent / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for name in wanted:
                _ensure(name, steps)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _ensure(name: str, steps: dict[str, Step]) -> None:
    if name in system_parts.PARTS:
        system_parts.ensure(name)
        return
    step = steps[name]
    for needed in step.needs:
        _ensure(needed, steps)
    step.ensure()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
