import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkbell.contracts.workload import Allocation, Formulas, LoadItem, Measure, Overrides, Work
from services.workload.rules.loads import Facts, average, group_loads, hidden, shown
from tests.rules import workload_facts as made

PEOPLE = ["ann", "bob", "cat", "dan"]
HOURS = st.floats(0, 5000, allow_nan=False)
SHARES = st.floats(0, 25)
PERIODS = st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True)


@st.composite
def departments(draw: st.DrawFn) -> Facts:
    """Four people with modules, activities and posts of all sorts."""
    modules = [
        made.module(
            f"M{number}",
            credits=draw(st.floats(0, 120)),
            students=draw(st.integers(0, 500)),
            periods=draw(PERIODS),
            coordinator=draw(st.sampled_from([None, *PEOPLE])),
            overrides=Overrides(contact=draw(st.none() | HOURS), coordinator=draw(st.none() | HOURS)),
            allocations=[
                Allocation(person=person, contact=draw(SHARES), admin=draw(SHARES), assessment=draw(SHARES))
                for person in draw(st.lists(st.sampled_from(PEOPLE), unique=True))
            ],
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    activities = [
        made.activity(
            f"a{number}",
            draw(st.sampled_from([None, *PEOPLE])),
            draw(HOURS),
            draw(PERIODS),
            measure=draw(st.sampled_from(Measure)),
            category=draw(st.sampled_from(["teaching", "research"])),
            confidential=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    posts = [made.post(person, fte=draw(st.sampled_from([0, 20, 50, 100]))) for person in PEOPLE[:3]]
    members = {"dept": set(PEOPLE), "lab": {"ann", "bob"}}
    package = made.package(groups=["dept", "lab"], coordination_category="research")
    return made.facts(PEOPLE, of=package, modules=modules, activities=activities, posts=posts, members=members)


@given(departments())
def test_total_periods_categories_and_items_of_everybody_agree(given: Facts) -> None:
    """Whichever way a page adds somebody's hours up, it comes to the same."""
    worked = made.worked(given)
    for person, load in worked.loads.items():
        items = worked.items.get(person, [])
        assert sum(load.periods) == pytest.approx(load.total)
        assert sum(load.categories.values()) == pytest.approx(load.total)
        assert sum(item.total for item in items) == pytest.approx(load.total)
        for item in items:
            assert sum(item.periods) == pytest.approx(item.total)


@given(departments())
def test_no_hour_is_lost_or_made_up(given: Facts) -> None:
    """What modules and activities have is what people and nobody have together."""
    worked = made.worked(given)
    nominal = given.package.nominal_hours
    there = sum(hours.total for hours in worked.modules) + sum(
        one.amount * (nominal / 100 if one.measure is Measure.PERCENTAGE else 1) for one in given.activities
    )
    assert sum(load.total for load in worked.loads.values()) + worked.unallocated == pytest.approx(there, abs=1e-3)


@given(departments())
def test_scaled_and_percent_follow_the_fte(given: Facts) -> None:
    """Half a post makes twice the scaled load; none makes none."""
    for load in made.worked(given).loads.values():
        if load.fte == 0:
            assert load.scaled is None
            assert load.percent is None
        else:
            assert load.scaled == pytest.approx(load.total * 100 / load.fte)
            assert load.percent == pytest.approx(load.total / given.package.nominal_hours / load.fte * 10_000)


@given(departments())
def test_somebody_in_two_groups_counts_once_in_the_whole(given: Facts) -> None:
    """Groups overlap; the department does not count its people twice."""
    loads = [load for load in made.worked(given).loads.values() if shown(load)]
    assert average(loads).people == len({load.person for load in loads})
    assert {group.group: group.people for group in group_loads(given, loads)} == {"dept": len(loads), "lab": 2}


def test_a_formula_that_fails_spoils_its_module_and_nothing_else() -> None:
    """The row says why, those concerned are marked, and everybody else's numbers stand."""
    package = made.package(formulas=Formulas(assessment="1000 / students"))
    bad = made.module("BAD", students=0, coordinator="bob", allocations=[made.allocation("ann")])
    good = made.module("GOOD", students=100, allocations=[made.allocation("cat")])
    given = made.facts(PEOPLE, of=package, modules=[bad, good], activities=[made.activity("a", "ann", 10, [1])])
    worked = made.worked(given)
    assert [bool(hours.problem) for hours in worked.modules] == [True, False]
    assert "assessment formula fails: it divides by zero" in worked.modules[0].problem
    assert worked.loads["ann"].total == 10
    assert worked.loads["ann"].incomplete == ["bad"]
    assert worked.loads["bob"].incomplete == ["bad"]
    assert worked.loads["cat"].total == 110
    assert worked.loads["cat"].incomplete == []


def test_numbers_beyond_all_measure_spoil_one_row_too() -> None:
    """Neither a formula that explodes nor an FTE next to none takes the page down."""
    package = made.package(formulas=Formulas(contact="1e300 * credits"))
    module = made.module("BAD", coordinator="ann", allocations=[made.allocation("bob")])
    activities = [made.activity("a", "ann", 10, [1])]
    loads = made.worked(
        made.facts(PEOPLE, of=package, modules=[module], activities=activities, posts=[made.post("ann", 5e-324)])
    ).loads
    assert loads["bob"].incomplete == ["bad"]
    assert (loads["ann"].total, loads["ann"].scaled, loads["ann"].percent) == (10, None, None)


def test_a_confidential_item_counts_but_says_nothing_of_itself() -> None:
    """Its hours, periods and category remain."""
    item = LoadItem(
        work=Work.ACTIVITY, name="Illness", category="leave", module="m1", activity="a", confidential=True, total=9.0, periods=[9.0]
    )
    assert hidden(item) == LoadItem(
        work=Work.ACTIVITY, name="", category="leave", activity="a", confidential=True, total=9.0, periods=[9.0]
    )


def test_shares_of_thirds_leave_nothing_unallocated() -> None:
    """What is left of three thirds in doubles is dust, not work."""
    third = 100 / 3
    module = made.module("M1", credits=17.3, allocations=[made.allocation(one, third, third, third) for one in PEOPLE[:3]])
    assert made.worked(made.facts(PEOPLE, modules=[module])).unallocated == 0


def test_people_come_in_the_order_of_their_names_and_without_students_of_the_groups() -> None:
    """A group that may see the package may hold students; work they have not."""
    given = made.facts(["bob", "Ann"], members={"dept": {"bob", "Ann", "unknown"}})
    assert list(made.worked(given).loads) == ["Ann", "bob"]
