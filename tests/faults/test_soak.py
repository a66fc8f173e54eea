"""The soak's short form: the same people, followers and adversary as `make soak`, for as long as a test may take."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from soak.run import Plan, soak

pytestmark = [pytest.mark.router, pytest.mark.timeout(400)]
#: Another at each run, but in CI, where a change is judged by what it changes.
SEED = 20261123 if os.environ.get("CI") else random.randrange(10**6)


def test_nothing_is_lost_doubled_or_shown_to_the_wrong_person(tmp_path: Path) -> None:
    """Processes killed, paused and cut off, the router restarted, on SQLite."""
    deeds = ("kill", "pause", "cut services", "cut people", "delay", "restart the router")
    plan = Plan(SEED, seconds=30, deeds=deeds, history=tmp_path / "history.jsonl")
    result = soak(plan)
    assert result.good, "\n".join([f"python -m soak --seed {SEED} --database sqlite", *result.report.lines(), *result.problems])
    assert sum(result.kills.values()) > 3
    assert result.report.acknowledged > 50
