"""Running `chalkbell` as somebody at a terminal does: a program of its own, its output and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.out)


def chalkbell(
    *arguments: str, environment: dict[str, str] | None = None, stdin: str = "", patience: float = 60, folder: Path = ROOT
) -> Said:
    """Run a command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "chalkbell", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=patience,
    )
    return Said(done.returncode, done.stdout, done.stderr)
