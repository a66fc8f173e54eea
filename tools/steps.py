"""Steps of setting up: each is done once, and again only when what it was made from has changed.

A step's stamp holds a hash of its inputs. It is written when the step has succeeded, so a step that was interrupted is
done again. All talk goes to stderr; the output of commands goes to a log and is shown when one fails.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "build" / "setup.log"


class SetupError(Exception):
    """Setting up cannot go on; the message says what to do."""


@dataclass(frozen=True)
class Step:
    """One thing to set up.

    `does` says so in words; `inputs` are files and folders it is made from; `makes` are paths that exist once it is
    done; `needs` are names of steps that come before; `do` does it. `also` is hashed too.
    """

    name: str
    does: str
    do: Callable[[], None]
    stamp: Path
    inputs: tuple[Path, ...] = ()
    makes: tuple[Path, ...] = ()
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = field(default=())

    def fingerprint(self) -> str:
        """A hash of all that the step is made from."""
        total = hashlib.sha256("\0".join((self.does, *self.also)).encode())
        for path in files(self.inputs):
            total.update(f"\0{path.relative_to(ROOT)}\0".encode())
            total.update(path.read_bytes())
        return total.hexdigest()

    def is_done(self) -> bool:
        """Whether nothing has changed since the step was last done."""
        if not all(path.exists() for path in self.makes):
            return False
        try:
            return self.stamp.read_text() == self.fingerprint()
        except FileNotFoundError:
            return False

    def ensure(self) -> None:
        """Do the step if it is not done, saying what is done and how long it took."""
        if self.is_done():
            return
        before = self.fingerprint()
        say(f"{self.does} ...")
        began = time.monotonic()
        self.do()
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(before)
        say(f"    done in {time.monotonic() - began:.1f} s")


SKIPPED_FOLDERS = {"node_modules", "dist", "__pycache__", ".venv", "test-results"}


def files(paths: Iterable[Path]) -> list[Path]:
    """All files named and all in the folders named, sorted, without what is built."""
    found: list[Path] = []
    for path in paths:
        if path.is_file():
            found.append(path)
        for folder, folders, names in os.walk(path):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            found.extend(Path(folder) / name for name in names)
    return sorted(found)


def say(text: str) -> None:
    """Tell the person at the terminal, on stderr."""
    print(text, file=sys.stderr, flush=True)


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command with its output in the log; on failure show the log's end and raise `SetupError`."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(words)}\n".encode())
        log.flush()
        start = log.tell()
        try:
            code = subprocess.run(
                words, cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            ).returncode
        except OSError as error:
            raise SetupError(f"{words[0]}: {error.strerror}") from error
    if code:
        with LOG.open("rb") as log:
            log.seek(start)
            said = log.read().decode(errors="replace").splitlines()
        if len(said) > 40:
            said = [*said[:15], "...", *said[-25:]]
        raise SetupError("\n".join([*said, f"`{' '.join(words)}` failed with exit code {code}. All of it: {LOG}"]))
