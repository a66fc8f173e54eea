"""People at work, each in a thread: they sign off, set and complete tasks, come into rooms and switch what a room does."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chalkbell.contracts import Refusal
from chalkbell.contracts.classroom import Broadcast, Join, Leave, ModeKind, ReadRoom, Rest
from chalkbell.contracts.notifier import AddTask, CompleteTask, ReadMyTasks, TakeBackCompletion
from chalkbell.contracts.workflow import Assessment, ReadAssessment, SignOff
from soak.world import ROOMS, World, stream
from tests.faults.school import LECTURERS, PACKAGE, ROUND
from tests.running import Program

#: Of so many attempts one is not repeated when no answer comes.
GIVES_UP = 8


class Person:
    """Somebody who does one thing again and again. `pause`: at most so many seconds between two."""

    pause = 0.3

    def __init__(self, world: World, person: str, kind: str, seed: int) -> None:
        self.world = world
        self.person = person
        self.name = f"{kind}.{person}"
        self.program: Program = world.person(person)
        self.chance = random.Random(f"{seed} {self.name}")
        self._numbers = itertools.count(1)
        self.thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self.ready = lambda: None

    def change(self) -> str:
        """A name for the next change."""
        return f"{self.name}.{next(self._numbers)}"

    @property
    def gives_up(self) -> bool:
        """Whether to be content with not knowing, this time."""
        return self.chance.randrange(GIVES_UP) == 0

    def _work(self) -> None:
        try:
            while not self.world.stopping.is_set():
                self.once()
                self.world.stopping.wait(self.chance.uniform(0, self.pause))
        except Exception as error:
            self.world.problems.append(f"{self.name}: {error!r}")

    def once(self) -> None:
        """Do it."""
        raise NotImplementedError


class Signer(Person):
    """Coordinator and moderator of modules of their own."""

    def __init__(self, world: World, person: str, assessments: list[Assessment], seed: int) -> None:
        super().__init__(world, person, "sign", seed)
        self.assessments = assessments

    def once(self) -> None:
        """Sign one assessment off, as it is now."""
        assessment = self.chance.choice(self.assessments)
        read = self.world.read(self.program, ReadAssessment(assessment=assessment.id))
        if read is None:
            return
        now = read.assessment
        for _ in range(self.chance.randint(1, 4)):
            last = read.history[0].state if read.history else None
            state = ROUND[(ROUND.index(last) + 1) % 2] if last in ROUND else ROUND[0] if last else "initial-submission"
            change = self.change()
            ask = SignOff(assessment=now.id, state=state, seen=now.version, request_id=change)
            self.world.ask(self.program, ask, change, stream("workflow", PACKAGE), gives_up=self.gives_up)
            read = self.world.read(self.program, ReadAssessment(assessment=assessment.id))
            if read is None:
                return
            now = read.assessment


class Setter(Person):
    """Sets tasks for everybody, in an administrator's name."""

    pause = 1.5

    def __init__(self, world: World, people: list[str], seed: int) -> None:
        super().__init__(world, LECTURERS[0], "set", seed)
        self.people = people
        self.program = world.campus.running.operator

    def once(self) -> None:
        """Set a task for one person."""
        person, change = self.chance.choice(self.people), self.change()
        ask = AddTask(
            name=change, deadline=datetime.now(UTC) + timedelta(days=30), people=[person], owner=self.person, request_id=change
        )
        self.world.ask(self.program, ask, change, stream("notifier", person), gives_up=self.gives_up)


class Doer(Person):
    """Completes tasks and takes that back."""

    def once(self) -> None:
        """One of their tasks."""
        mine = self.world.read(self.program, ReadMyTasks())
        if mine is None or not mine.tasks:
            return
        task = self.chance.choice(mine.tasks)
        change = self.change()
        kind = TakeBackCompletion if task.completion else CompleteTask
        self.world.ask(
            self.program, kind(task=task.id, request_id=change), change, stream("notifier", self.person), gives_up=self.gives_up
        )


class Walker(Person):
    """Goes from room to room."""

    def once(self) -> None:
        """Leave all rooms, and come into one. Never given up: one that came late would let the next find us there already."""
        restores = self.world.campus.restores
        for room in ROOMS:
            if not self._leave(room):
                return
        room, change = self.chance.choice(ROOMS), self.change()
        self.world.ask(
            self.program, Join(room=room, request_id=change), change, stream("classroom", room), unless_restored=restores
        )

    def _leave(self, room: str) -> bool:
        while not self.world.stopping.is_set():
            try:
                self.program.ask(Leave(room=room, everywhere=True), timeout=4)
                return True
            except Refusal as refused:
                self.world.refusals[type(refused).__name__] += 1
                self.world.stopping.wait(0.05)
        return False


class Teacher(Person):
    """Switches what a room does, there or not."""

    def once(self) -> None:
        """Begin to speak, or end that."""
        room = self.chance.choice(ROOMS)
        state = self.world.read(self.program, ReadRoom(room=room))
        if state is None:
            return
        change, of = self.change(), stream("classroom", room)
        if state.mode.kind is ModeKind.BROADCAST:
            self.world.ask(self.program, Rest(room=room, seen=state.mode.number, request_id=change), change, of)
        elif state.participants:
            speaker = self.chance.choice(state.participants).person
            ask = Broadcast(room=room, seen=state.mode.number, speaker=speaker, request_id=change)
            self.world.ask(self.program, ask, change, of)


def everybody(world: World, seed: int) -> list[Person]:
    """The people of a soak, not yet at work."""
    quarter = len(world.assessments) // len(LECTURERS)
    signers: list[Person] = [
        Signer(world, person, world.assessments[number :: len(LECTURERS)][:quarter], seed)
        for number, person in enumerate(LECTURERS)
    ]
    students = ["finn-wood", "gil-brook", "hal-ford"]
    doers: list[Person] = [Doer(world, person, "do", seed) for person in students]
    walkers: list[Person] = [Walker(world, person, "walk", seed) for person in students]
    return [*signers, *doers, *walkers, Setter(world, students, seed), Teacher(world, LECTURERS[0], "teach", seed)]


#: The event by which a change of each kind of person's is known; others of the same call go with it.
TELLING: dict[str, Callable[[str], bool]] = {
    "sign": lambda name: name == "signed_off",
    "set": lambda name: name == "task_assigned",
    "do": lambda name: name in ("task_completed", "completion_taken_back"),
    "walk": lambda name: name == "joined",
    "teach": lambda name: name == "switched",
}


def change_of(name: str, correlation_id: str) -> str | None:
    """The change that an event tells of, by the event's name and its correlation id; None when it only goes with one, or with none."""
    kind = correlation_id.partition(".")[0]
    return correlation_id if kind in TELLING and TELLING[kind](name) else None
