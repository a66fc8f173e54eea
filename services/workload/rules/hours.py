"""Hours of activities and modules, and how they fall on a package's periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalkbell.contracts.workload import Measure, Module, ModuleDetails, Overrides, PackageDetails
from chalkbell.contracts.workload.making import made

Evaluate = Callable[[str, Mapping[str, float]], float]
"""Works out a formula with these names, or raises `FormulaProblem`."""


MOST = 1_000_000
"""Hours that no module has: sums of them stay numbers."""


class FormulaProblem(Exception):
    """A formula gives no number; the text says why, to follow after "the formula fails:"."""


@dataclass(frozen=True)
class Worked:
    """A module's hours by kind."""

    contact: float
    admin: float
    assessment: float
    coordinator: float

    @property
    def total(self) -> float:
        return self.contact + self.admin + self.assessment + self.coordinator


@dataclass(frozen=True)
class Failure:
    """A formula that failed: which of the four, why, and on which module with how many students."""

    kind: str
    reason: str
    module: str = ""
    students: int = 0


class Failed(Exception):
    """The module's hours cannot be told."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def split(hours: float, periods: Sequence[int], count: int) -> list[float]:
    """Hours spread evenly over these periods, counted from 1, of the package's `count`."""
    shares = [0.0] * count
    for period in periods:
        shares[period - 1] += hours / len(periods)
    return shares


def activity_hours(measure: Measure, amount: float, nominal_hours: float) -> float:
    """An activity's hours. FTE plays no part: 10 % is a tenth of a full-time year for everybody."""
    return amount * nominal_hours / 100 if measure is Measure.PERCENTAGE else amount


def module_hours(module: ModuleDetails, package: PackageDetails, evaluate: Evaluate) -> Worked:
    """A module's hours: contact, then admin, then assessment, then coordinator, each seeing those before.

    An override wins over its formula, and 0 is one. Without a coordinator nobody has coordinator hours. Raises `Failed`.
    """
    formulas, scaling, override = package.formulas, package.scaling, module.overrides
    names: dict[str, float] = {"credits": module.credits, "students": module.students}

    def work_out(kind: str, given: float | None, formula: str, default: float, names: Mapping[str, float]) -> float:
        if given is not None:
            return given
        if not formula.strip():
            return default
        try:
            hours = evaluate(formula, names)
        except FormulaProblem as problem:
            raise Failed(Failure(kind, str(problem))) from None
        if abs(hours) > MOST:
            raise Failed(Failure(kind, f"it gives more than {MOST:,} hours"))
        return hours

    contact = work_out(
        "contact",
        override.contact,
        formulas.contact,
        module.credits * scaling.contact,
        {**names, "contact_scaling": scaling.contact},
    )
    more = {**names, "contact": contact, "admin_scaling": scaling.admin, "assessment_scaling": scaling.assessment}
    admin = work_out("admin", override.admin, formulas.admin, contact * scaling.admin, more)
    more = {**more, "admin": admin}
    assessment = work_out("assessment", override.assessment, formulas.assessment, contact * scaling.assessment, more)
    coordinator = 0.0
    if module.coordinator is not None:
        coordinator = work_out("coordinator", override.coordinator, formulas.coordinator, 0.0, names)
    return Worked(contact, admin, assessment, coordinator)


EXAMPLE = ModuleDetails(code="EXAMPLE", name="Example", credits=20.0, students=100)


def formula_failure(package: PackageDetails, modules: Iterable[Module], evaluate: Evaluate) -> Failure | None:
    """The first failure of a package's formulas over all its modules: as they are, without overrides, and with no students.

    Without any module, an example of 20 credits is tried.
    """
    for name, module in _trials(modules):
        try:
            module_hours(module, package, evaluate)
        except Failed as failed:
            return Failure(failed.failure.kind, failed.failure.reason, name, module.students)
    return None


def _trials(modules: Iterable[Module]) -> Iterator[tuple[str, ModuleDetails]]:
    tried: set[tuple[float, int, tuple[float | None, ...]]] = set()
    for module in [*modules, EXAMPLE]:
        if module is EXAMPLE and tried:
            return
        for students in (module.students, 0):
            for overrides in (module.overrides, Overrides()):
                given = (overrides.contact, overrides.admin, overrides.assessment, overrides.coordinator)
                if (key := (module.credits, students, given)) in tried:
                    continue
                tried.add(key)
                # whoever coordinates it one day must have hours that can be told
                yield module.code, made(ModuleDetails, module, students=students, overrides=overrides, coordinator="somebody")


def same_formulas(one: PackageDetails, other: PackageDetails) -> bool:
    """Whether both packages work out hours alike, so that nothing has to be tried again."""
    return one.formulas == other.formulas and one.scaling == other.scaling
