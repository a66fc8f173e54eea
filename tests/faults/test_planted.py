"""The checker is to be believed: with one safeguard of ours switched off it finds the fault."""

from __future__ import annotations

import pytest

from chalkbell.testing.history import Kind, Report
from soak.run import Plan, soak

pytestmark = [pytest.mark.router, pytest.mark.timeout(300)]
PLANTED = ("-m", "tests.faults.planted")


def report(
    without: str, *, deeds: tuple[str, ...], seconds: float = 0, kills: int = 0, on_postgresql: bool = False, **settings: str
) -> Report:
    """What the checker says of a soak with a safeguard off."""
    settings = {"CHALKBELL_TEST_WITHOUT": without, **settings}
    plan = Plan(7, seconds, kills, deeds=deeds, on_postgresql=on_postgresql, program=PLANTED, settings=settings, patience=10)
    return soak(plan).report


def test_without_the_outbox_events_are_lost() -> None:
    """Killed between the commit of a change and that of its event."""
    found = report("outbox", kills=12, deeds=("kill",))
    assert found.counts[Kind.LOST], found.lines()


@pytest.mark.postgresql
def test_without_the_sequence_lock_followers_pass_over_late_commits(postgresql: object) -> None:
    found = report("sequence-lock", seconds=8, deeds=("cut people",), on_postgresql=True)
    assert found.counts[Kind.LOST], found.lines()


@pytest.mark.parametrize(("without", "doubled"), [("nothing", False), ("deduplication", True)])
def test_without_deduplication_what_is_asked_again_is_done_again(without: str, doubled: bool) -> None:
    """Answers come later than people wait for them."""
    found = report(without, seconds=15, deeds=("cut people",), CHALKBELL_TEST_LATE="1")
    assert bool(found.counts[Kind.DOUBLED]) is doubled, found.lines()
    if not doubled:
        assert found.faults == [], found.lines()
