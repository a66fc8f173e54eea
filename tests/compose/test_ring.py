"""The containers, brought up for real where there is an engine."""

from __future__ import annotations

import pytest

from tests.compose import ring
from tests.compose.containers import engine

#: From nothing: two images to build, and two leases to run out.
LONGEST = 1500


@pytest.mark.compose
@pytest.mark.timeout(LONGEST)
def test_nothing_twice_nothing_lost() -> None:
    """Two of workflow, two of notifier, each killed while sign-offs and reminders run through them."""
    if missing := engine():
        # in CI too: a machine without an engine is no fault of the change, and the file itself is checked in any case
        pytest.skip(f"the containers were NOT run, only their file was checked: {missing}")
    assert ring.main() == 0
