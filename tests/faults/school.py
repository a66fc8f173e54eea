"""A small school for fault tests: four lecturers, each coordinator and moderator of modules of their own, and sign-offs for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle

from chalkbell.contracts import Conflict, Envelope, Refusal, Unavailable
from chalkbell.contracts.directory import AddGroup, AddPerson, ChangeMembers
from chalkbell.contracts.workflow import Assessment, FillAssessments, ListAssessments, SignOff
from chalkbell.contracts.workload import AddPackage, FilledModule, FillPackage, PackageDetails, Status
from tests.running import Program, Running, until

PACKAGE = "cs-2026"
LECTURERS = ["ada-stone", "ben-field", "cyd-marsh", "dan-hill"]
#: These follow one another without end in the default definition, and coordinator and moderator take turns.
ROUND = ["moderated-changes-requested", "resubmission-for-moderation"]


def open_school(campus: Running, modules: int = 4) -> list[Assessment]:
    """People, a package, modules and an assessment each; answers the assessments when workflow has them."""
    for id in LECTURERS:
        campus.ask(AddPerson(id=id, name=id.replace("-", " ").title(), email=f"{id}@example.edu"))
    campus.ask(AddGroup(id="cs", name="Computer Science"))
    campus.ask(ChangeMembers(group="cs", add=LECTURERS))
    values = PackageDetails(name="Computing 2026", start=date(2026, 9, 1), end=date(2027, 9, 1), status=Status.OPEN, groups=["cs"])

    def added() -> bool:
        try:
            campus.ask(AddPackage(package=PACKAGE, values=values, request_id="package"))
        except Refusal:
            return False  # workload has not heard of the group yet
        return True

    until(added, "workload knows the group")
    filled = [
        FilledModule(code=f"CS{number:04}", name=f"Module {number}", coordinator=who, moderators=[who])
        for number, who in zip(range(modules), cycle(LECTURERS))
    ]
    campus.ask(FillPackage(package=PACKAGE, modules=filled, request_id="modules"))

    def assessments() -> bool:
        try:
            campus.ask(FillAssessments(package=PACKAGE))
        except Refusal:
            return False  # workflow has not heard of the package yet
        return len(campus.ask(ListAssessments(package=PACKAGE)).assessments) == modules

    until(assessments, "workflow knows the modules")
    found = campus.ask(ListAssessments(package=PACKAGE)).assessments
    return sorted(found, key=lambda assessment: assessment.module_code)


@dataclass
class Client:
    """Signs off one assessment again and again, as an impatient person would: after `unavailable` the same request is asked again."""

    program: Program
    assessment: Assessment
    acknowledged: list[str] = field(default_factory=list[str])
    """Ids of the sign-offs that were answered."""
    version: int = 0
    signed: int = 0
    each: Callable[[], object] = lambda: None
    """Called after each."""

    def sign_off(self, count: int) -> None:
        """Sign off so many times, whatever happens; called again it goes on where it was."""
        for _ in range(count):
            state = ROUND[(self.signed - 1) % 2] if self.signed else "initial-submission"
            ask = SignOff(
                assessment=self.assessment.id,
                state=state,
                seen=self.version,
                request_id=f"{self.assessment.id}-{self.version}",
            )
            event = persist(self.program, ask)
            self.version = event.version
            self.signed += 1
            self.acknowledged.append(event.sign_off)
            self.each()


def persist(program: Program, ask: SignOff, patience: float = 60.0):  # type: ignore[no-untyped-def]
    """Ask again while the campus is unavailable, with the same request id; answers the sign-off that there was in the end."""
    give_up = threading.Event()
    timer = threading.Timer(patience, give_up.set)
    timer.daemon = True
    timer.start()
    try:
        while True:
            try:
                return program.ask(ask, timeout=5)
            except Unavailable:
                if give_up.wait(0.05):
                    raise
            except Conflict as conflict:
                raise AssertionError(f"somebody else signed: {conflict.details}") from conflict
    finally:
        timer.cancel()


def in_threads(clients: list[Client], count: int) -> list[threading.Thread]:
    """Let all clients sign off at once; the threads, to be joined with `finish`."""
    threads = [threading.Thread(target=client.sign_off, args=(count,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    return threads


def finish(threads: list[threading.Thread], patience: float = 90.0) -> None:
    """Wait until all have ended."""
    for thread in threads:
        thread.join(patience)
        assert not thread.is_alive(), "a client still waits for an answer"


def check(events: list[Envelope], acknowledged: list[str]) -> None:
    """What the promise says: every acknowledged sign-off was handed over exactly once, and all in order without a hole."""
    assert [event.seq for event in events] == list(range(events[0].seq, events[0].seq + len(events)))
    signed = [event.data["sign_off"] for event in events if event.name == "signed_off"]
    assert len(signed) == len(set(signed)), "a sign-off was handed over twice"
    assert sorted(signed) == sorted(acknowledged)
    numbers: dict[str, int] = {}
    for event in events:
        if event.name == "signed_off":
            assert event.data["number"] == numbers.get(event.data["assessment"], 0) + 1
            numbers[event.data["assessment"]] = event.data["number"]


def all_there(count: int) -> Callable[[list[Envelope]], bool]:
    """Whether so many sign-offs have come."""
    return lambda events: sum(event.name == "signed_off" for event in events) >= count
