"""One soak from beginning to end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chalkbell.testing.history import Report, check
from soak import followers, people, settle
from soak.adversary import Adversary
from soak.campus import Campus
from soak.world import World
from tests.postgresql import PostgreSQL


@dataclass(frozen=True)
class Plan:
    """What to do. The seed decides what the adversary does and what people choose."""

    seed: int
    seconds: float
    kills: int = 0
    deeds: Sequence[str] = ()
    on_postgresql: bool = False
    rest: float = 1.0
    history: Path | None = None
    patience: float = settle.PATIENCE
    """Seconds for everybody to come to where the databases are."""
    program: Sequence[str] = ("-m", "soak.child")
    """What the services' processes run: tests plant faults here."""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Result:
    """What came of it."""

    report: Report
    deeds: Counter[str]
    kills: dict[str, int]
    refusals: Counter[str]
    problems: list[str]
    seconds_to_quiet: float

    @property
    def good(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.report.faults and not self.problems


def soak(plan: Plan, tell: Callable[[str], None] = lambda line: None) -> Result:
    """Run a plan. Everything that this started has ended when it returns or raises."""
    server = PostgreSQL(durable=True) if plan.on_postgresql else None
    try:
        url = None
        if server:
            server.start()
            url = server.url(server.create_database())
        with Campus(url, plan.program, **plan.settings) as campus:
            tell("starting the campus")
            campus.start()
            return _soak(plan, World(campus), server, tell)
    finally:
        if server:
            server.close()


def _soak(plan: Plan, world: World, server: PostgreSQL | None, tell: Callable[[str], None]) -> Result:
    tell("filling it")
    world.open()
    pages = followers.everybody(world)
    for page in pages:
        page.begin()
    working = people.everybody(world, plan.seed)
    for person in working:
        person.thread.start()
    adversary = Adversary(world, plan.seed, plan.deeds, server, lambda deed: tell(_line(world, deed)), plan.rest)
    try:
        adversary.work(plan.seconds, plan.kills)
        world.campus.heal()
        tell("all is well again: waiting for quiet")
        world.campus.wait_ready()
        began = time.monotonic()
        settle.finish(world, working)
        settle.become_quiet(world, pages, plan.patience)
        seconds = time.monotonic() - began
    finally:
        world.stopping.set()
        if plan.history:
            world.history.write(plan.history)
    kills = {slot.name: slot.kills for slot in world.campus.slots} | {"router": world.campus.router_kills}
    return Result(check(world.history), adversary.done, kills, world.refusals, world.problems, seconds)


def _line(world: World, deed: str) -> str:
    return f"{deed} ({world.campus.kills} kills, {len(world.history.notes)} notes so far)"
