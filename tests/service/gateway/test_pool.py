"""Sessions are opened once, shared, bounded, and closed when nobody needs them."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.task import Clock

from chalkbell.contracts import Unavailable
from chalkbell.contracts.directory import Me, NotSignedIn, PersonKind, TicketMade
from services.gateway.doors import Session
from services.gateway.pool import Pool


@dataclass
class Stand:
    """A session that says whether it was left."""

    person: str
    joined: bool = True
    stopped: bool = False

    async def call(self, uri: str, fields: Any, *, timeout: float, correlation_id: str) -> Any:
        raise NotImplementedError

    def stop(self) -> Deferred[None]:
        self.stopped = True
        self.joined = False
        return succeed(None)


@dataclass
class StandDoors:
    """Lets everybody in at once, or when the test says so."""

    sessions: list[Stand] = field(default_factory=list)
    waiting: list[Deferred[None]] | None = None
    open: bool = True
    refuse: Exception | None = None

    async def ask(self, request: Any, correlation_id: str) -> Any:
        if self.refuse:
            raise self.refuse
        person = request.credential
        me = Me(id=person, name=person, email=f"{person}@example.edu", kind=PersonKind.STAFF, administrator=False, groups=[])
        return TicketMade(person=me, ticket="ct_x", ticket_expires=None)  # type: ignore[arg-type]

    async def join(self, person: str, ticket: str) -> Session:
        if self.waiting is not None:
            self.waiting.append(Deferred())
            await self.waiting[-1]
        self.sessions.append(Stand(person))
        return self.sessions[-1]


@pytest.fixture
def doors() -> StandDoors:
    return StandDoors()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pool(doors: StandDoors, clock: Clock) -> Pool:
    return Pool(doors, clock, most=2, idle=60, oldest=600)  # type: ignore[arg-type]


class Use:
    """A call that lasts until the test ends it."""

    def __init__(self, pool: Pool, person: str) -> None:
        self.end: Deferred[None] = Deferred()
        self.session: Any = None
        self.error: Exception | None = None
        self.running: Deferred[None] = Deferred.fromCoroutine(self._run(pool, person))

    async def _run(self, pool: Pool, person: str) -> None:
        try:
            async with pool.session(person, "") as self.session:
                await self.end
        except Exception as error:
            self.error = error


def use(pool: Pool, person: str) -> Use:
    """A call that is over at once."""
    one = Use(pool, person)
    one.end.callback(None)
    return one


def test_a_session_is_kept_until_it_is_idle(pool: Pool, doors: StandDoors, clock: Clock) -> None:
    use(pool, "ada")
    for _ in range(5):
        clock.advance(50)
        use(pool, "ada")
    assert len(doors.sessions) == 1
    clock.pump([15] * 6)
    assert doors.sessions[0].stopped
    assert len(pool) == 0
    assert clock.getDelayedCalls() == []


def test_a_session_in_use_is_not_closed_under_the_call(pool: Pool, doors: StandDoors, clock: Clock) -> None:
    """Not by time, nor by being discarded: only when the call is over."""
    long = Use(pool, "ada")
    clock.pump([15] * 50)
    assert not doors.sessions[0].stopped
    pool.discard("ada")
    assert not doors.sessions[0].stopped
    long.end.callback(None)
    assert doors.sessions[0].stopped


def test_an_old_session_is_opened_anew_however_busy(pool: Pool, doors: StandDoors, clock: Clock) -> None:
    """So that a token is looked at again."""
    for _ in range(20):
        use(pool, "ada")
        clock.advance(40)
    assert len(doors.sessions) == 2


def test_a_lost_session_is_opened_anew(pool: Pool, doors: StandDoors) -> None:
    use(pool, "ada")
    doors.sessions[0].joined = False
    assert use(pool, "ada").session is doors.sessions[1]


def test_many_calls_at_once_open_one_session(pool: Pool, doors: StandDoors) -> None:
    """Also when the first of them goes away meanwhile; those who wait all hear of a refusal."""
    doors.waiting = []
    first, *others = [Use(pool, "ada") for _ in range(4)]
    assert len(doors.waiting) == 1
    first.running.cancel()
    assert isinstance(first.error, CancelledError)
    doors.waiting[0].callback(None)
    assert [one.session for one in others] == [doors.sessions[0]] * 3
    doors.refuse = NotSignedIn()
    refused = [Use(pool, "bo") for _ in range(3)]
    assert [type(one.error) for one in refused] == [NotSignedIn] * 3


def test_there_are_so_many_sessions_and_no_more(pool: Pool, doors: StandDoors, clock: Clock) -> None:
    """The one that was idle longest makes room; where none is idle the caller has to wait."""
    for person in ("ada", "bo"):
        use(pool, person)
        clock.advance(1)
    busy = Use(pool, "cy")
    assert [session.stopped for session in doors.sessions] == [True, False, False]
    other = Use(pool, "bo")
    assert other.session is doors.sessions[1]
    assert isinstance(Use(pool, "dee").error, Unavailable)
    busy.end.callback(None)
    assert Use(pool, "dee").error is None


def test_a_stopped_pool_keeps_nothing_open(pool: Pool, doors: StandDoors, clock: Clock) -> None:
    """Not even what was being opened."""
    use(pool, "ada")
    doors.waiting = []
    late = Use(pool, "bo")
    pool.stop()
    doors.waiting[0].callback(None)
    assert isinstance(late.error, Unavailable)
    assert all(session.stopped for session in doors.sessions)
    assert clock.getDelayedCalls() == []
