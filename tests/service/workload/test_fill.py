import time

import pytest

from chalkbell.contracts import Refusal
from chalkbell.contracts.workload import (
    Allocation,
    Filled,
    FilledActivity,
    FilledActivityType,
    FilledCategory,
    FilledModule,
    FilledPost,
    FilledProgramme,
    FillPackage,
    NotFilled,
    ReadLoads,
)
from services.workload.store import Store
from tests.service.people import person
from tests.service.workload.department import CONTENTS, CS, Department


def test_filling_again_with_the_same_changes_nothing(department: Department) -> None:
    """What is so already is counted, and told nobody."""
    before = department.read()
    assert department.ask("boss", CONTENTS) == Filled(added=0, changed=0, unchanged=7)
    assert department.read() == before


def test_a_dry_run_counts_and_writes_nothing(department: Department) -> None:
    """Added, changed, unchanged as they would be."""
    before = department.read()
    fill = FillPackage(
        package=CS,
        posts=[FilledPost(person="staff"), FilledPost(person="postholder", fte=10.0)],
        categories=[FilledCategory(id="research", name="Research", abbreviation="R")],
        dry_run=True,
    )
    assert department.ask("boss", fill) == Filled(added=1, changed=1, unchanged=1)
    assert department.read() == before


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_taken_over(department: Department) -> None:
    """Each problem with its path in the request."""
    before = department.read()
    fill = FillPackage(
        package=CS,
        categories=[FilledCategory(id="good", name="Good")],
        activity_types=[FilledActivityType(id="odd", name="Odd", category="none")],
        programmes=[FilledProgramme(code="P", name="P", examiners=["no-such"]), FilledProgramme(id="p", code="Q", name="Q")],
        modules=[
            FilledModule(code="M", name="M", periods=[9], programmes=["p"]),
            FilledModule(
                code="N", name="N", allocations=[Allocation(person="staff", admin=70.0), Allocation(person="boss", admin=31.0)]
            ),
        ],
        posts=[FilledPost(person="no-such")],
        activities=[FilledActivity(id="a", name="A", type="odd", amount=1.0, periods=[1], module="n", person="staff")],
    )
    for dry_run in (True, False):
        with pytest.raises(NotFilled) as refused:
            department.ask("boss", type(fill)(**{**{f: getattr(fill, f) for f in fill.__struct_fields__}, "dry_run": dry_run}))
        assert [problem["path"] for problem in refused.value.details["problems"]] == [
            "activity_types[0].category",
            "programmes[0].examiners[0]",
            "programmes[1]",
            "modules[0].periods[0]",
            "modules[1].allocations",
            "posts[0].person",
        ]
        assert refused.value.details["count"] == 6
    assert department.read() == before


def test_a_module_filled_without_allocations_keeps_those_it_has(department: Department) -> None:
    """With an empty list it loses them."""
    keep = FilledModule(code="CS1001", name="Renamed")
    department.ask("boss", FillPackage(package=CS, modules=[keep]))
    assert department.read().modules[0].team == ["teacher"]
    drop = FilledModule(code="CS1001", name="Renamed", allocations=[])
    department.ask("boss", FillPackage(package=CS, modules=[drop]))
    assert department.read().modules[0].team == []
    assert department.audited() == {CS}


def test_a_whole_school_is_filled_in_seconds(department: Department) -> None:
    """A hundred staff, 150 modules, 600 activities: the demo campus and any import."""
    staff = [f"person-{number}" for number in range(100)]

    def enter(store: Store) -> None:
        for id in staff:
            store.keep_person(person(id))
        store.change_members("cs-staff", staff, [])

    department.campus.within("workload", enter, write=True)
    fill = FillPackage(
        package=CS,
        posts=[FilledPost(person=id) for id in staff],
        modules=[
            FilledModule(
                code=f"M{number}",
                name="Module",
                students=number,
                coordinator=staff[number % 100],
                allocations=[Allocation(person=staff[(number + n) % 100], contact=50.0, admin=25.0) for n in (0, 1)],
            )
            for number in range(150)
        ],
        activities=[
            FilledActivity(id=f"a{number}", name="Talk", type="projects", amount=5.0, periods=[1], person=staff[number % 100])
            for number in range(600)
        ],
    )
    began = time.perf_counter()
    assert department.ask("boss", fill).added == 850
    loads = department.ask("boss", ReadLoads(package=CS))
    assert time.perf_counter() - began < 10
    assert len(loads.loads) > 100


def test_a_problem_of_shape_is_refused_before_anything_is_looked_at(department: Department) -> None:
    """The contract says what a slug is."""
    with pytest.raises(Refusal):
        department.campus.call_uri("chalkbell.workload.v1.package.fill", {"package": CS, "posts": [{"person": "A B"}]}, by="boss")
