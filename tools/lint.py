"""All checks that need no test, two at a time: what fails is shown whole, what passes in a line."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.steps import ROOT

BIN = ROOT / ".venv" / "bin"


@dataclass(frozen=True)
class Check:
    """A check by name, and its command."""

    name: str
    command: tuple[str | Path, ...]


CHECKS = (
    Check("types: pyright", (BIN / "pyright", "--warnings")),
    Check("types of the pages: tsc", (sys.executable, "-m", "tools.npm", "run", "--silent", "check")),
    Check("style: ruff check", (BIN / "ruff", "check", "--quiet", "--output-format", "concise")),
    Check("shape: ruff format", (BIN / "ruff", "format", "--check", "--quiet", "--output-format", "concise")),
    # Its cache keeps taking an import for broken after the module that it names has come to be.
    Check("who imports whom: import-linter", (BIN / "lint-imports", "--no-logo", "--no-cache")),
    Check("the repository itself", (sys.executable, "-m", "tools.check_repository")),
)


def _run(check: Check) -> tuple[Check, bool, float, str]:
    began = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return check, done.returncode == 0, time.monotonic() - began, done.stdout


def main() -> int:
    """Run every check. Returns 0 if all passed, else 1."""
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, passed, seconds, said in pool.map(_run, CHECKS):
            print(f"{'ok    ' if passed else 'FAILED'} {check.name} ({seconds:.1f} s)", flush=True)
            if not passed:
                failed += 1
                print(said.rstrip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
