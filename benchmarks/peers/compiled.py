"""The two programs in C: compiled when they are first used, with whatever compiler there is."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "build" / "benchmarks"


class NoCompiler(Exception):
    """The benchmarks' load is written in C and no C compiler was found. Install one (on Debian: apt-get install gcc libc6-dev)."""


def compiler() -> str | None:
    """The C compiler: `CC`, or the first that is found."""
    return next(
        (found for name in (os.environ.get("CC", ""), "cc", "gcc", "clang") if name and (found := shutil.which(name))), None
    )


@functools.cache
def compiled(name: str) -> Path:
    """The program made of `<name>.c`, compiled again only when that has changed. Refuses with `NoCompiler`."""
    source = HERE / f"{name}.c"
    program = BUILT / f"{name}-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}"
    if not program.exists():
        found = compiler()
        if found is None:
            raise NoCompiler(NoCompiler.__doc__)
        BUILT.mkdir(parents=True, exist_ok=True)
        draft = program.with_suffix(f".{os.getpid()}")
        subprocess.run([found, "-O2", "-o", str(draft), str(source)], check=True)
        draft.replace(program)
    return program
