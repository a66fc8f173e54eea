"""Keep a board of a package's assessments true with Chalkbell's own client: a snapshot, then every event once and in order.

    CHALKBELL_TOKEN=cb_... python examples/follow_with_chalkbell.py ada-stone cs-2026

Nothing is missed: what happened while the connection was lost is replayed, and when that is no longer kept a fresh snapshot is taken.
Prints one JSON object a line; a third argument ends it after so many events. CHALKBELL_URL says where the campus is.
"""

import json
import os
import sys

from twisted.internet import defer, reactor, task

from chalkbell.bus import Bus, Ticket
from chalkbell.contracts import Envelope, Position
from chalkbell.contracts.workflow import ListAssessments
from chalkbell.stream.follow import Follower, Following


def say(**what: object) -> None:
    """Print one thing."""
    print(json.dumps(what), flush=True)


class Board:
    """Where each assessment stands."""

    def __init__(self, package: str, person: str, token: str, url: str) -> None:
        self.package = package
        self.states: dict[str, str | None] = {}
        self.bus = Bus(
            reactor, f"{url.replace('http', 'ws', 1)}/ws", Ticket(person, token), on_join=self.joined, on_leave=self.left
        )
        self.follower: Follower | None = None
        self.seen = 0
        self.enough: int | None = None
        self.done: defer.Deferred[None] = defer.Deferred()

    async def joined(self, bus: Bus) -> None:
        """After every join: the first time take a snapshot, then follow from where one stands."""
        if self.follower is None:
            position = await self.snapshot(self.package)
            handler = Following(self.happened, {self.package: position}, self.snapshot)
            self.follower = Follower(bus, "workflow", handler, [self.package])
        await self.follower.joined()

    def left(self) -> None:
        """The connection is lost; the bus joins again by itself."""
        if self.follower:
            self.follower.left()

    async def snapshot(self, scope: str) -> Position:
        """Take over how everything stands now."""
        found = await self.bus.ask(ListAssessments(package=scope))
        self.states = {one.id: one.state for one in found.assessments}
        say(snapshot=self.states, position=found.position.seq)
        return found.position

    def happened(self, envelope: Envelope) -> None:
        """One event."""
        if envelope.name == "assessment_added":
            self.states[envelope.data["assessment"]["id"]] = envelope.data["assessment"].get("state")
        elif envelope.name == "signed_off":
            self.states[envelope.data["assessment"]] = envelope.data["state"]
        elif envelope.name == "assessment_removed":
            self.states.pop(envelope.data["assessment"], None)
        say(event=envelope.name, seq=envelope.seq, by=envelope.by, correlation_id=envelope.correlation_id, board=self.states)
        self.seen += 1
        if self.seen == self.enough:
            self.done.callback(None)


async def main(person: str, package: str, count: int | None) -> None:
    """Follow until interrupted, or for so many events."""
    url = os.environ.get("CHALKBELL_URL", "http://127.0.0.1:8080").rstrip("/")
    board = Board(package, person, os.environ["CHALKBELL_TOKEN"], url)
    board.enough = count
    await board.bus.start()
    await board.done
    await board.bus.stop()


if __name__ == "__main__":
    if len(sys.argv) < 3 or "CHALKBELL_TOKEN" not in os.environ:
        sys.exit("usage: CHALKBELL_TOKEN=cb_... python examples/follow_with_chalkbell.py PERSON PACKAGE [EVENTS]")
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else None

    def run(_: object) -> defer.Deferred[None]:
        """Run in the reactor."""
        return defer.Deferred.fromCoroutine(main(sys.argv[1], sys.argv[2], wanted))

    task.react(run)
