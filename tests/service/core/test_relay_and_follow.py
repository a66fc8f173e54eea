"""From the record to the follower: whatever the router loses, doubles or forgets, every event arrives once and in order."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, maybeDeferred

from chalkbell.contracts import Envelope, Position, Refusal
from chalkbell.contracts.directory import AddPerson
from chalkbell.database import Database
from chalkbell.dispatch import ServiceDefinition
from chalkbell.stream import tables
from chalkbell.stream.backlog import Unpublished, unpublished
from chalkbell.stream.follow import Follower, Following
from chalkbell.stream.lease import Leases
from chalkbell.stream.relay import RELAY_LEASES, Relay
from chalkbell.testing import MemoryBus, MemoryCampus, MemoryRouter
from services.directory.__main__ import definition
from tests.service.campus import CHEAP, ServiceCampus
from tests.service.people import OPERATOR


class Courtyard:
    """The directory with its relay on a memory router, and one follower."""

    def __init__(self, campus: MemoryCampus) -> None:
        self.campus = campus
        self.router = MemoryRouter(campus)
        self.dispatcher = campus.members["directory"].dispatcher
        self.added = 0
        self.got: list[Envelope] = []
        self.refused: list[Refusal] = []
        self.service_bus = self.router.bus("service.directory", "service-directory")
        self.relay = self.new_relay()
        self.bus: MemoryBus = self.router.bus("service.workload", "service-workload")
        self.snapshots = 0
        handler = Following(self.got.append, snapshot=self.snapshot)
        self.follower = Follower(
            self.bus, "directory", handler, ["campus"], refused=lambda scope, refusal: self.refused.append(refusal)
        )

    async def snapshot(self, scope: str) -> Position:
        self.snapshots += 1
        self.got.clear()
        epoch = self.campus.epoch("directory")
        self.got.extend(self.campus.events("directory", scope))
        return Position(epoch=epoch, seq=len(self.got))

    def new_relay(self) -> Relay:
        leases = Leases(self.dispatcher.database, self.campus.clock, RELAY_LEASES, lasting=timedelta(days=1))
        leases.take_from_the_dead()
        leases.keep()

        def in_thread(write: bool, function: Callable[..., Any], *arguments: Any) -> Deferred[Any]:
            return maybeDeferred(function, *arguments)

        return Relay("directory", self.dispatcher.database, leases, self.service_bus, self.router.reactor, in_thread)

    def record(self, offer: bool = True) -> None:
        """One change, offered to the relay as after a commit, or not: the process was killed in between."""
        self.added += 1
        ask = AddPerson(id=f"p-{self.added}", name="Somebody", email=f"p{self.added}@example.edu")
        self.campus.call(ask, **OPERATOR)
        if offer:
            self.relay.offer(self.campus.members["directory"].transactions[-1].recorded)

    def join(self) -> None:
        self.bus.join()
        Deferred.fromCoroutine(self.follower.joined())

    def lose(self) -> None:
        self.bus.leave()
        self.follower.left()

    def settle(self) -> None:
        """Let the poll, the marks, the announcements and the retries have their time."""
        for _ in range(14):
            self.relay.wake()
            self.router.reactor.advance(5.0)

    @property
    def seqs(self) -> list[int]:
        return [envelope.seq for envelope in self.got]


@pytest.fixture
def courtyard(campus: ServiceCampus) -> Courtyard:
    return Courtyard(campus)


def test_events_reach_a_follower_promptly(courtyard: Courtyard) -> None:
    """No time passes between the commit and the follower's function."""
    courtyard.join()
    for _ in range(3):
        courtyard.record()
    assert courtyard.seqs == [1, 2, 3]


def test_what_waits_to_be_published_is_counted(courtyard: Courtyard) -> None:
    """Of all processes together: an operator is told when it does not fall to zero."""
    database = courtyard.dispatcher.database
    courtyard.join()
    courtyard.settle()
    assert unpublished(database) == Unpublished(0, None)
    recorded_at = courtyard.campus.clock.now()
    for _ in range(3):
        courtyard.record(offer=False)
    assert unpublished(database) == Unpublished(3, recorded_at)
    courtyard.settle()
    assert unpublished(database) == Unpublished(0, None)


def test_what_was_committed_before_a_crash_is_published_by_the_next_process(courtyard: Courtyard) -> None:
    """The record is there though nobody was told: the poll finds it."""
    courtyard.join()
    courtyard.record()
    courtyard.record(offer=False)
    courtyard.relay.stop()
    courtyard.relay = courtyard.new_relay()
    assert courtyard.seqs == [1]
    courtyard.relay.wake()
    assert courtyard.seqs == [1, 2]


def test_a_crash_between_publishing_and_marking_publishes_again_and_followers_drop_it(courtyard: Courtyard) -> None:
    """At least once from the relay, exactly once to the application."""
    courtyard.join()
    courtyard.record()
    courtyard.relay = courtyard.new_relay()  # the first never came to mark
    courtyard.relay.wake()
    published = [event["seq"] for topic, event in courtyard.router.published if topic.endswith("person_changed")]
    assert published == [1, 1]
    assert courtyard.seqs == [1]


def test_a_lost_last_event_is_found_by_the_announced_head(courtyard: Courtyard) -> None:
    """Nothing follows the lost event: the announcement some seconds later shows the gap."""
    courtyard.join()
    courtyard.record()
    courtyard.router.fate = lambda topic, event: 0
    courtyard.record()
    courtyard.router.fate = lambda topic, event: 1
    assert courtyard.seqs == [1]
    courtyard.router.reactor.advance(5.0)
    assert courtyard.seqs == [1, 2]


def test_a_follower_that_was_away_for_a_thousand_events_gets_all(courtyard: Courtyard) -> None:
    """Replay in pieces, then live again."""
    courtyard.join()
    courtyard.record()
    courtyard.lose()
    for _ in range(1000):
        courtyard.record()
    courtyard.join()
    courtyard.record()
    assert courtyard.seqs == list(range(1, 1003))
    assert courtyard.snapshots == 0


def test_a_new_epoch_makes_followers_take_a_fresh_snapshot(courtyard: Courtyard) -> None:
    """After a restore the history is another one: what was followed is thrown away."""
    courtyard.join()
    for _ in range(3):
        courtyard.record()
    courtyard.lose()
    courtyard.campus.within("directory", lambda store: store.execute(tables.epoch.update().values(epoch="restored")), write=True)
    courtyard.dispatcher.database.forget_epoch()
    courtyard.relay.stop()  # a restore is done while the service is stopped
    courtyard.relay = courtyard.new_relay()
    courtyard.join()
    courtyard.settle()
    assert courtyard.snapshots == 1
    courtyard.record()
    assert courtyard.seqs == [1, 2, 3, 4]
    assert courtyard.got[-1].epoch == "restored"


def test_a_follower_without_the_right_is_refused_and_told(campus: ServiceCampus) -> None:
    """Nothing is handed over, and the program learns why."""
    courtyard = Courtyard(campus)
    courtyard.bus.person, courtyard.bus.role = "ada-stone", "person"
    courtyard.record()
    courtyard.join()
    courtyard.record()
    assert courtyard.got == []
    assert courtyard.refused


ACTIONS = ["record", "record", "record", "forget", "lost", "doubled", "lose", "join", "relay dies", "router restarts", "time"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(st.sampled_from(ACTIONS), min_size=5, max_size=40))
def test_whatever_happens_every_event_arrives_once_and_in_order(
    actions: list[str], migrated_files: Callable[[ServiceDefinition], Path], tmp_path: Path
) -> None:
    """Random losses, doublings, crashes and restarts, and at the end some quiet: the follower has 1, 2, 3 ... n."""
    file = tmp_path / "directory.sqlite3"
    for old in tmp_path.glob("directory.sqlite3*"):
        old.unlink()
    shutil.copyfile(migrated_files(definition), file)
    database = Database(f"sqlite:///{file}", "directory")
    try:
        campus = MemoryCampus()
        campus.add(definition, database, CHEAP)
        play(Courtyard(campus), actions)
    finally:
        database.dispose()


def play(courtyard: Courtyard, actions: list[str]) -> None:
    courtyard.join()
    for action in actions:
        if action == "record":
            courtyard.record()
        elif action == "forget":
            courtyard.record(offer=False)
        elif action == "lost":
            courtyard.router.fate = lambda topic, event: 0
            courtyard.record()
            courtyard.router.fate = lambda topic, event: 1
        elif action == "doubled":
            courtyard.router.fate = lambda topic, event: 2
            courtyard.record()
            courtyard.router.fate = lambda topic, event: 1
        elif action == "lose":
            courtyard.lose()
        elif action == "join":
            courtyard.join()
        elif action == "relay dies":
            courtyard.relay.stop()
            courtyard.relay = courtyard.new_relay()
        elif action == "router restarts":
            courtyard.router.restart()
            courtyard.follower.left()
            courtyard.join()
        else:
            courtyard.router.reactor.advance(1.0)
    courtyard.join()
    courtyard.settle()
    assert courtyard.seqs == list(range(1, courtyard.added + 1))
    assert courtyard.follower.caught_up
