"""`chalkbell` as the soak starts it: its clock is moved by the seconds that stand in the file SOAK_CLOCK."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime, timedelta
from pathlib import Path

from chalkbell.cli import main
from chalkbell.clock import SystemClock

CLOCK = Path(os.environ["SOAK_CLOCK"])
now = SystemClock.now


def moved(clock: SystemClock) -> datetime:
    """The machine's time, and what the adversary made of it."""
    offset = 0.0
    with contextlib.suppress(OSError, ValueError):
        offset = float(CLOCK.read_text())
    return now(clock) + timedelta(seconds=offset)


SystemClock.now = moved  # type: ignore[method-assign]
if __name__ == "__main__":
    main()
