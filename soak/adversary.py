"""The adversary: one deed after another, drawn by a seed. What it does and for how long depends on nothing but the seed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence

from soak.campus import Campus, Slot
from soak.world import World
from tests.postgresql import PostgreSQL

#: How often each deed is drawn, against the others.
WEIGHTS = {
    "kill": 12,
    "pause": 4,
    "cut services": 3,
    "cut people": 3,
    "delay": 3,
    "hold": 2,
    "restart the router": 2,
    "restart postgresql": 2,
    "move the clock": 2,
    "restore a backup": 1,
}


class Adversary:
    """Does its worst until `stop`. `deeds` leaves out some; `postgresql` is a server that it may stop."""

    def __init__(
        self,
        world: World,
        seed: int,
        deeds: Sequence[str] = (),
        postgresql: PostgreSQL | None = None,
        told: Callable[[str], None] = lambda deed: None,
        rest: float = 1.0,
    ) -> None:
        self.world = world
        self.campus: Campus = world.campus
        self.chance = random.Random(seed)
        self.postgresql = postgresql
        self.told = told
        self.rest = rest
        """At most so many seconds between two deeds."""
        self.done: Counter[str] = Counter()
        possible = {name: weight for name, weight in WEIGHTS.items() if not deeds or name in deeds}
        if postgresql is None:
            possible.pop("restart postgresql", None)
        self._names = list(possible)
        self._weights = list(possible.values())
        self._clock = 0.0
        self._backups = 0

    def work(self, seconds: float, kills: int = 0) -> None:
        """One deed after another for so many seconds, and until at least so many processes were killed."""
        until = time.monotonic() + seconds
        while (time.monotonic() < until or self.campus.kills < kills) and not self.world.problems:
            self.once()
            self._let_pass(self.chance.uniform(0.05, self.rest))
        self.campus.heal()

    def once(self) -> None:
        """One deed."""
        deed = self.chance.choices(self._names, self._weights)[0]
        self.told(deed)
        getattr(self, f"_{deed.replace(' ', '_')}")()
        self.done[deed] += 1

    def _let_pass(self, seconds: float) -> None:
        self.world.stopping.wait(seconds)

    def _slot(self) -> Slot:
        return self.chance.choice(self.campus.slots)

    def _kill(self) -> None:
        """Kill a process, or two at once, even one that is only starting."""
        slots = self.chance.sample(self.campus.slots, self.chance.choice((1, 1, 1, 2)))
        patient = self.chance.random() < 0.8
        for slot in slots:
            if patient:
                self._wait_ready(slot)
            slot.kill()

    def _wait_ready(self, slot: Slot) -> None:
        give_up = time.monotonic() + 30
        while not slot.ready:
            if time.monotonic() > give_up:
                raise AssertionError(f"{slot.name} is not ready within 30 s of its start")
            time.sleep(0.05)

    def _pause(self) -> None:
        """Stop a process in its tracks, sometimes for longer than its leases last."""
        slot, seconds = self._slot(), self.chance.choice((0.2, 1.0, 3.0, 8.0))
        slot.pause()
        self._let_pass(seconds)
        slot.resume()

    def _cut_services(self) -> None:
        self._slot().wire.cut()

    def _cut_people(self) -> None:
        self.campus.people.cut()

    def _delay(self) -> None:
        """Let answers and events take longer, on one wire."""
        wire = self.chance.choice([self.campus.people, self._slot().wire])
        wire.slow(self.chance.choice((0.05, 0.3, 1.0)))
        self._let_pass(self.chance.uniform(0.5, 3.0))
        wire.slow(0)

    def _hold(self) -> None:
        """Carry nothing for a while, then all of it at once, or nothing of it."""
        wire = self.chance.choice([self.campus.people, self._slot().wire])
        wire.hold()
        self._let_pass(self.chance.uniform(0.5, 5.0))
        if self.chance.random() < 0.5:
            wire.cut()
        wire.release()

    def _restart_the_router(self) -> None:
        self.campus.kill_router()

    def _restart_postgresql(self) -> None:
        assert self.postgresql is not None
        self.postgresql.stop(at_once=self.chance.random() < 0.5)
        self._let_pass(self.chance.uniform(0.0, 3.0))
        self.postgresql.start()

    def _move_the_clock(self) -> None:
        """The services' clock jumps forward by up to an hour, or back."""
        self._clock = self.chance.uniform(-600, 3600)
        self.campus.move_clock(self._clock)

    def _restore_a_backup(self) -> None:
        self._backups += 1
        name = f"backup {self._backups}"
        path = self.campus.running.data / f"backup-{self._backups}.tar"
        for slot in self.campus.slots:
            self._wait_ready(slot)
        self.world.history.backed_up(name)
        self.campus.back_up(path)
        self._let_pass(self.chance.uniform(0.5, 3.0))
        self.campus.restore(path)
        self.campus.start_services()
        self.world.history.restored(name)
        path.unlink()
