import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkbell.contracts.workload import Formulas, Overrides
from services.workload.formulas import FUNCTIONS, LONGEST, evaluate
from services.workload.rules.hours import FormulaProblem, formula_failure
from tests.rules import workload_facts as made

NAMES = {"credits": 20.0, "students": 100.0}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("credits * 2.5", 50),
        (" 2 ** 10 ", 1024),
        ("7 // 2 + 7 % 4", 6),
        ("-credits + +5", -15),
        ("10 if students > 50 else 5", 10),
        ("10 if not students >= 50 or credits == 20 and 1 != 2 else 5", 10),
        ("1 < students <= 100", 1),
        ("min(credits, students) + max(1, 2, 3) + abs(-4)", 27),
        ("log(1) + log10(1000) + log2(8) + sqrt(16) + log(8, 2)", 13),
        ("round(2.567, 1) + round(2.4)", 4.6),
        ("1e2 + 1.5e-1", 100.15),
        ("True", 1),
    ],
)
def test_arithmetic_gives_a_number(formula: str, result: float) -> None:
    """Numbers, names, operators, comparisons, if-else and the named functions."""
    assert evaluate(formula, NAMES) == pytest.approx(result)


@pytest.mark.parametrize(
    "formula",
    [
        "credits / 0",
        "log(credits - 20)",
        "sqrt(-1)",
        "(-1) ** 0.5",
        "9 ** 9 ** 9 ** 9",
        "1e308 * 10",
        "1e999",
        "9" * 190 + "**" + "9" * 5,
        "1" * 201,
        "credits * contact",
        "__import__('os')",
        "().__class__",
        "credits.real",
        "'a' * 1000",
        "[1, 2][0]",
        "[x for x in (1, 2)]",
        "lambda: 1",
        "(x := 5)",
        "round(number=2)",
        "max(*(1, 2))",
        "round(1, 1e400)",
        "max(1)",
        "open(1)",
        "rand()",
        "credits(2)",
        "1; 2",
        "credits = 5",
        "x = 5",
        "import os",
        "None",
        "...",
        "1 is 1",
        "1 in 2",
        "~1",
        "1 << 9",
        "1 & 1",
        "1j",
        "0x1f",
        "1if credits else 2",
        "2students",
        "(" * 190,
        "(" * 60 + "1" + ")" * 60 + "+" + "-" * 60 + "1",
        "f'{credits}'",
        "credits\n+1",
        "credits # all",
        "",
        "   ",
        "0 if credits else nobody",
    ],
)
def test_whatever_is_no_arithmetic_is_refused_with_a_reason(formula: str) -> None:
    """Nothing gets out of the formula, and nothing takes long; also what would not be reached is looked at."""
    began = time.perf_counter()
    with pytest.raises(FormulaProblem) as caught:
        evaluate(formula, NAMES)
    assert str(caught.value)
    assert time.perf_counter() - began < 1


@given(st.text(alphabet="0123456789.+-*/%()<>=!, creditsudnloghabmxqf_", max_size=LONGEST))
def test_any_text_gives_a_finite_number_or_a_reason(formula: str) -> None:
    """No formula raises anything else."""
    try:
        result = evaluate(formula, NAMES)
    except FormulaProblem:
        return
    assert isinstance(result, float)
    assert abs(result) < float("inf")


def _expressions() -> st.SearchStrategy[str]:
    leaves = st.one_of(st.integers(0, 10**6).map(str), st.sampled_from(sorted(NAMES)))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "**"]), inner).map(lambda p: f"({p[0]}{p[1]}{p[2]})"),
            st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner).map(lambda p: f"{p[0]}({p[1]})"),
        ),
        max_leaves=12,
    )


@given(_expressions().filter(lambda text: len(text) <= LONGEST))
def test_any_expression_ends_quickly(formula: str) -> None:
    """However powers are piled up, no number grows beyond a double."""
    began = time.perf_counter()
    with contextlib.suppress(FormulaProblem):
        evaluate(formula, NAMES)
    assert time.perf_counter() - began < 1


def test_a_formula_is_tried_on_every_module_with_its_students_and_with_none() -> None:
    """The failure names the formula and the module it fails on."""
    formulas = Formulas(coordinator="100 / (students - 7)")
    modules = [made.module("CS1", students=100), made.module("CS2", students=7)]
    failure = formula_failure(made.package(formulas=formulas), modules, evaluate)
    assert failure is not None
    assert (failure.kind, failure.module, failure.students) == ("coordinator", "CS2", 7)
    assert formula_failure(made.package(formulas=formulas), modules[:1], evaluate) is None


def test_a_logarithm_of_students_is_refused_because_a_module_may_have_none() -> None:
    """Nobody has enrolled yet: that must not take a page down in September."""
    failure = formula_failure(made.package(formulas=Formulas(admin="log(students)")), [made.module("CS1")], evaluate)
    assert failure is not None
    assert (failure.kind, failure.module, failure.students) == ("admin", "CS1", 0)


def test_a_formula_is_also_tried_without_overrides_and_with_a_coordinator() -> None:
    """An override lifted later must not bring a failure to light."""
    module = made.module("CS1", overrides=Overrides(contact=5.0, coordinator=1.0))
    assert formula_failure(made.package(formulas=Formulas(contact="1 / 0")), [module], evaluate) is not None
    assert formula_failure(made.package(formulas=Formulas(coordinator="1 / 0")), [module], evaluate) is not None


@pytest.mark.parametrize("field", ["contact", "admin", "assessment", "coordinator"])
def test_each_formula_sees_only_its_names(field: str) -> None:
    """Contact cannot see the admin hours that come of it."""
    failure = formula_failure(made.package(formulas=Formulas(**{field: "assessment"})), [], evaluate)
    assert failure is not None
    assert "there is no assessment here" in failure.reason


def test_empty_formulas_mean_the_products_with_the_constants() -> None:
    """And no hours for the coordinator."""
    package = made.package(formulas=Formulas(contact="", admin=" ", assessment="", coordinator=""))
    hours = made.worked(made.facts(["ann"], of=package, modules=[made.module("M1", coordinator="ann")])).modules[0]
    assert (hours.contact, hours.admin, hours.assessment, hours.coordinator) == (50, 50, 50, 0)
