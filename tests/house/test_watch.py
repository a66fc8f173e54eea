"""What watches a campus names metrics that there are, and does what it says: tried with Prometheus itself where it is installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from chalkbell import observe
from chalkbell.contracts import SERVICES
from tests.conftest import missing

ROOT = Path(__file__).resolve().parents[2]
WATCH = ROOT / "watch"
RULES: list[dict[str, Any]] = yaml.safe_load((WATCH / "alerts.yml").read_text())["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((WATCH / "grafana/dashboards/chalkbell.json").read_text())["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [target["expr"] for panel in PANELS for target in panel["targets"]]
#: What Prometheus itself tells of what it asks.
OF_PROMETHEUS = {"up", "ALERTS"}


def metrics() -> dict[str, set[str]]:
    """Every metric that a service or the router tells, with its labels; histograms by the names of their parts."""
    told = (ROOT / "router/courtyard/metrics.py").read_text()
    found: dict[str, set[str]] = {}
    for name, labels in re.findall(r'yield "(chalkbell_router_\w+)", (.*)', told):
        found.setdefault(name, set()).update(re.findall(r"(\w+)=", labels))
    for metric in REGISTRY.collect():
        for sample in metric.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    for metric in vars(observe).values():
        if hasattr(metric, "_labelnames"):
            suffixes = {"counter": ["_total"], "histogram": ["_bucket"]}.get(metric._type, [""])
            for suffix in suffixes:
                found[metric._name + suffix] = set(metric._labelnames) | ({"le"} if suffix == "_bucket" else set())
    return found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_and_label_is_told_by_services(expression: str) -> None:
    """A misspelt one would draw an empty panel, or never raise the alarm."""
    known = metrics()
    bare = re.sub(r'"[^"]*"', '""', expression)
    names = set(re.findall(r"\b(?:chalkbell|process)_\w+|\bup\b|\bALERTS\b", bare))
    assert names
    assert names - OF_PROMETHEUS <= set(known)
    labels = {"job", "instance", "alertstate", "service"} | {label for name in names & set(known) for label in known[name]}
    used = set(re.findall(r"[{,]\s*(\w+)\s*!?=", bare))
    for group in re.findall(r"by \(([^)]*)\)", bare):
        used |= {label.strip() for label in group.split(",")}
    assert used <= labels


def test_every_service_is_asked_and_missed() -> None:
    config = yaml.safe_load((WATCH / "prometheus.yml").read_text())
    assert config["scrape_configs"][0]["dns_sd_configs"][0]["names"] == list(SERVICES)
    gone = next(rule["expr"] for rule in RULES if rule["alert"] == "ServiceGone")
    assert re.findall(r'absent\(chalkbell_joined\{service="(\w+)"\}', gone) == list(SERVICES)


def test_every_alert_says_what_to_do() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "what_to_do"}


def test_panels_do_not_overlap() -> None:
    taken = [(x, y) for panel in PANELS for x in columns(panel) for y in rows(panel)]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


def columns(panel: dict[str, Any]) -> range:
    return range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])


def rows(panel: dict[str, Any]) -> range:
    return range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])


def test_prometheus_agrees() -> None:
    """Its own tool tries every alert on made-up histories: quiet when all is well, loud when not."""
    promtool = shutil.which("promtool")
    if not promtool:
        missing("promtool")
    for command in (
        ["check", "config", "--syntax-only", "prometheus.yml"],
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts.test.yml"],
    ):
        done = subprocess.run([promtool, *command], cwd=WATCH, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
