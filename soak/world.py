"""What all parts of a soak share: the campus, the history, the school in it, and whether it is time to stop."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chalkbell.bus import Ticket
from chalkbell.contracts import Refusal, Request
from chalkbell.contracts.classroom import AddRoom
from chalkbell.contracts.directory import AddPerson
from chalkbell.contracts.workflow import Assessment
from chalkbell.testing.history import History
from soak.campus import Campus
from tests.faults.school import LECTURERS, PACKAGE, open_school
from tests.running import Program, until

STUDENTS = ["eve-archer", "finn-wood", "gil-brook", "hal-ford"]
ROOMS = ["room-east", "room-west"]
#: May never read the package's stream, and tries to all the time.
STRANGER = "eve-archer"


def stream(service: str, scope: str) -> str:
    """The name of a stream in the history."""
    return f"{service}/{scope}"


@dataclass
class World:
    """A soak under way."""

    campus: Campus
    history: History = field(default_factory=History)
    stopping: threading.Event = field(default_factory=threading.Event)
    """Clients finish what they have begun and begin nothing new."""
    refusals: Counter[str] = field(default_factory=Counter[str])
    """How often each refusal was given, by name."""
    problems: list[str] = field(default_factory=list[str])
    """What should not happen and is no matter of the history: an `internal`, a thread that ended with an exception."""
    assessments: list[Assessment] = field(default_factory=list[Assessment])

    def open(self) -> None:
        """Fill the campus: people, a package with assessments, rooms; and say who may read what."""
        running = self.campus.running
        self.assessments = open_school(running, modules=8)
        for id in STUDENTS:
            running.ask(AddPerson(id=id, name=id.replace("-", " ").title(), email=f"{id}@example.edu"))
        people = [*LECTURERS, *STUDENTS]
        for room in ROOMS:

            def added(room: str = room) -> bool:
                try:
                    running.ask(AddRoom(id=room, name=room, teachers=[LECTURERS[0]], people=people, request_id=room))
                except Refusal:
                    return False  # classroom has not heard of the people yet
                return True

            until(added, "classroom knows the people")
            for person in people:
                self.history.allowed(person, stream("classroom", room))
        for person in LECTURERS:
            self.history.allowed(person, stream("workflow", PACKAGE))
        for person in people:
            self.history.allowed(person, stream("notifier", person))
            running.token(person)

    def person(self, person: str) -> Program:
        """A program of a person's, over the wire that can be cut."""
        running = self.campus.running
        program = Program(self.campus.websocket_url, Ticket(person, running.token(person)))
        running.programs.append(program)
        return program

    def ask(
        self,
        program: Program,
        request: Request[Any],
        change: str,
        of: str,
        *,
        gives_up: bool = False,
        unless_restored: int | None = None,
    ) -> Any:
        """Ask for a change under a name, again and again until there is an answer, and note how it ended; None if it was refused.

        With `gives_up` it is not asked again where no answer came: then nobody knows. Nor is that known where a change tells of
        nothing if there is nothing to change, and more backups than `unless_restored` have been put back since one looked.
        """
        self.history.attempt(change, of)
        restores = self.campus.restores
        while True:
            try:
                answer = program.ask(request, timeout=4, correlation_id=change)
            except Refusal as refused:
                name = type(refused).__name__
                self.refusals[name] += 1
                if name == "Internal":
                    self.problems.append(f"{change}: {refused} {refused.details}")
                if name in ("Unavailable", "RouterLost", "Internal"):
                    if gives_up:
                        self.history.unknown(change)
                        return None
                    threading.Event().wait(0.05)
                    continue
                # a restored backup forgets what it was asked before: an earlier attempt may have been in the old history
                (self.history.refused if restores == self.campus.restores else self.history.unknown)(change)
                return None
            sure = unless_restored is None or unless_restored == self.campus.restores
            (self.history.acknowledged if sure else self.history.unknown)(change)
            return answer

    def read(self, program: Program, request: Request[Any]) -> Any:
        """Read, again and again until there is an answer; None when the soak ends before that."""
        while not self.stopping.is_set():
            try:
                return program.ask(request, timeout=4)
            except Refusal as refused:
                self.refusals[type(refused).__name__] += 1
                threading.Event().wait(0.05)
        return None
