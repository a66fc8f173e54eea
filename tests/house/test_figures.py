"""What the benchmarks say of what they measured: medians and spread, where we are behind, the chart."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest

from benchmarks.peers.chart import Panel, chart
from benchmarks.peers.figures import Cell, Figures, Results, Spread, figures
from benchmarks.peers.protocols import mqtt, nats_publish, text
from benchmarks.peers.report import behind, fan_out, rounded

CELL = Cell("fan-out", "chalkbell", 100, 256, 8)


def measured(**rates: list[float]) -> Results:
    results = Results()
    for server, every in rates.items():
        for rate in every:
            results.keep(Cell("fan-out", server, 100, 256, 8), Figures(rate, 1.0, 2.0, 3.0, 0.5))
    return results


def test_a_measurement_becomes_rates_and_times() -> None:
    found = figures(count=10, seconds=2.0, took=[0.001 * number for number in range(1, 101)], processor=0.5, load=1.0)
    assert (found.rate, found.processor, found.load) == (500, 500, 0.5)
    assert found.took == pytest.approx(50.5)
    assert found.slowest == pytest.approx(100)


def test_the_spread_is_the_median_between_the_least_and_the_most() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    assert measured(chalkbell=[30.0, 10.0, 20.0]).spread(CELL, "rate") == Spread(20.0, 10.0, 30.0)
    assert measured().spread(CELL, "rate") is None


def test_results_written_and_read_again_are_the_same() -> None:
    results = measured(chalkbell=[1.0, 2.0], ws=[3.0, 4.0])
    results.connected("ws", 100, 204_800, 0.2)
    again = Results.from_json(json.loads(json.dumps(results.as_json())))
    assert (again.measured, again.memory, again.connecting) == (results.measured, results.memory, results.connecting)
    assert again.memory["ws", 100] == [2048]


def test_where_we_are_behind_by_more_than_a_tenth_is_said_and_nothing_else() -> None:
    results = measured(chalkbell=[100.0], ws=[105.0], nats=[300.0], channels=[5.0])
    assert behind(results, ["chalkbell", "ws", "nats", "channels"]) == [
        "- 256 B, 8 in flight, 100 subscribers: deliveries a second: nats 3.0×"
    ]


def test_a_table_has_a_row_for_each_server_and_says_what_was_not_measured() -> None:
    table = fan_out(measured(chalkbell=[1234.0, 1000.0, 2000.0]), ["chalkbell", "ws"], [100], 256, 8, "rate")
    assert table.splitlines()[2:] == ["| chalkbell | 1,234 (1,000–2,000) |", "| ws | – |"]
    assert [rounded(value) for value in (0.1234, 12.34, 1234.4)] == ["0.12", "12.3", "1,234"]


def test_the_chart_draws_bars_in_proportion_with_their_spread_and_says_them_in_words() -> None:
    drawn = chart(
        "How <fast>",
        "a test",
        [Panel("100", [("chalkbell", Spread(50, 40, 60)), ("ws", Spread(100, 90, 120)), ("x", None)])],
        "chalk",
    )
    root = ElementTree.fromstring(drawn)
    space = {"svg": "http://www.w3.org/2000/svg"}
    ours, theirs = root.findall("svg:rect", space)
    assert (ours.get("class"), theirs.get("class")) == ("ours", "bar")
    assert float(theirs.attrib["width"]) == pytest.approx(2 * float(ours.attrib["width"]), abs=0.2)
    assert root.findtext("svg:desc", namespaces=space) == "100: chalkbell 50.0, ws 100"
    assert "prefers-color-scheme: dark" in drawn
    assert "not measured" in drawn


def test_frames_have_their_lengths_in_them() -> None:
    assert text("x" * 10)[:6] == b"\x81\x8a\0\0\0\0"
    assert text("x" * 300)[:8] == b"\x81\xfe\x01\x2c\0\0\0\0"
    assert mqtt(0x30, b"x" * 321)[:3] == b"\x30\xc1\x02"
    assert nats_publish("a", "xyz", "b") == b"PUB a b 3\r\nxyz\r\n"
