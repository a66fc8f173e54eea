import pytest

from chalkbell.contracts import NotFound
from chalkbell.contracts.workload import (
    AllocateModule,
    Allocation,
    ChangePackage,
    Load,
    Loads,
    PostDetails,
    PutPost,
    ReadLoad,
    ReadLoads,
)
from tests.service.people import populate
from tests.service.workload.department import CS, Department, details


def load_of(loads: Loads, person: str) -> Load:
    return next(load for load in loads.loads if load.person == person)


def test_everybodys_load_by_period_and_category_with_averages(department: Department) -> None:
    """Members of the groups, and whoever else has a post or work; a student who may look has none."""
    loads = department.ask("staff", ReadLoads(package=CS))
    # 20 credits: 50 h of contact, admin and assessment each; the coordinator has 15 + 100 x 0.01
    assert {load.person: load.total for load in loads.loads} == {
        "boss": 0, "staff": 0, "busy": 140, "coordinator": 16, "teacher": 25, "postholder": 0,
    }  # fmt: skip
    busy = load_of(loads, "busy")
    assert busy.periods == [90, 50, 0]
    assert busy.categories == {"research": 140}
    assert (busy.scaled, busy.percent) == (140, 8.75)
    assert load_of(loads, "postholder").job_title == "Lecturer"
    assert (loads.whole.people, loads.whole.loaded, loads.whole.total) == (6, 3, 181)
    assert loads.whole.average == pytest.approx(181 / 6)
    assert loads.whole.average_loaded == pytest.approx(181 / 3)
    assert [(group.group, group.name, group.people, group.total) for group in loads.groups] == [("cs-staff", "Cs Staff", 2, 0)]
    assert [hours.total for hours in loads.modules] == [166]
    assert loads.unallocated == 125
    assert loads.position == department.read().position


def test_ones_own_page_shows_the_same_numbers(department: Department) -> None:
    """For everybody on the page, whoever asks."""
    loads = department.ask("boss", ReadLoads(package=CS))
    for load in loads.loads:
        for by in (load.person, "boss", "staff"):
            own = department.ask(by, ReadLoad(package=CS, person=load.person))
            assert own.load == load
            assert sum(item.total for item in own.items) == pytest.approx(load.total)
    assert department.ask("busy", ReadLoad(package=CS)).load == load_of(loads, "busy")


def test_no_fte_has_no_scaled_load(department: Department) -> None:
    """Shown as none rather than failing on the division."""
    department.ask("boss", PutPost(package=CS, person="busy", values=PostDetails(fte=0.0)))
    busy = load_of(department.ask("staff", ReadLoads(package=CS)), "busy")
    assert (busy.total, busy.scaled, busy.percent) == (140, None, None)


def test_who_has_no_workload_and_nothing_to_do_is_left_out(department: Department) -> None:
    """With something to do they are shown all the same."""
    department.ask("boss", PutPost(package=CS, person="staff", values=PostDetails(has_workload=False)))
    assert "staff" not in [load.person for load in department.ask("boss", ReadLoads(package=CS)).loads]
    department.ask("boss", AllocateModule(package=CS, id="cs1001", seen=1, allocations=[Allocation(person="staff", admin=1.0)]))
    assert "staff" in [load.person for load in department.ask("boss", ReadLoads(package=CS)).loads]


def test_a_person_in_two_groups_counts_once_in_the_whole(department: Department) -> None:
    """And in each of them."""
    populate(department.campus, [], {"cs-theory": ["staff", "busy", "student"]})
    department.ask("boss", ChangePackage(package=CS, seen=1, values=details(groups=["cs-staff", "cs-theory"])))
    loads = department.ask("staff", ReadLoads(package=CS))
    assert {group.group: (group.people, group.total) for group in loads.groups} == {"cs-staff": (2, 0), "cs-theory": (2, 140)}
    assert loads.whole.people == 6
    assert load_of(loads, "staff").groups == ["cs-staff", "cs-theory"]


def test_nobody_who_is_not_in_the_package_has_a_page(department: Department) -> None:
    """Neither a stranger nor somebody who may only look."""
    for person in ("lawyer", "no-such"):
        with pytest.raises(NotFound):
            department.ask("boss", ReadLoad(package=CS, person=person))
    with pytest.raises(NotFound):
        department.ask("assessor", ReadLoad(package=CS))
