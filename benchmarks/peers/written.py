"""The files that a run leaves: every figure as JSON, the tables, the charts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.peers.chart import Panel, chart
from benchmarks.peers.figures import Cell, Results
from benchmarks.peers.report import OURS, behind, whole

ROOT = Path(__file__).resolve().parents[2]
#: Of a whole run; the documentation shows them.
DOCUMENTED = ROOT / "docs" / "explanation" / "measured"
#: Of a run of parts.
BUILT = ROOT / "build" / "benchmarks" / "measured"


#: Processes that wanted to run before the run began, from which on its figures are taken with care.
BUSY = 0.5
CARE = (
    "**The machine was busy with other work during this run**: rates are lower and times longer than on a quiet one,\n"
    "they scatter, and their order may be chance. Processor time for a delivery suffers least. Repeat it on a quiet machine."
)


def write(folder: Path, about: dict[str, Any], results: Results) -> str:
    """Write all into a folder. Returns the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(json.dumps({**about, **results.as_json()}, separators=(",", ":")) + "\n")
    servers, counts = list(about["servers"]), about["subscribers"]
    size, narrow, wide = min(about["bytes"]), min(about["in_flight"]), max(about["in_flight"])
    conditions = f"{size} B, servers on one core, load on another; medians of {about['rounds']} rounds, with least and most"
    if about["load_before"] > BUSY:
        conditions += "; on a machine BUSY WITH OTHER WORK"
    for name, title, width, figure in (
        ("rate", f"Deliveries a second, {wide} publishes in flight: more is better", wide, "rate"),
        ("last", f"Milliseconds to the last subscriber, {narrow} publish at a time: less is better", narrow, "took"),
    ):
        panels = [
            Panel(
                f"{count:,} subscribers",
                [(server, results.spread(Cell("fan-out", server, count, size, width), figure)) for server in servers],
            )
            for count in counts
        ]
        (folder / f"{name}.svg").write_text(chart(title, conditions, panels, OURS))
    text = tables(about, results)
    (folder / "tables.txt").write_text(text)
    return text


def tables(about: dict[str, Any], results: Results) -> str:
    """What was measured on what, all tables, and where our router is behind."""
    servers = about["servers"]
    lines = [
        f"Measured on {about['date']}: {about['machine']}; load of the machine before the run {about['load_before']:.1f}. Medians of",
        f"{about['rounds']} rounds, with the least and the most in brackets. The load is compiled C, in one thread.",
        "",
        *(f"- {' '.join(filter(None, (f'**{name}**', server['version'])))}: {server['what']}" for name, server in servers.items()),
        "",
        *([CARE, ""] if about["load_before"] > BUSY else []),
        whole(results, list(servers), about["subscribers"], about["bytes"], about["in_flight"]),
    ]
    busiest = [
        f"{cell.server} ({cell.kind}, {cell.count:,}, {cell.size:,} B, {cell.in_flight} in flight)"
        for cell in results.measured
        if (found := results.spread(cell, "load")) and found.median > 0.9
    ]
    if busiest:
        lines += [
            "The load's own core was more than 90 % busy, so that the server may do better than said here: " + "; ".join(busiest)
        ]
        lines += [""]
    if lost := behind(results, list(servers)):
        lines += ["**Where our router is behind**, and how many times:", "", *lost, ""]
    return "\n".join(lines).rstrip() + "\n"
