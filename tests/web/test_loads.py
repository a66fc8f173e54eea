"""Loads in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from chalkbell.contracts.workload import PostDetails, PutPost
from tests.running import Running
from tests.web.conftest import NewVisitor
from tests.web.school import PACKAGE, add_module

pytestmark = [pytest.mark.browser, pytest.mark.router]


def test_the_table_the_bars_and_the_persons_own_page_say_the_same(visitor: NewVisitor, school: Running) -> None:
    """One number, wherever it is shown."""
    add_module(school, "CS3001", "Machine Learning")
    page = visitor("ada-stone").go(f"loads/{PACKAGE}")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Ada Stone"))
    total = row.locator("strong").inner_text()
    assert int(total.replace(",", "")) > 0
    expect(page.get_by_text("Yours:")).to_contain_text(total)
    page.get_by_role("button", name="Bars").click()
    bar = page.locator("g").filter(has_text="Ada Stone").locator("rect title").first
    expect(bar).to_have_text(f"Ada Stone: Teaching, {total}")
    page.get_by_role("link", name="What it is made of").click()
    expect(page.locator("tfoot strong")).to_have_text(total)


def test_a_change_of_hours_is_seen_without_touching_anything(visitor: NewVisitor, school: Running) -> None:
    """Somebody's FTE is changed elsewhere, and the page has it."""
    add_module(school, "CS3002", "Vision")
    page = visitor("cleo-marsh").go(f"loads/{PACKAGE}")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Ada Stone"))
    expect(row.get_by_role("cell").first).to_have_text("100 %")
    school.ask(PutPost(package=PACKAGE, person="ada-stone", values=PostDetails(fte=50)))
    expect(row.get_by_role("cell").first).to_have_text("50 %")
