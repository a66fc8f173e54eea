"""How far the demo's assessments have come: each sign-off is made by whoever's turn it is, so that the history is true."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from chalkbell.contracts.workflow import AssessmentKind, NewAssessment
from chalkbell.contracts.workload import FilledModule
from chalkbell.demo import words
from chalkbell.demo.teaching import Teaching

SUBMITTED, ACCEPTED, CHANGES, RESUBMITTED = (
    "initial-submission",
    "moderated-acceptance",
    "moderated-changes-requested",
    "resubmission-for-moderation",
)
EXAMINED, EXAMINER_CHANGES, RESUBMITTED_TO_EXAMINER, FINAL = (
    "external-examination-acceptance",
    "external-examination-changes-requested",
    "resubmission-for-external-examiner",
    "coordinator-final-sign-off",
)
STRAIGHT = (SUBMITTED, ACCEPTED, EXAMINED, FINAL)
ROUNDABOUT = (SUBMITTED, CHANGES, RESUBMITTED, ACCEPTED, EXAMINED, FINAL)
LONG = (SUBMITTED, ACCEPTED, EXAMINER_CHANGES, RESUBMITTED_TO_EXAMINER, EXAMINED, FINAL)
#: What is shown to those who can sign in: one waits for each of them.
SHOWN = {
    "CS2001": (),
    "CS2003": (SUBMITTED,),
    "CS2008": STRAIGHT,
    "CS3001": (SUBMITTED, CHANGES, RESUBMITTED, ACCEPTED),
    "CS3004": (SUBMITTED, CHANGES),
    # nobody's who can sign in, but so that every state is seen
    "CS2011": (SUBMITTED, ACCEPTED, EXAMINER_CHANGES),
}


@dataclass(frozen=True)
class Step:
    """A sign-off to be: the state that is entered, and what is noted."""

    state: str
    notes: str = ""


@dataclass(frozen=True)
class Plan:
    """An assessment to be, and its sign-offs."""

    new: NewAssessment
    steps: tuple[Step, ...]


def make_plans(teaching: Teaching, seed: int) -> list[Plan]:
    """The assessments of a package. Those of the autumn are further than those of the spring; in a closed package all are done."""
    chance = Random(f"{seed}:{teaching.package}:assessments")
    plans: list[Plan] = []
    for module in teaching.filling.modules:
        for kind in _kinds(module, chance):
            states = _far(module, kind, chance, closed=teaching.closed)
            steps = tuple(Step(state, _notes(state, chance)) for state in states)
            plans.append(Plan(NewAssessment(module=module.code.lower(), kind=kind), steps))
    return plans


def _kinds(module: FilledModule, chance: Random) -> list[AssessmentKind]:
    if module.credits >= 60:
        return [AssessmentKind.COURSEWORK]
    if module.code in SHOWN:
        return [AssessmentKind.EXAM]
    return chance.choice(
        (
            [AssessmentKind.EXAM],
            [AssessmentKind.EXAM],
            [AssessmentKind.COURSEWORK],
            [AssessmentKind.EXAM, AssessmentKind.COURSEWORK],
        )
    )


def _far(module: FilledModule, kind: AssessmentKind, chance: Random, *, closed: bool) -> tuple[str, ...]:
    path = chance.choice((STRAIGHT, STRAIGHT, STRAIGHT, ROUNDABOUT, LONG))
    if closed:
        return path
    if module.code in SHOWN and kind is AssessmentKind.EXAM:
        return SHOWN[module.code]
    if module.periods[0] == 1:
        return path[: chance.choice((1, 2, 3, 4, 5, 6, 6, 6))]
    if module.periods[0] == 2:
        return path[: chance.choice((0, 0, 0, 1, 1, 2))]
    return ()


def _notes(state: str, chance: Random) -> str:
    if state in (CHANGES, EXAMINER_CHANGES):
        return chance.choice(words.CHANGES)
    if state in (RESUBMITTED, RESUBMITTED_TO_EXAMINER):
        return chance.choice(words.ANSWERS)
    return chance.choice(words.REMARKS) if state in (ACCEPTED, EXAMINED) else ""
