"""Write the lock files anew: exact versions and hashes of everything that each environment holds, for every platform.

Versions already locked stay; `make lock ARGS=--upgrade` takes the newest, `ARGS="--upgrade-package NAME"` those of one.
Later files are constrained by earlier ones, so that one environment can take them all. No lock names a package host.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".venv" / "bin" / "uv"

LOCKS = (
    "requirements/build",
    "requirements/chalkbell",
    "requirements/development",
    "requirements/docs",
    "router/requirements",
    "benchmarks/peers/django/requirements",
)


def main(arguments: list[str]) -> int:
    """Compile every `.in` into its `.lock`; `arguments` go to uv. Returns the exit code."""
    for lock in LOCKS:
        print(f"{lock}.lock", file=sys.stderr)
        command = [
            str(UV), "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url",
            "--python-version", "3.11", "--custom-compile-command", "make lock",
            *arguments, f"{lock}.in", "--output-file", f"{lock}.lock",
        ]  # fmt: skip
        code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
