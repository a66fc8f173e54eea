"""What a run says in words and tables: Markdown, for the documentation and for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from benchmarks.peers.figures import Cell, Results, Spread


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown: the first column is words, the others are numbers."""
    names = list(head)
    lines = [names, ["---", *("---:" for _ in names[1:])], *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def rounded(value: float) -> str:
    """Three digits that mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(found: Spread | None) -> str:
    """The median, and the least and the most of the rounds."""
    if found is None:
        return "–"
    return f"{rounded(found.median)} ({rounded(found.least)}–{rounded(found.most)})"


def fan_out(results: Results, servers: list[str], counts: list[int], size: int, in_flight: int, figure: str) -> str:
    """A figure of the fan-out: a row for each server, a column for each number of subscribers."""

    def row(server: str) -> list[str]:
        return [server, *(spread(results.spread(Cell("fan-out", server, count, size, in_flight), figure)) for count in counts)]

    return table(["", *(f"{count:,}" for count in counts)], map(row, servers))


def calls(results: Results, servers: list[str]) -> str:
    """Calls: one at a time, and from eight callers."""

    def row(server: str) -> list[str]:
        one, eight = Cell("calls", server, 0, 256, 1), Cell("calls", server, 0, 256, 8)
        return [server, spread(results.spread(one, "took")), spread(results.spread(eight, "rate"))]

    those = [server for server in servers if results.spread(Cell("calls", server, 0, 256, 1), "took")]
    return table(["", "one call at a time, ms", "eight callers, calls/s"], map(row, those))


def connections(results: Results, servers: list[str], counts: list[int]) -> str:
    """Memory for each connection, of the largest number, and the time that one takes to come up."""
    count = max(counts)

    def row(server: str) -> list[str]:
        # the first round's: later ones use again what the first has taken from the system
        memory, connecting = results.memory.get((server, count)), results.connecting.get((server, count))
        return [
            server,
            rounded(memory[0] / 1024) if memory else "–",
            rounded(sorted(connecting)[len(connecting) // 2]) if connecting else "–",
        ]

    return table(["", "KiB of memory", "ms to connect and subscribe"], map(row, servers))


def whole(results: Results, servers: list[str], counts: list[int], sizes: list[int], in_flight: list[int]) -> str:
    """All tables, each with what it shows."""
    parts: list[str] = []

    def fan_outs(title: str, figure: str, which: Callable[[int], bool]) -> None:
        for size in sizes:
            for width in filter(which, in_flight):
                at_a_time = "one publish at a time" if width == 1 else f"{width} publishes in flight"
                parts.append(f"**{title}, {size} B, {at_a_time}**, by number of subscribers:\n")
                parts.append(fan_out(results, servers, counts, size, width, figure))

    fan_outs("Deliveries a second", "rate", lambda width: width > 1)
    fan_outs("Milliseconds to the last subscriber", "took", lambda width: True)
    fan_outs("Processor time of the server for a delivery, microseconds", "processor", lambda width: True)
    parts += ["**Calls** with 256 B, answered with the same:\n", calls(results, servers)]
    parts += [f"**A connection**, of {max(counts):,} subscribers:\n", connections(results, servers, counts)]
    return "\n".join(parts)


#: What our router is called, with its fast lanes.
OURS = "chalkbell"


def behind(results: Results, servers: list[str], least: float = 1.1) -> list[str]:
    """Where our router is behind another by more than a tenth: what of, and behind whom, how many times."""
    lines: list[str] = []
    for cell in sorted(results.measured, key=lambda cell: (cell.kind != "fan-out", cell.size, cell.in_flight, cell.count)):
        if cell.server != OURS:
            continue
        figure, what = ("rate", "deliveries a second") if cell.in_flight > 1 else ("took", "time to the last subscriber")
        where = f"{cell.size:,} B, {cell.in_flight} in flight, {cell.count:,} subscribers: {what}"
        if cell.kind == "calls":
            figure, what = ("rate", "calls a second") if cell.in_flight > 1 else ("took", "time of a call")
            where = f"{what}, {cell.in_flight} at a time"
        ours = results.spread(cell, figure)
        ahead: list[str] = []
        for server in servers:
            theirs = results.spread(replace(cell, server=server), figure)
            if server.startswith(OURS) or ours is None or theirs is None:
                continue
            times = theirs.median / ours.median if figure == "rate" else ours.median / theirs.median
            if times > least:
                ahead.append(f"{server} {times:.1f}×")
        if ahead:
            lines.append(f"- {where}: {', '.join(ahead)}")
    return lines
