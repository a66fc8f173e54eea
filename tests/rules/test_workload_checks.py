from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkbell.contracts.core import SLUG_PATTERN
from chalkbell.contracts.workload import Allocation, ModuleDetails, PackageDetails, Period, ProgrammeDetails, Status
from services.workload.rules.checks import (
    Known,
    allocation_problems,
    module_problems,
    over_allocated,
    package_problems,
    programme_problems,
    slug_of,
)
from services.workload.rules.rights import Access, access, may_lose_sight
from services.workload.rules.tidy import for_everybody, tidy
from tests.rules import workload_facts as made

KNOWN = Known(periods=2, people={"ann", "bob"}, programmes={"bsc", "msc"})
YEAR = {"name": "CS", "start": date(2026, 9, 1), "end": date(2027, 9, 1)}


def module(**more: object) -> ModuleDetails:
    return ModuleDetails(**{"code": "CS1", "name": "One", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("details", "paths"),
    [
        (module(), []),
        (module(periods=[1, 2]), []),
        (module(periods=[1, 3]), ["periods[1]"]),
        (module(periods=[2, 2]), ["periods[1]"]),
        (module(coordinator="eve"), ["coordinator"]),
        (module(moderators=["ann", "eve", "ann"]), ["moderators[1]", "moderators[2]"]),
        (module(programmes=["bsc", "phd"]), ["programmes[1]"]),
        (module(programmes=["bsc"], lead_programme="msc"), ["lead_programme"]),
        (module(programmes=["bsc", "msc"], lead_programme="msc"), []),
    ],
)
def test_a_module_refers_to_what_there_is(details: ModuleDetails, paths: list[str]) -> None:
    """Every reference that leads nowhere is told with its path."""
    assert [problem.path for problem in module_problems(details, KNOWN)] == paths


@pytest.mark.parametrize(
    ("more", "paths"),
    [
        ({}, []),
        ({"end": date(2026, 9, 1)}, ["end"]),
        ({"groups": ["staff", "nobody"]}, ["groups[1]"]),
        ({"managers": ["staff", "staff"]}, ["managers[1]"]),
        ({"periods": [Period(name="A"), Period(name="A")]}, ["periods[1]"]),
        ({"periods": [Period(name="A", start=date(2026, 9, 1))]}, ["periods[0]"]),
        ({"periods": [Period(name="A", start=date(2026, 9, 1), end=date(2026, 9, 1))]}, ["periods[0].end"]),
        ({"module_category": "none"}, ["module_category"]),
    ],
)
def test_a_package_makes_sense(more: dict[str, object], paths: list[str]) -> None:
    """Dates in order, known groups, periods that can be told apart, categories that it has."""
    details = PackageDetails(**{**YEAR, **more})  # type: ignore[arg-type]
    assert [problem.path for problem in package_problems(details, {"staff"}, {"teaching"})] == paths


def test_a_programme_names_known_people() -> None:
    """Directors and examiners alike."""
    details = ProgrammeDetails(code="BSC", name="BSc", directors=["eve"], examiners=["ann", "ann"])
    assert [problem.path for problem in programme_problems(details, KNOWN)] == ["directors[0]", "examiners[1]"]


def test_an_allocation_gives_somebody_known_something_once() -> None:
    """No strangers, no empty shares, nobody twice."""
    given = [Allocation(person="eve", contact=1.0), Allocation(person="ann"), Allocation(person="eve", admin=1.0)]
    paths = [problem.path for problem in allocation_problems(given, KNOWN)]
    assert paths == ["allocations[0].person", "allocations[1]", "allocations[2].person", "allocations[2]"]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100)), max_size=5))
def test_no_kind_of_a_modules_hours_is_given_away_twice(shares: list[tuple[float, float, float]]) -> None:
    """Whatever passes has at most 100 % of contact, admin and assessment over all people."""
    given = [Allocation(person=f"p{n}", contact=c, admin=a, assessment=s) for n, (c, a, s) in enumerate(shares)]
    passes = not list(over_allocated(given))
    assert passes is all(sum(column) <= 100 + 1e-6 for column in zip(*shares, strict=True))


@pytest.mark.parametrize(("text", "slug"), [("CS1001", "cs1001"), ("BSc Café / Bar", "bsc-cafe-bar"), ("--", ""), ("测", "")])
def test_an_id_is_made_of_a_code(text: str, slug: str) -> None:
    """Lower case, hyphens for what cannot be in one."""
    assert slug_of(text) == slug


@given(st.text())
def test_an_id_made_of_any_text_is_an_id_or_empty(text: str) -> None:
    """Never something that the contract would refuse."""
    import re

    assert slug_of(text) == "" or re.match(SLUG_PATTERN, slug_of(text))


def test_lists_without_an_order_are_written_in_one_order() -> None:
    """A package's periods keep theirs."""
    package = made.package(groups=["b", "a"], periods=[Period(name="Z"), Period(name="A")])
    assert tidy(package).groups == ["a", "b"]
    assert [period.name for period in tidy(package).periods] == ["Z", "A"]
    assert tidy(module(periods=[2, 1], moderators=["bob", "ann"])) == module(periods=[1, 2], moderators=["ann", "bob"])


def test_everybody_sees_a_confidential_activity_without_what_it_is() -> None:
    """Whose it is and how much remain: loads are open."""
    seen = for_everybody(made.activity("a", "ann", 5.0, [1], confidential=True, module="m", comment="hush", name="Illness"))
    assert (seen.name, seen.type, seen.module, seen.comment) == ("", None, None, "")
    assert (seen.person, seen.amount, seen.category) == ("ann", 5.0, "research")


VISIBLE = (Status.OPEN, Status.CLOSED)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(
    ("administrator", "groups", "takes_part", "granted"),
    [
        (True, set(), False, Access.CHANGE),
        (False, {"bosses"}, False, Access.CHANGE),
        (False, {"dept"}, False, Access.READ),
        (False, {"team"}, False, Access.READ),
        (False, {"office"}, False, Access.READ),
        (False, set(), True, Access.READ),
        (False, {"others"}, False, Access.NONE),
    ],
)
def test_who_may_see_and_who_may_change(
    status: Status, administrator: bool, groups: set[str], takes_part: bool, granted: Access
) -> None:
    """Draft and hidden packages are for managers and administrators alone."""
    package = made.package(status=status, groups=["dept"], managers=["bosses"], assessment_team=["team"], exams_office=["office"])
    found = access(package, administrator=administrator, groups=groups, takes_part=takes_part)
    assert found == (granted if status in VISIBLE or granted is Access.CHANGE else Access.NONE)


def test_a_group_dropped_or_a_package_hidden_makes_some_lose_sight() -> None:
    """A group added, or a package opened, does not."""
    before = made.package(status=Status.OPEN, groups=["a", "b"])
    assert may_lose_sight(before, made.package(status=Status.OPEN, groups=["a"]))
    assert may_lose_sight(before, made.package(status=Status.HIDDEN, groups=["a", "b"]))
    assert not may_lose_sight(before, made.package(status=Status.CLOSED, groups=["a", "b", "c"]))
    assert not may_lose_sight(made.package(status=Status.DRAFT), made.package(status=Status.OPEN))
