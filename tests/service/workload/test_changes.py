from datetime import date

import msgspec
import pytest

from chalkbell.contracts import Conflict, Invalid, NotFound, Request
from chalkbell.contracts.directory import RemoveGroup
from chalkbell.contracts.workload import (
    ActivityDetails,
    ActivityTypeDetails,
    AddPackage,
    AllocateModule,
    Allocation,
    CategoryDetails,
    ChangePackage,
    FormulaFails,
    Formulas,
    InUse,
    ModuleDetails,
    OverAllocated,
    PackageClosed,
    Period,
    PostDetails,
    ProgrammeDetails,
    PutActivity,
    PutActivityType,
    PutCategory,
    PutModule,
    PutPost,
    PutProgramme,
    ReadLoads,
    RemoveActivityType,
    RemoveCategory,
    RemoveModule,
    RemovePost,
    RemoveProgramme,
    Status,
)
from tests.service.people import populate
from tests.service.workload.department import CS, Department, details
from tests.service.workload.steps import CHANGES

PROGRAMMING = ModuleDetails(code="CS1001", name="Programming")


STALE: list[Request[object]] = [
    ChangePackage(package=CS, seen=0, values=details()),
    PutCategory(package=CS, id="research", seen=7, values=CategoryDetails(name="R")),
    PutActivityType(package=CS, id="projects", values=ActivityTypeDetails(name="P", category="research")),
    PutProgramme(package=CS, values=ProgrammeDetails(code="BSC", name="B")),
    PutModule(package=CS, values=PROGRAMMING),
    AllocateModule(package=CS, id="cs1001", seen=2, allocations=[]),
    PutActivity(package=CS, id="grant", values=ActivityDetails(name="G", type="projects", amount=1.0, periods=[1])),
    PutPost(package=CS, person="postholder", values=PostDetails()),
    RemoveModule(package=CS, id="cs1001", seen=9),
    RemovePost(package=CS, person="postholder", seen=2),
]


def test_who_saw_another_version_is_told_the_present_one(department: Department) -> None:
    """Nothing is overwritten that somebody else wrote; the answer has the state to decide again."""
    before = department.read()
    for change in STALE:
        with pytest.raises(Conflict) as refused:
            department.ask("boss", change)
        assert refused.value.details["version"] == 1
        assert refused.value.details["state"]["version"] == 1
    assert department.read() == before


MISSING: list[Request[object]] = [
    PutModule(package=CS, id="cs9999", seen=1, values=PROGRAMMING),
    AllocateModule(package=CS, id="cs9999", seen=0, allocations=[]),
    RemoveModule(package=CS, id="cs9999", seen=0),
    RemoveCategory(package=CS, id="none", seen=3),
    RemovePost(package=CS, person="staff", seen=0),
]


def test_what_is_not_there_cannot_be_changed(department: Department) -> None:
    """Gone or never there: not found."""
    for change in MISSING:
        with pytest.raises(NotFound):
            department.ask("boss", change)


def test_a_closed_package_changes_no_more(department: Department) -> None:
    """Nobody changes it, an administrator neither, whatever is asked."""
    department.ask("boss", ChangePackage(package=CS, seen=1, values=details(status=Status.CLOSED)))
    before = department.read()
    for change in CHANGES:
        if isinstance(change, ChangePackage):
            change = msgspec.structs.replace(change, values=details(name="Other", status=Status.CLOSED))
        for by in ("boss", "dean"):
            with pytest.raises(PackageClosed):
                department.ask(by, change)
    assert department.read() == before


def test_only_an_administrator_reopens_a_closed_package(department: Department) -> None:
    """Its managers ask one."""
    department.ask("boss", ChangePackage(package=CS, seen=1, values=details(status=Status.CLOSED)))
    with pytest.raises(PackageClosed):
        department.ask("boss", ChangePackage(package=CS, seen=2, values=details()))
    assert department.ask("dean", ChangePackage(package=CS, seen=2, values=details())).status is Status.OPEN
    department.ask("boss", PutCategory(package=CS, values=CategoryDetails(name="New")))


def test_a_package_id_is_taken_once_and_leaves_room_for_examiners(department: Department) -> None:
    """A stream called examiner-... belongs to an examiner."""
    with pytest.raises(Conflict):
        department.ask("dean", AddPackage(package=CS, values=details()))
    with pytest.raises(Invalid) as refused:
        department.ask("dean", AddPackage(package="examiner-ada", values=details()))
    assert refused.value.details == {"path": "package"}


ASTRAY: list[tuple[Request[object], str]] = [
    (ChangePackage(package=CS, seen=1, values=details(end=date(2020, 1, 1))), "values.end"),
    (ChangePackage(package=CS, seen=1, values=details(groups=["cs-staff", "no-such"])), "values.groups[1]"),
    (ChangePackage(package=CS, seen=1, values=details(module_category="none")), "values.module_category"),
    (ChangePackage(package=CS, seen=1, values=details(periods=[Period(name="Year")])), "values.periods"),
    (PutProgramme(package=CS, values=ProgrammeDetails(code="MSC", name="M", directors=["no-such"])), "values.directors[0]"),
    (PutModule(package=CS, values=ModuleDetails(code="N", name="N", coordinator="no-such")), "values.coordinator"),
    (PutModule(package=CS, values=ModuleDetails(code="N", name="N", programmes=["none"])), "values.programmes[0]"),
    (PutModule(package=CS, values=ModuleDetails(code="N", name="N", periods=[4])), "values.periods[0]"),
    (PutCategory(package=CS, values=CategoryDetails(name="测试")), "id"),
    (PutActivityType(package=CS, values=ActivityTypeDetails(name="T", category="none")), "values.category"),
    (PutPost(package=CS, person="no-such", values=PostDetails()), "person"),
    (
        PutActivity(package=CS, values=ActivityDetails(name="A", type="none", amount=1.0, periods=[1])),
        "values.type",
    ),
    (
        PutActivity(package=CS, values=ActivityDetails(name="A", type="projects", amount=1.0, periods=[1], module="none")),
        "values.module",
    ),
    (
        AllocateModule(package=CS, id="cs1001", seen=1, allocations=[Allocation(person="no-such", admin=1.0)]),
        "allocations[0].person",
    ),
    (AllocateModule(package=CS, id="cs1001", seen=1, allocations=[Allocation(person="staff")]), "allocations[0]"),
]


def test_a_reference_that_leads_nowhere_is_refused_with_its_path(department: Department) -> None:
    """And nothing has changed."""
    before = department.read()
    for change, path in ASTRAY:
        with pytest.raises(Invalid) as refused:
            department.ask("boss", change)
        assert refused.value.details["path"] == path, change
    assert department.read() == before


def test_no_more_than_all_of_a_module_is_given_away(department: Department) -> None:
    """Over all people, for each kind of hours."""
    shares = [Allocation(person="staff", contact=60.0, admin=100.0), Allocation(person="teacher", contact=40.5)]
    with pytest.raises(OverAllocated, match="contact"):
        department.ask("boss", AllocateModule(package=CS, id="cs1001", seen=1, allocations=shares))
    shares[1] = Allocation(person="teacher", contact=40.0)
    module = department.ask("boss", AllocateModule(package=CS, id="cs1001", seen=1, allocations=shares))
    assert module.team == ["staff", "teacher"]


NEEDED: list[tuple[Request[object], list[str]]] = [
    (RemoveCategory(package=CS, id="teaching", seen=1), ["module_category", "coordination_category"]),
    (RemoveCategory(package=CS, id="research", seen=1), ["projects"]),
    (RemoveActivityType(package=CS, id="projects", seen=1), ["grant", "secret"]),
    (RemoveProgramme(package=CS, id="bsc", seen=1), ["cs1001"]),
]


def test_what_is_needed_is_not_removed(department: Department) -> None:
    """The refusal says what needs it."""
    for removal, users in NEEDED:
        with pytest.raises(InUse) as refused:
            department.ask("boss", removal)
        assert refused.value.details["used_by"] == users


def test_a_module_with_activities_is_not_removed(department: Department) -> None:
    """Its activities would point at nothing."""
    field_trip = ActivityDetails(name="Field trip", type="projects", amount=8.0, periods=[2], module="cs1001")
    made = department.ask("boss", PutActivity(package=CS, values=field_trip))
    with pytest.raises(InUse) as refused:
        department.ask("boss", RemoveModule(package=CS, id="cs1001", seen=1))
    assert refused.value.details["used_by"] == [made.id]


def test_a_formula_that_fails_on_a_module_is_not_saved(department: Department) -> None:
    """The refusal names the formula, the module and the number of students it was tried with."""
    values = details(formulas=Formulas(assessment="100 / students"))
    with pytest.raises(FormulaFails) as refused:
        department.ask("boss", ChangePackage(package=CS, seen=1, values=values))
    assert refused.value.details == {"path": "values.formulas.assessment", "module": "CS1001", "students": 0}
    with pytest.raises(FormulaFails):
        department.ask("dean", AddPackage(package="new", values=details(formulas=Formulas(contact="nobody"))))
    assert department.package().formulas == Formulas()


def test_a_formula_that_fails_later_spoils_one_row(department: Department) -> None:
    """A module comes that nobody thought of: its row says why, the page of the department stands."""
    values = details(formulas=Formulas(assessment="100 / (students - 13)"))
    department.ask("boss", ChangePackage(package=CS, seen=1, values=values))
    unlucky = ModuleDetails(code="CS13", name="Luck", students=13, coordinator="staff")
    department.ask("boss", PutModule(package=CS, values=unlucky))
    loads = department.ask("staff", ReadLoads(package=CS))
    assert {hours.module: bool(hours.problem) for hours in loads.modules} == {"cs1001": False, "cs13": True}
    assert {load.person: load.incomplete for load in loads.loads if load.incomplete} == {"staff": ["cs13"]}


def test_a_group_that_the_campus_has_no_more_does_not_stop_other_changes(department: Department) -> None:
    """It was right when it was written; only new ones must be there."""
    populate(department.campus, [], {"cs-visitors": ["student"]})
    department.ask("boss", ChangePackage(package=CS, seen=1, values=details(groups=["cs-staff", "cs-visitors"])))
    department.campus.call(RemoveGroup(id="cs-visitors"), by="operator", role="operator")
    department.campus.settle()
    changed = details(groups=["cs-staff", "cs-visitors"], tariff="2026")
    assert department.ask("boss", ChangePackage(package=CS, seen=2, values=changed)).tariff == "2026"
