"""Logs never stand in the way of the work that they tell of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from chalkbell.observe import configure_logging


@pytest.fixture
def configured() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("configured")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_on_a_full_disk_lines_are_lost_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    full = open("/dev/full", "w", buffering=1)  # noqa: SIM115  # closing it fails too
    monkeypatch.setattr(sys, "stderr", full)
    configure_logging("info", "json")
    for _ in range(3):
        structlog.get_logger().warning("the disk is full", service="workflow")
    with pytest.raises(OSError, match="No space"):
        full.close()
