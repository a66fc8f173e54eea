"""What commands say: data on stdout, talk on stderr; colours and bars only on a terminal, and none with NO_COLOR."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from chalkbell.contracts import Refusal
from chalkbell.contracts.refusals import PREFIX

FAILED, USAGE, UNHEALTHY = 1, 2, 3


def say(text: str, style: str = "") -> None:
    """Talk to who sits there."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(escape(text), style=style)


def data(value: Any, *, indent: int = 2) -> None:
    """Print what a program may read, as JSON; without indentation it is one line."""
    text = msgspec.json.encode(value, order="deterministic")
    sys.stdout.write((msgspec.json.format(text, indent=indent) if indent else text).decode() + "\n")
    sys.stdout.flush()


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a heading: lined up on a terminal, parted by tabs elsewhere."""
    if not sys.stdout.isatty():
        for row in (heading, *rows):
            sys.stdout.write("\t".join(cell.replace("\t", " ") for cell in row) + "\n")
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for name in heading:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    Console(highlight=False).print(shown)


def line(word: str, style: str, text: str, more: str = "") -> None:
    """Print a finding: a coloured word, what it is about, and below what to do."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[{style}]{escape(word)}[/] {escape(text)}")
    if more:
        console.print(f"{' ' * len(word)} → {escape(more)}")


def fail(message: str, what_to_do: str = "", code: int = FAILED) -> NoReturn:
    """End the command: what is wrong and what to do, on stderr."""
    say(message, style="red")
    if what_to_do:
        say(what_to_do)
    raise SystemExit(code)


def refused(refusal: Refusal) -> NoReturn:
    """End the command with a refusal: in words, where it stands in the request, and its kind for who looks it up."""
    say(refusal.message, style="red")
    for name, value in refusal.details.items():
        if value not in (None, ""):
            shown = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            say(f"  {name}: {shown[:2000]}")
    say(f"  ({refusal.uri.removeprefix(PREFIX)})", style="dim")
    raise SystemExit(FAILED)


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function to be told of progress: what, how far, how much in all. Bars on a terminal, a line for each thing elsewhere."""
    if not sys.stderr.isatty():
        begun: set[str] = set()

        def tell(what: str, done: int, total: int) -> None:
            if what not in begun:
                begun.add(what)
                sys.stderr.write(f"{what} ...\n")
                sys.stderr.flush()

        yield tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False, redirect_stderr=False) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show
