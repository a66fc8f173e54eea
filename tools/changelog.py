"""Gather the fragments of `changelog.d/` into CHANGELOG.md for a release: `python -m tools.changelog 0.1.0`.

With no version, print what would be written and change nothing.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from tools.steps import ROOT

KINDS = ("added", "changed", "fixed", "removed", "security")
FRAGMENTS = ROOT / "changelog.d"
CHANGELOG = ROOT / "CHANGELOG.md"


def fragments() -> dict[str, list[Path]]:
    """The fragments by kind, each kind in the order of their names."""
    return {kind: sorted(FRAGMENTS.glob(f"*.{kind}.md")) for kind in KINDS}


def section(version: str, day: str) -> str:
    """The text of a release, from the fragments there are."""
    lines = [f"## {version} ({day})"]
    for kind, paths in fragments().items():
        if not paths:
            continue
        lines += ["", f"### {kind.capitalize()}", ""]
        for path in paths:
            first, *rest = path.read_text().strip().splitlines()
            lines += [f"- {first}", *(f"  {line}".rstrip() for line in rest)]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the section of the version given, above those that are there. Returns the exit code."""
    day = datetime.now(UTC).date().isoformat()
    if not arguments:
        print(section("Unreleased", day), end="")
        return 0
    head, mark, earlier = CHANGELOG.read_text().partition("\n## ")
    CHANGELOG.write_text(f"{head.rstrip()}\n\n{section(arguments[0], day)}{mark}{earlier}")
    for paths in fragments().values():
        for path in paths:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
