"""Numbers recorded from WAM, the Workload Allocation Modeller that departments used before, under the ids of the recording.

Where WAM lost hours or counted them in one place and not in another, the test says what is right instead.
"""

import msgspec
import pytest

from chalkbell.contracts.workload import Formulas, Measure, Overrides, PackageDetails, PeriodNumbers
from services.workload.formulas import evaluate
from services.workload.rules.checks import Known, activity_problems
from services.workload.rules.hours import activity_hours, formula_failure, module_hours, split
from services.workload.rules.loads import Facts, average, group_loads, shown
from tests.rules import workload_facts as made

THIRD = 100 / 3


@pytest.mark.parametrize(
    ("measure", "amount", "periods", "nominal", "total", "shares"),
    [
        pytest.param("hours", 90, [1, 2], 1600, 90, [45, 45, 0], id="activity-02"),
        pytest.param("hours", 100, [1, 2, 3], 1600, 100, [THIRD, THIRD, THIRD], id="activity-03"),
        pytest.param("percentage", 33, [1, 2], 1500, 495, [247.5, 247.5, 0], id="activity-09"),
    ],
)
def test_an_activity_gives_its_hours_evenly_to_its_periods(
    measure: str, amount: float, periods: list[int], nominal: float, total: float, shares: list[float]
) -> None:
    """Hours, or a percentage of nominal hours, split evenly."""
    hours = activity_hours(Measure(measure), amount, nominal)
    assert hours == pytest.approx(total)
    assert split(hours, periods, 3) == pytest.approx(shares)


def test_an_activity_in_a_period_that_is_none_of_the_packages_is_refused() -> None:
    """activity-15: WAM lost half of these hours."""
    lost = made.activity("a", None, 90.0, [1, 4])
    assert [problem.path for problem in activity_problems(lost, Known(periods=3, activity_types={"any"}))] == ["periods[1]"]


def test_an_activity_without_periods_is_refused() -> None:
    """activity-16: WAM lost all of these hours."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert([], PeriodNumbers)


PLAIN = Formulas()


@pytest.mark.parametrize(
    ("credits", "students", "periods", "overrides", "formulas", "expected", "by_period"),
    [
        pytest.param(20, 100, [1], {}, PLAIN, (50, 50, 50, 16), [166, 0, 0], id="module-01"),
        pytest.param(10, 100, [1], {}, PLAIN, (25, 25, 25, 16), [91, 0, 0], id="module-02"),
        pytest.param(40, 100, [1, 2], {}, PLAIN, (100, 100, 100, 16), [158, 158, 0], id="module-03"),
        pytest.param(20, 5, [1], {}, PLAIN, (50, 50, 50, 15.05), [165.05, 0, 0], id="module-05"),
        pytest.param(20, 100, [1], {"contact": 36, "admin": 10}, PLAIN, (36, 10, 36, 16), [98, 0, 0], id="module-12"),
        pytest.param(
            20, 100, [1], {"contact": 36, "admin": 10, "assessment": 55}, PLAIN, (36, 10, 55, 16), [117, 0, 0], id="module-13"
        ),
        pytest.param(20, 100, [1], {"coordinator": 30}, PLAIN, (50, 50, 50, 0), [150, 0, 0], id="module-16-nocoord"),
        pytest.param(
            20, 120, [1], {}, Formulas(assessment="students * 0.5 + contact"), (50, 50, 110, 16.2), [226.2, 0, 0], id="module-19"
        ),
        pytest.param(
            20, 64, [1], {}, Formulas(assessment="round(sqrt(students) * log2(students))"), (50, 50, 48, 15.64), [163.64, 0, 0],
            id="module-22",
        ),
        pytest.param(
            20, 1000, [1], {}, Formulas(coordinator="5 + log10(students) * 10"), (50, 50, 50, 35), [185, 0, 0], id="module-26"
        ),
    ],
)  # fmt: skip
def test_a_module_gives_contact_then_admin_then_assessment_then_coordinator_hours(
    credits: float,  # noqa: A002
    students: int,
    periods: list[int],
    overrides: dict[str, float],
    formulas: Formulas,
    expected: tuple[float, ...],
    by_period: list[float],
    request: pytest.FixtureRequest,
) -> None:
    """Each formula sees the hours before it as they are after overrides; nobody coordinates without a coordinator."""
    coordinator = None if "nocoord" in request.node.name else "ann"
    one = made.module(
        "M1", credits=credits, students=students, periods=periods, overrides=Overrides(**overrides), coordinator=coordinator
    )
    hours = module_hours(one, made.package(formulas=formulas), evaluate)
    assert (hours.contact, hours.admin, hours.assessment, hours.coordinator) == pytest.approx(expected)
    assert split(hours.total, periods, 3) == pytest.approx(by_period)


@pytest.mark.parametrize(
    ("formula", "accepted"),
    [
        pytest.param("credits * 2", True, id="formula-01"),
        pytest.param("contact + admin", True, id="formula-10"),
        pytest.param("True", True, id="formula-12"),
        # WAM let it through, and then the page of the department was down
        pytest.param("credits / 0", False, id="formula-07"),
    ],
)
def test_a_formula_is_tried_before_it_is_saved(formula: str, accepted: bool) -> None:
    """It is accepted when it gives a number for every module, also one without students."""
    tried = PackageDetails(
        **{name: getattr(made.package(), name) for name in ("name", "start", "end")}, formulas=Formulas(assessment=formula)
    )
    assert (formula_failure(tried, [], evaluate) is None) is accepted


ANN, BOB = "ann", "bob"
SHARED = made.module("M1", periods=[1, 2], allocations=[made.allocation(ANN, 60, 100, 50), made.allocation(BOB, 40, 0, 50)])
COORDINATED = made.module("M1", periods=[2], coordinator=ANN, students=200, allocations=[made.allocation(BOB)])
HALF = made.module("M1", coordinator=ANN, students=200, allocations=[made.allocation(ANN, 50, 50, 50)])


@pytest.mark.parametrize(
    ("given", "person", "total", "periods", "categories"),
    [
        pytest.param(made.facts([ANN]), ANN, 0, [0, 0, 0], {}, id="staff-01"),
        pytest.param(made.facts([ANN, BOB], modules=[SHARED]), ANN, 105, [52.5, 52.5, 0], {"teaching": 105}, id="staff-05-ann"),
        pytest.param(made.facts([ANN, BOB], modules=[SHARED]), BOB, 45, [22.5, 22.5, 0], {"teaching": 45}, id="staff-05-bob"),
        pytest.param(made.facts([ANN, BOB], modules=[COORDINATED]), ANN, 17, [0, 17, 0], {"teaching": 17}, id="staff-06-ann"),
        pytest.param(made.facts([ANN, BOB], modules=[COORDINATED]), BOB, 150, [0, 150, 0], {"teaching": 150}, id="staff-06-bob"),
        # WAM counted 92 in all, and 75 in the breakdown
        pytest.param(made.facts([ANN], modules=[HALF]), ANN, 92, [92, 0, 0], {"teaching": 92}, id="staff-08"),
    ],
)
def test_a_persons_total_periods_and_categories(
    given: Facts, person: str, total: float, periods: list[float], categories: dict[str, float]
) -> None:
    """Activities, shares of modules, and the whole of the coordinator's hours."""
    load = made.load_of(person, given)
    assert load.total == pytest.approx(total)
    assert load.periods == pytest.approx(periods)
    assert load.categories == pytest.approx(categories)


FOUR = made.facts(
    ["ann", "bob", "cat", "dan"],
    posts=[made.post("ann", fte=80), made.post("bob", has_workload=False)],
    inactive=("cat", "dan"),
    activities=[made.activity("a", "ann", 800, [1, 2], category="teaching"), made.activity("d", "dan", 100, [3])],
)


@pytest.mark.parametrize(
    ("given", "rows", "whole"),
    [
        # (total, by period, scaled) in hours; whole: total, people, average, loaded, average of those
        pytest.param(made.facts([ANN]), {"ann": (0, [0, 0, 0], 0)}, (0, 1, 0, 0, 0), id="loadspage-01"),
        pytest.param(
            made.facts([ANN, BOB], modules=[COORDINATED]),
            {"ann": (17, [0, 17, 0], 17), "bob": (150, [0, 150, 0], 150)},
            (167, 2, 83.5, 2, 83.5),
            id="loadspage-06",
        ),
        pytest.param(
            FOUR, {"ann": (800, [400, 400, 0], 1000), "dan": (100, [0, 0, 100], 100)}, (900, 2, 450, 2, 450), id="loadspage-09"
        ),
        pytest.param(
            made.facts([ANN], activities=[made.activity("a", ANN, 2000, [1])]),
            {"ann": (2000, [2000, 0, 0], 2000)},
            (2000, 1, 2000, 1, 2000),
            id="loadspage-12",
        ),
    ],
)
def test_the_page_of_a_departments_loads(
    given: Facts, rows: dict[str, tuple[float, list[float], float]], whole: tuple[float, ...]
) -> None:
    """Everybody but those without hours who are disabled or have no workload, scaled by FTE, with averages."""
    loads = [load for load in made.worked(given).loads.values() if shown(load)]
    assert [load.person for load in loads] == list(rows)
    for load in loads:
        total, periods, scaled = rows[load.person]
        assert load.total == pytest.approx(total)
        assert load.periods == pytest.approx(periods)
        assert load.scaled == pytest.approx(scaled)
    for together in (average(loads), *group_loads(given, loads)):
        found = (together.total, together.people, together.average, together.loaded, together.average_loaded)
        assert found == pytest.approx(whole)


@pytest.mark.parametrize(
    ("given", "hours", "scaled", "percent"),
    [
        pytest.param(
            made.facts(
                [ANN],
                posts=[made.post(ANN, fte=50)],
                activities=[
                    made.activity("a", ANN, 400, [1], category="teaching"),
                    made.activity("b", ANN, 20, [1, 2, 3], measure=Measure.PERCENTAGE),
                ],
            ),
            {"teaching": 400, "research": 320},
            1440,
            {"teaching": 50, "research": 40},
            id="chart-03",
        ),
        # WAM's chart left the coordinator's 17 hours out
        pytest.param(made.facts([ANN], modules=[HALF]), {"teaching": 92}, 92, {"teaching": 5.75}, id="chart-08"),
    ],
)
def test_the_chart_of_loads(given: Facts, hours: dict[str, float], scaled: float, percent: dict[str, float]) -> None:
    """Hours by category, scaled, and as percentages of what the FTE would be."""
    load = made.load_of(ANN, given)
    assert load.categories == pytest.approx(hours)
    assert load.scaled == pytest.approx(scaled)
    assert load.percent == pytest.approx(sum(percent.values()))
    full = given.package.nominal_hours * load.fte / 100
    assert {category: 100 * one / full for category, one in load.categories.items()} == pytest.approx(percent)
