"""Beginning and changing a package."""

from __future__ import annotations

from chalkbell.contracts import Conflict, Invalid
from chalkbell.contracts.workflow import is_reserved
from chalkbell.contracts.workload import (
    AddPackage,
    Category,
    ChangePackage,
    FormulaFails,
    Module,
    Package,
    PackageChanged,
    PackageClosed,
    PackageDetails,
    Status,
)
from chalkbell.contracts.workload.making import made
from chalkbell.handlers import Call, procedure
from services.workload.api.kinds import CATEGORY, differs_package, refuse, state, write
from services.workload.api.rights import to_change
from services.workload.formulas import evaluate
from services.workload.rules.checks import Problem, package_problems
from services.workload.rules.hours import formula_failure, same_formulas
from services.workload.rules.rights import may_lose_sight
from services.workload.rules.tidy import tidy
from services.workload.store import Store

TEACHING = Category(id="teaching", version=1, name="Teaching", abbreviation="T")


@procedure(AddPackage)
def add_package(ask: AddPackage, call: Call, store: Store) -> Package:
    """Begin a package."""
    if is_reserved(ask.package):
        raise Invalid("This id is kept for a stream of the workflow's. Choose another.", path="package")
    refuse(package_problems(ask.values, _known_groups(ask.values, store), {TEACHING.id}))
    _try_formulas(ask.values, [])
    package = made(Package, tidy(ask.values), id=ask.package, version=1)
    # the first event of its stream, or somebody was faster: of two at once the second waits here for the first
    if store.record(PackageChanged(package=package.id, state=package)).seq > 1:
        raise Conflict("There is a package with this id already. Choose another.", path="package")
    store.keep_package(package)
    write(CATEGORY, package.id, {}, [TEACHING], store)
    return package


@procedure(ChangePackage)
def change_package(ask: ChangePackage, call: Call, store: Store) -> Package:
    """Say anew what a package is."""
    before = to_change(ask.package, call, store, closed=True)
    if before.status is Status.CLOSED and (ask.values.status is Status.CLOSED or not call.caller.is_administrator):
        raise PackageClosed
    if ask.seen != before.version:
        raise Conflict(state=state(before), version=before.version)
    # a group that the campus has no more may stay where it was named
    groups = _known_groups(ask.values, store) | {group for name in GROUPS for group in getattr(before, name)}
    refuse(package_problems(ask.values, groups, {category.id for category in store.categories(before.id)}))
    if len(ask.values.periods) < len(before.periods):
        refuse(_lost_periods(before.id, len(ask.values.periods), store))
    if not same_formulas(ask.values, before):
        _try_formulas(ask.values, store.modules(before.id))
    after = made(Package, tidy(ask.values), id=before.id, version=before.version + 1)
    if not differs_package(before, after):
        return before
    store.keep_package(after)
    store.record(PackageChanged(package=after.id, state=after))
    if may_lose_sight(before, after):
        store.audit_subscriptions(after.id)
    return after


GROUPS = ("groups", "managers", "assessment_team", "exams_office")


def _known_groups(values: PackageDetails, store: Store) -> set[str]:
    return store.known_groups({group for name in GROUPS for group in getattr(values, name)})


def _lost_periods(package: str, count: int, store: Store) -> list[Problem]:
    things = [*store.modules(package), *store.activities(package)]
    users = sum(max(thing.periods) > count for thing in things)
    return (
        [Problem("periods", f"{users} modules and activities fall in a period that would be no more. Move them first.")]
        if users
        else []
    )


def _try_formulas(values: PackageDetails, modules: list[Module]) -> None:
    failure = formula_failure(values, modules, evaluate)
    if failure:
        raise FormulaFails(
            f"The {failure.kind} formula fails on {failure.module} with {failure.students} students: {failure.reason}.",
            path=f"values.formulas.{failure.kind}",
            module=failure.module,
            students=failure.students,
        )
