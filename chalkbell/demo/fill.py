"""Bring the demo university into a campus, by its procedures alone, as its own people would.

Everything can be done again: what is there already is left as it is, so a filling that was interrupted is finished by the next.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from chalkbell.contracts import Conflict, Invalid, NotAllowed, NotFound, Refusal, Request, Unavailable
from chalkbell.contracts.classroom import RoomExists
from chalkbell.contracts.directory import AddGroup, AddPerson, ImportPeople, ImportReport, SetPassword
from chalkbell.contracts.notifier import AlreadyCompleted, ChangePreferences, CompleteTask
from chalkbell.contracts.workflow import AddAssessments, Assessment, ListAssessments, ReadAssessment, SignedOff, SignOff
from chalkbell.contracts.workload import AddPackage, ChangePackage, Package, ReadPackage, Status
from chalkbell.demo.history import Plan
from chalkbell.demo.people import Somebody
from chalkbell.demo.tasks import Planned
from chalkbell.demo.teaching import Teaching
from chalkbell.demo.university import University

A = TypeVar("A")
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is, and how much there is to do."""


class Campus(Protocol):
    """Who asks the services: over the router, or in memory."""

    async def ask(self, request: Request[A], by: str | None = None) -> A:
        """Ask as this person; without one, as the operator. Raises the refusal."""
        ...

    async def pause(self) -> None:
        """Let a little time pass, for events to reach whom they concern."""
        ...

    async def together(self, work: Sequence[Coroutine[Any, Any, None]]) -> None:
        """Do all of this, at the same time where that is possible. Raises the first failure."""
        ...


AT_ONCE = 12
"""Things that are done at the same time, where that is possible."""
PATIENCE = 300
"""Pauses that one waits for a service to hear of what another has done."""


def _silent(what: str, done: int, total: int) -> None:
    return None


async def fill(campus: Campus, university: University, passwords: dict[str, str], progress: Progress = _silent) -> None:
    """Make the university. `passwords` by person id, for those who can sign in. Raises a `Refusal` when a service says no for good."""
    steps = _Steps(campus, university, progress)
    await steps.people()
    for teaching in university.teaching:
        await steps.package(teaching)
    await steps.history()
    await steps.close_old()
    await steps.tasks()
    await steps.room()
    await steps.passwords(passwords)


class _Steps:
    def __init__(self, campus: Campus, university: University, progress: Progress) -> None:
        self.campus = campus
        self.university = university
        self.progress = progress
        self.signed: dict[str, list[SignedOff]] = {}

    async def people(self) -> None:
        groups = self.university.groups
        for number, (id, name) in enumerate(groups.items()):
            self.progress("Groups", number, len(groups))
            await self.campus.ask(AddGroup(id=id, name=name, request_id=f"demo-group-{id}"))
        everybody = self.university.people.everybody
        self.progress("People", 0, len(everybody))
        for one in everybody:
            if one.administrator:
                await self.campus.ask(
                    AddPerson(id=one.id, name=one.name, email=one.email, administrator=True, request_id=f"demo-person-{one.id}")
                )
        report: ImportReport = await self.campus.ask(ImportPeople(csv=_as_csv(everybody)))
        if report.refused:
            raise Conflict(f"People cannot be added: {report.refused[0].reason}", row=msgspec.to_builtins(report.refused[0]))
        self.progress("People", len(everybody), len(everybody))

    async def package(self, teaching: Teaching) -> None:
        name = teaching.values.name
        self.progress(name, 0, 3)
        add = AddPackage(package=teaching.package, values=teaching.values, request_id=f"demo-{teaching.package}")
        await self.patiently(add)
        self.progress(name, 1, 3)
        await self.patiently(teaching.filling)
        self.progress(name, 2, 3)
        # workflow knows of modules what workload's events have told it
        plans = self.university.plans[teaching.package]
        wanted = AddAssessments(
            package=teaching.package,
            assessments=[plan.new for plan in plans],
            request_id=f"demo-{teaching.package}-assessments",
        )
        await self.patiently(wanted)
        self.progress(name, 3, 3)

    async def history(self) -> None:
        """Every assessment is signed off as far as it has come, each sign-off by one whose turn it is."""
        work: list[tuple[Assessment, Plan]] = []
        for teaching in self.university.teaching:
            listed = await self.campus.ask(ListAssessments(package=teaching.package))
            there = {(one.module, one.kind, one.title): one for one in listed.assessments}
            plans = self.university.plans[teaching.package]
            work += [(there[plan.new.module, plan.new.kind, plan.new.title], plan) for plan in plans]
        work = [(one, plan) for one, plan in work if one.sign_offs < len(plan.steps)]
        total = sum(len(plan.steps) - one.sign_offs for one, plan in work)
        signers = sorted(self._told())
        done = 0

        def count() -> None:
            nonlocal done
            done += 1
            self.progress("Sign-offs", done, total)

        if total:
            # hundreds of sign-offs in a few seconds: nobody wants a letter for each. They want them again when it is done
            await self._want_letters(signers, False)
        await self.campus.together([self._sign(one, plan, count) for one, plan in work])
        await self._all_told()
        # also where all was signed before an interruption
        await self._want_letters(signers, True)

    async def _all_told(self) -> None:
        """Wait until the last of each package are reported as told: all before them are too, for they are heard in order."""
        for signed in [one for those in self.signed.values() for one in those[-2 * AT_ONCE :]]:
            for _ in range(PATIENCE):
                read = await self.campus.ask(ReadAssessment(assessment=signed.assessment))
                if all(entry.notified for entry in read.history if entry.sign_off == signed.sign_off):
                    break
                await self.campus.pause()

    def _told(self) -> set[str]:
        """Everybody whom a sign-off may be told to."""
        people, teaching = self.university.people, self.university.teaching
        modules = [module for one in teaching for module in one.filling.modules]
        return {
            *(one.id for one in people.examiners),
            *(person for module in modules for person in (module.coordinator, *module.moderators) if person),
            *(one.id for one in people.everybody if any(group.endswith("-assessment-team") for group in one.groups)),
        }

    async def _want_letters(self, people: Sequence[str], want: bool) -> None:
        async def one(person: str) -> None:
            await self.patiently(ChangePreferences(notice_mail=want), person)

        await self.campus.together([one(person) for person in people])

    async def _sign(self, assessment: Assessment, plan: Plan, count: Callable[[], None]) -> None:
        version, turns = assessment.version, assessment.next
        for step in plan.steps[assessment.sign_offs :]:
            turn = next(turn for turn in turns if turn.state == step.state)
            ask = SignOff(assessment=assessment.id, state=step.state, seen=version, notes=step.notes)
            signed = await self.patiently(ask, turn.people[0])
            self.signed.setdefault(signed.package, []).append(signed)
            version, turns = signed.version, signed.next
            count()

    async def close_old(self) -> None:
        for teaching in self.university.teaching:
            if not teaching.closed:
                continue
            found = await self.campus.ask(ReadPackage(package=teaching.package))
            package: Package = found.package
            if package.status is not Status.CLOSED:
                values = msgspec.structs.replace(teaching.values, status=Status.CLOSED)
                await self.campus.ask(ChangePackage(package=package.id, seen=package.version, values=values))

    async def tasks(self) -> None:
        tasks = self.university.tasks
        for number, planned in enumerate(tasks):
            self.progress("Tasks", number, len(tasks))
            task = await self.patiently(planned.add)
            await self.campus.together([self._complete(planned, task.id, person) for person in planned.done_by])
        self.progress("Tasks", len(tasks), len(tasks))

    async def _complete(self, planned: Planned, task: str, person: str) -> None:
        try:
            # the owner marks what was done, as from a list of those who came
            await self.campus.ask(CompleteTask(task=task, person=person), planned.add.owner)
        except AlreadyCompleted:
            pass

    async def room(self) -> None:
        self.progress("Rooms", 0, 1)
        try:
            await self.patiently(self.university.room)
        except RoomExists:
            pass
        self.progress("Rooms", 1, 1)

    async def passwords(self, passwords: dict[str, str]) -> None:
        for number, (person, password) in enumerate(passwords.items(), start=1):
            await self.campus.ask(SetPassword(id=person, password=password))
            self.progress("Passwords", number, len(passwords))

    async def patiently(self, request: Request[A], by: str | None = None) -> A:
        """Ask again while it is refused for what has not got round yet."""
        for attempt in range(PATIENCE):
            try:
                return await self.campus.ask(request, by)
            except RoomExists:
                raise
            except (Invalid, NotFound, NotAllowed, Unavailable):
                if attempt == PATIENCE - 1:
                    raise
            await self.campus.pause()
        raise AssertionError("unreachable")


def _as_csv(people: Sequence[Somebody]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "name", "email", "kind", "groups"])
    writer.writerows([one.id, one.name, one.email, one.kind.value, " ".join(one.groups)] for one in people)
    return text.getvalue()


__all__ = ["Campus", "Progress", "Refusal", "fill"]
