"""A history of what was asked, answered and received, and a checker that says where it breaks a promise.

For any WAMP application whose events are numbered within a stream and whose changes have names: nothing here knows Chalkbell's
services, a router or a database.

    history = History()
    history.allowed("ada", "room-1")
    history.began("ada's page", "ada", "room-1", epoch, 0)
    history.attempt("greeting-1", "room-1")
    ...                                      # call; the answer comes
    history.acknowledged("greeting-1")
    history.received("ada's page", "room-1", epoch, 1, change="greeting-1")
    history.recorded("room-1", epoch, 1, change="greeting-1")    # read from the database when all is quiet
    history.stands("room-1", epoch, 1)
    assert not check(history).faults
"""

from chalkbell.testing.history.check import check
from chalkbell.testing.history.entries import Outcome
from chalkbell.testing.history.faults import Fault, Kind, Report
from chalkbell.testing.history.record import History

__all__ = ["Fault", "History", "Kind", "Outcome", "Report", "check"]
