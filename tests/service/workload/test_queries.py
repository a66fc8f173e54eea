import pytest

from chalkbell.contracts import Request
from chalkbell.contracts.workload import (
    Allocation,
    FilledActivity,
    FilledModule,
    FilledPost,
    FillPackage,
    ListPackages,
    ReadLoad,
    ReadLoads,
    ReadPackage,
)
from services.workload.store import Store
from tests.service.counting import counted_statements
from tests.service.people import person
from tests.service.workload.department import CS, Department

READS: list[Request[object]] = [
    ReadPackage(package=CS),
    ReadLoads(package=CS),
    ReadLoad(package=CS, person="person-1"),
    ListPackages(),
]


def grow(department: Department, first: int, last: int) -> None:
    """People first to last, each in the group, with a post, a module and an activity."""
    ids = [f"person-{number}" for number in range(first, last + 1)]

    def enter(store: Store) -> None:
        for id in ids:
            store.keep_person(person(id))
        store.change_members("cs-staff", ids, [])

    # as the directory's events would, without the hashing and bookkeeping of a hundred calls
    department.campus.within("workload", enter, write=True)
    department.ask(
        "boss",
        FillPackage(
            package=CS,
            posts=[FilledPost(person=id) for id in ids],
            modules=[
                FilledModule(
                    code=f"M-{id}",
                    name="Module",
                    coordinator=id,
                    moderators=[id],
                    allocations=[Allocation(person=id, contact=50.0)],
                )
                for id in ids
            ],
            activities=[
                FilledActivity(id=f"activity-{id}", name="Talk", type="projects", amount=5.0, periods=[1], person=id) for id in ids
            ],
        ),
    )


def questions(department: Department, by: str) -> list[int]:
    counts: list[int] = []
    for read in READS:
        with counted_statements(department.campus, "workload") as statements:
            department.ask(by, read)
        counts.append(len(statements))
    return counts


@pytest.mark.parametrize("by", ["dean", "boss", "teacher"])
def test_the_number_of_questions_does_not_grow(department: Department, by: str) -> None:
    """As many for a department of a hundred as for one of ten."""
    grow(department, 1, 10)
    with_ten = questions(department, by)
    grow(department, 11, 100)
    assert len(department.ask(by, ReadLoads(package=CS)).loads) > 100
    assert questions(department, by) == with_ten
    assert max(with_ten) < 25


def test_filling_a_package_asks_little_more_for_a_hundred_than_for_ten(department: Department) -> None:
    """One statement for each event, as its place in the stream is taken; the rows go in together."""

    def statements_but_seq(first: int, last: int) -> int:
        with counted_statements(department.campus, "workload") as statements:
            grow(department, first, last)
        return sum("INTO stream" not in statement and "directory_" not in statement for statement in statements)

    assert statements_but_seq(1, 10) == statements_but_seq(11, 110)
