"""What must hold of the repository's files themselves, whatever is in them.

Each rule is a function that yields what is wrong, as `path:line: what`. `python -m tools.check_repository` runs all.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.steps import ROOT

# A package is taken from the index that the one who installs has chosen: a lock file names versions and hashes alone.
HOST_IN_PYTHON_LOCK = re.compile(r"https?://|^\s*--(index-url|extra-index-url|find-links|trusted-host)", re.MULTILINE)
HOST_IN_NPM_LOCK = re.compile(r'"resolved":\s*"(?:git\+)?(?:https?|ssh):')
# A path that is there on one person's machine only.
SOMEBODYS_PATH = re.compile(r"(?<![\w.:/~$}-])/(?:work|root|Users)/\w")
CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:|#|<)([^)\s#]+)(?:#[^)\s]*)?\)")
FRAGMENT = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+?)(?:\s*;\s*(.*?))?(?:\s*\\)?$", re.MULTILINE)

LARGEST_BYTES = 1_000_000
LONGEST_SOURCE_LINES = 300
LONGEST_TEST_LINES = 500
# Contracts are declarations, read one at a time; style sheets are lists.
LONGEST_LIST_LINES = 600
GENERATED = re.compile(r"\b[Gg]enerated\b|\bmade from the contracts\b")


@cache
def files() -> tuple[Path, ...]:
    """Every file that git keeps or would keep, relative to the root."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    return tuple(Path(name) for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file())


@cache
def text(path: Path) -> str | None:
    """A file's text, or None if it is not text."""
    raw = (ROOT / path).read_bytes()
    if b"\0" in raw:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _found(path: Path, pattern: re.Pattern[str], what: str) -> Iterator[str]:
    content = text(path) or ""
    for match in pattern.finditer(content):
        line = content.count("\n", 0, match.start()) + 1
        yield f"{path}:{line}: {what}: {match[0].strip()}"


def locks_name_no_host() -> Iterator[str]:
    """Lock files hold versions and hashes, no place to fetch from."""
    for path in files():
        if path.suffix == ".lock":
            yield from _found(path, HOST_IN_PYTHON_LOCK, "a lock file names a host")
        elif path.name in ("package-lock.json", "npm-shrinkwrap.json"):
            yield from _found(path, HOST_IN_NPM_LOCK, "a lock file names a host")


def locks_agree() -> Iterator[str]:
    """One environment takes the application's, the development's and the documentation's lock: no two versions."""
    pins: dict[tuple[str, str], tuple[str, Path]] = {}
    for path in files():
        if path.parent.name != "requirements" or path.suffix != ".lock":
            continue
        for package, version, marker in PIN.findall(text(path) or ""):
            known, where = pins.setdefault((package, marker), (version, path))
            if known != version:
                yield f"{path}: {package} is {version} here and {known} in {where}: make lock"


def no_file_names_somebodys_machine() -> Iterator[str]:
    """No path that exists on one machine only."""
    for path in files():
        if not path.name.startswith("Dockerfile"):
            yield from _found(path, SOMEBODYS_PATH, "a path of somebody's machine")


def no_conflict_is_left() -> Iterator[str]:
    """No marker of a merge that was not finished."""
    for path in files():
        yield from _found(path, CONFLICT, "an unfinished merge")


def text_ends_in_one_newline() -> Iterator[str]:
    """Text files have unix line ends and a newline at their end."""
    for path in files():
        content = text(path)
        if not content or path.suffix in (".svg", ".eml"):
            continue
        if "\r\n" in content:
            yield f"{path}: has Windows line ends"
        if not content.endswith("\n") or content.endswith("\n\n"):
            yield f"{path}: does not end in one newline"


def no_file_is_large() -> Iterator[str]:
    """Nothing built, recorded or downloaded is kept."""
    for path in files():
        if (size := (ROOT / path).stat().st_size) > LARGEST_BYTES:
            yield f"{path}: {size} bytes, and {LARGEST_BYTES} are the most"


def sources_fit_in_the_head() -> Iterator[str]:
    """Past 300 lines a file has two things in it. What is generated may be long."""
    for path in files():
        if path.suffix not in (".py", ".ts", ".tsx", ".css") or path.name.endswith(".d.ts"):
            continue
        content = text(path) or ""
        if GENERATED.search(content[:400]):
            continue
        most = LONGEST_SOURCE_LINES
        if "tests" in path.parts:
            most = LONGEST_TEST_LINES
        elif "contracts" in path.parts or path.suffix == ".css":
            most = LONGEST_LIST_LINES
        if (lines := content.count("\n")) > most:
            yield f"{path}: {lines} lines, and {most} are the most: which two things are in it?"


def links_lead_somewhere() -> Iterator[str]:
    """Relative links between Markdown files outside docs/ (whose links Sphinx checks) point at what exists."""
    for path in files():
        if path.suffix != ".md" or path.parts[0] == "docs":
            continue
        for match in LINK.finditer(text(path) or ""):
            if not (ROOT / path.parent / match[1]).exists():
                yield f"{path}: links to {match[1]}, which is not there"


def fragments_say_their_kind() -> Iterator[str]:
    """A change's fragment is called `<name>.<kind>.md`."""
    for path in files():
        if path.parts[0] == "changelog.d" and path.name != "README.md" and not FRAGMENT.fullmatch(path.name):
            yield f"{path}: is not called like loads.added.md (or changed, fixed, removed, security)"


def scripts_can_be_run() -> Iterator[str]:
    """A file that begins with `#!` may be executed."""
    for path in files():
        if (text(path) or "").startswith("#!") and not os.access(ROOT / path, os.X_OK):
            yield f"{path}: begins with #! and is not executable"


RULES = (
    locks_name_no_host,
    locks_agree,
    no_file_names_somebodys_machine,
    no_conflict_is_left,
    text_ends_in_one_newline,
    no_file_is_large,
    sources_fit_in_the_head,
    links_lead_somewhere,
    fragments_say_their_kind,
    scripts_can_be_run,
)


def main() -> int:
    """Print all that is wrong. Returns 0 if nothing is, else 1."""
    wrong = [problem for rule in RULES for problem in rule()]
    for problem in wrong:
        print(problem)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
