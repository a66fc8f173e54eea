"""Run npm in `web/`, the system's or the one that `.venv` brings: `python -m tools.npm run check`."""

import subprocess
import sys

from tools.steps import ROOT
from tools.system_parts import find_npm


def npm(*arguments: str) -> int:
    """Run npm with these arguments, its output where ours goes. Returns its exit code."""
    found = find_npm()
    if found is None:
        print("No npm, neither the system's nor in .venv: run `make setup`.", file=sys.stderr)
        return 1
    return subprocess.run([*found.command, *arguments], cwd=ROOT / "web", env=found.environment).returncode


if __name__ == "__main__":
    sys.exit(npm(*sys.argv[1:]))
