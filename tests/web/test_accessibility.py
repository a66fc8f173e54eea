"""Every page, on a phone and on a desk, light and dark: axe finds nothing, nothing is wider than the screen, the keyboard suffices."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.web.conftest import DESK, PHONE, WEB, NewVisitor, Visitor
from tests.web.school import PACKAGE, ROOM, add_module, set_task, sign_off

pytestmark = [pytest.mark.browser, pytest.mark.router]
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def check(page: Page) -> None:
    """Nothing for axe to find, and nothing cut off at the side."""
    page.evaluate(Path(AXE).read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"])
def test_axe_finds_nothing_on_any_page(visitor: NewVisitor, school: Running, viewport: dict[str, int], scheme: str) -> None:
    """With something on each page, as somebody who sees all of them."""
    assessment = add_module(school, "CS5001", "Ethics")
    if assessment.version == 0:
        sign_off(school, "ada-stone", assessment, "initial-submission", 0, "Please be kind.")
    set_task(school, "Look at everything", 1, "ida-ward")
    # a colour in the middle of a change is not one to judge
    one = visitor("ida-ward", viewport=viewport, scheme=scheme, reduced_motion="reduce")
    routes = {
        "": "To do",
        f"assessments/{PACKAGE}": "Assessments",
        f"assessments/{PACKAGE}/{assessment.id}": "History",
        "tasks": "Reminders",
        f"loads/{PACKAGE}": "On average",
        f"loads/{PACKAGE}/ada-stone": "Ada Stone",
        "rooms": "Rooms",
        f"rooms/{ROOM}": "All rooms",
        "operator": re.compile("^People"),
        "nowhere": None,
    }
    for route, heading in routes.items():
        page = one.go(route)
        if heading == "All rooms":
            expect(page.get_by_role("link", name="All rooms")).to_be_visible()
        elif heading:
            expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        check(page)
        if route == f"loads/{PACKAGE}":
            page.get_by_role("button", name="Bars").click()
            check(page)


def test_axe_finds_nothing_in_a_class(visitor: NewVisitor) -> None:
    """A teacher's and a student's room, in groups, with the countdown running."""
    ada = visitor("ada-stone", scheme="dark", reduced_motion="reduce").go(f"rooms/{ROOM}")
    sam = visitor("sam-reed", viewport=PHONE, reduced_motion="reduce").go(f"rooms/{ROOM}")
    visitor("sue-lane").go(f"rooms/{ROOM}")
    ada.get_by_role("button", name=re.compile("^Split 2 people")).click()
    ada.get_by_role("button", name=re.compile("^Call everybody back")).click()
    expect(sam.get_by_role("timer")).to_be_visible()
    check(ada)
    check(sam)
    ada.get_by_role("button", name="Switch now").click()
    expect(sam.get_by_role("timer")).to_have_count(0)


def test_the_sign_in_page_has_nothing_for_axe_either(visitor: NewVisitor, school: Running) -> None:
    """Nobody is signed in."""
    one = visitor(viewport=PHONE)
    one.page.goto(school.url)
    expect(one.page.get_by_role("button", name="Sign in")).to_be_visible()
    check(one.page)


def press_until(one: Visitor, name: str, most: int = 60) -> None:
    """Press Tab until what has the focus is called this."""
    for _ in range(most):
        one.page.keyboard.press("Tab")
        if name in one.page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"{name} is not reached with the Tab key")


def test_a_sign_off_needs_no_pointer(visitor: NewVisitor, school: Running) -> None:
    """From the skip link to the signed ledger with the keyboard alone."""
    assessment = add_module(school, "CS5002", "History of Computing")
    one = visitor("ada-stone")
    page = one.go(f"assessments/{PACKAGE}/{assessment.id}")
    expect(page.get_by_role("radio")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Signed without a pointer")
    press_until(one, "Sign: Initial Submission", 2)
    page.keyboard.press("Enter")
    expect(page.locator("#history ~ ol")).to_contain_text("Signed without a pointer")
