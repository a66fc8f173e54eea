"""A chart as SVG: panels of bars from zero, the median as the bar, the rounds' spread as a line on it. Legible on light and on dark."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from benchmarks.peers.figures import Spread
from benchmarks.peers.report import rounded

#: Pixels.
WIDTH, LABEL, VALUE, ROW, HEAD, GAP = 860, 122, 64, 19, 56, 22
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1c2733 }
.title { font-size: 16px; font-weight: 600 } .panel { font-weight: 600 } .quiet { fill: #55616e }
.bar { fill: #9aa7b4 } .ours { fill: #b4531f } .spread { stroke: #1c2733; stroke-width: 1.5 } .zero { stroke: #9aa7b4 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6ebf0 } .quiet { fill: #a9b4bf } .bar { fill: #5c6b7a } .ours { fill: #e58a54 } .spread { stroke: #e6ebf0 }
}
"""


@dataclass(frozen=True)
class Panel:
    """One set of bars with a scale of its own: a name and its figure, or None where there is none."""

    title: str
    bars: list[tuple[str, Spread | None]]


def chart(title: str, subtitle: str, panels: list[Panel], ours: str) -> str:
    """The chart, two panels beside each other; bars whose name begins with `ours` stand out."""
    rows = max(len(panel.bars) for panel in panels)
    tall = 26 + rows * ROW + GAP
    height = HEAD + (len(panels) + 1) // 2 * tall
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(_in_words(panels))}</desc><style>{STYLE}</style>",
        f'<text class="title" x="0" y="18">{escape(title)}</text><text class="quiet" x="0" y="38">{escape(subtitle)}</text>',
    ]
    for number, panel in enumerate(panels):
        parts += _panel(panel, number % 2 * (WIDTH // 2 + 8), HEAD + number // 2 * tall, ours)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, left: int, top: int, ours: str) -> list[str]:
    room = WIDTH // 2 - 8 - LABEL - VALUE
    most = max((spread.most for _, spread in panel.bars if spread), default=0) or 1
    zero = left + LABEL
    parts = [f'<text class="panel" x="{left}" y="{top + 12}">{escape(panel.title)}</text>']
    for row, (name, spread) in enumerate(panel.bars):
        y = top + 24 + row * ROW
        parts.append(f'<text x="{zero - 8}" y="{y + 11}" text-anchor="end">{escape(name)}</text>')
        if spread is None:
            parts.append(f'<text class="quiet" x="{zero + 6}" y="{y + 11}">not measured</text>')
            continue
        width, least, greatest = (room * value / most for value in (spread.median, spread.least, spread.most))
        kind = "ours" if name.startswith(ours) else "bar"
        parts.append(f'<rect class="{kind}" x="{zero}" y="{y}" width="{width:.1f}" height="{ROW - 5}"/>')
        middle = y + (ROW - 5) / 2
        parts.append(f'<path class="spread" d="M{zero + least:.1f} {middle}H{zero + greatest:.1f}"/>')
        parts.append(f'<text x="{zero + max(width, greatest) + 6:.1f}" y="{y + 11}">{rounded(spread.median)}</text>')
    bottom = top + 22 + len(panel.bars) * ROW
    parts.append(f'<path class="zero" d="M{zero} {top + 20}V{bottom}"/>')
    return parts


def _in_words(panels: list[Panel]) -> str:
    """What the bars say, for who does not see them."""
    return "; ".join(
        f"{panel.title}: " + ", ".join(f"{name} {rounded(spread.median)}" for name, spread in panel.bars if spread)
        for panel in panels
    )
