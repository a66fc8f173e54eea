from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from chalkbell.contracts import Conflict
from chalkbell.contracts.workload import AddPackage, AllocateModule, Allocation, PostDetails, PutPost
from tests.service.workload.department import CS, Department, details

ATTEMPTS = 8


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each of these answers or raises, begun at the same moment in threads of their own."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_change_a_module_at_once_one_wins(department: Department) -> None:
    """The other gets the state that the first has written, and no share is given away twice."""
    for attempt in range(1, ATTEMPTS + 1):
        results = at_once(
            *(
                lambda person=person, seen=attempt: department.ask(
                    "boss",
                    AllocateModule(
                        package=CS, id="cs1001", seen=seen, allocations=[Allocation(person=person, contact=float(seen))]
                    ),
                )
                for person in ("staff", "teacher")
            )
        )
        [conflict] = [result for result in results if isinstance(result, Conflict)]
        [module] = department.read().modules
        assert conflict.details["version"] == attempt + 1 == module.version
        assert conflict.details["state"]["team"] == module.team


def test_of_two_who_begin_a_package_at_once_one_wins(department: Department) -> None:
    """It is not overwritten by the other."""
    for attempt in range(ATTEMPTS):
        ask = [AddPackage(package=f"new-{attempt}", values=details(name=name)) for name in ("First", "Second")]
        results = at_once(*(lambda one=one: department.ask("dean", one) for one in ask))
        assert sum(isinstance(result, Conflict) for result in results) == 1
        [made] = [result for result in results if not isinstance(result, Conflict)]
        assert department.package(f"new-{attempt}") == made
        assert len(department.campus.events("workload", f"new-{attempt}")) == 2


def test_changes_of_different_things_at_once_all_hold(department: Department) -> None:
    """Writers of one package take turns; the stream has no hole."""
    people = ["staff", "teacher", "busy", "director"]
    before = department.read()
    at_once(*(lambda id=id: department.ask("boss", PutPost(package=CS, person=id, values=PostDetails(fte=50.0))) for id in people))
    after = department.read()
    assert {post.person for post in after.posts} >= set(people)
    assert [event.seq for event in department.campus.events("workload", CS, before.position.seq)] == [
        before.position.seq + number for number in (1, 2, 3, 4)
    ]
