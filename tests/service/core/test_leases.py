"""Leases: one holder at a time, and one that was paused too long changes nothing."""

from __future__ import annotations

from datetime import timedelta

from chalkbell.stream import tables
from chalkbell.stream.lease import Leases, guarded
from tests.service.campus import ServiceCampus


def leases(campus: ServiceCampus) -> Leases:
    database = campus.members["directory"].dispatcher.database
    return Leases(database, campus.clock, ["relay-0", "job-x"], lasting=timedelta(seconds=6))


def test_only_one_holds_a_lease_until_it_runs_out(campus: ServiceCampus) -> None:
    """The second gets it when the first has not renewed in time, with a higher fence."""
    first, second = leases(campus), leases(campus)
    assert first.keep() == {"relay-0", "job-x"}
    assert second.keep() == set()
    campus.frozen.advance(timedelta(seconds=4))
    first.keep()
    campus.frozen.advance(timedelta(seconds=4))
    assert second.keep() == set()
    campus.frozen.advance(timedelta(seconds=4))
    assert first.fence("job-x") is None
    fence = 1
    assert second.keep() == {"relay-0", "job-x"}
    assert second.fence("job-x") == fence + 1


def test_a_released_lease_is_free_at_once(campus: ServiceCampus) -> None:
    """Who stops properly lets others begin without waiting."""
    first, second = leases(campus), leases(campus)
    first.keep()
    first.release()
    assert second.keep() == {"relay-0", "job-x"}


def test_a_holder_that_wakes_up_late_writes_nothing(campus: ServiceCampus) -> None:
    """A statement guarded by an old fence changes no row, and a job's transaction finds that it is not the holder."""
    first, second = leases(campus), leases(campus)
    first.keep()
    old = first.fence("relay-0")
    assert old is not None
    campus.frozen.advance(timedelta(seconds=7))
    second.keep()

    def write(fence: int) -> int:
        return campus.within(
            "directory",
            lambda store: store.execute(tables.epoch.update().where(guarded("relay-0", fence)).values(id=1)),
            write=True,
        )

    assert write(old) == 0
    new = second.fence("relay-0")
    assert new is not None
    assert write(new) == 1
    with campus.members["directory"].dispatcher.database.transaction(write=True) as connection:
        assert not first.holds(connection, "relay-0", old)
        assert second.holds(connection, "relay-0", new)
