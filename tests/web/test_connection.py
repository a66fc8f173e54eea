"""When the connection goes: everything stays readable, says how old it is, and is right again without a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.running import Running
from tests.web.conftest import NewVisitor
from tests.web.school import PACKAGE, add_module, set_task, sign_off

pytestmark = [pytest.mark.browser, pytest.mark.router]


def test_the_router_goes_and_comes_back(visitor: NewVisitor, school: Running) -> None:
    """What one saw stays, with its age; what happens right after the return is seen by a page nobody touched."""
    assessment = add_module(school, "CS2001", "Networks")
    page = visitor("ada-stone").go(f"assessments/{PACKAGE}")
    page.evaluate("window.untouched = true")
    page.get_by_role("button", name=re.compile("^All")).click()
    row = page.get_by_role("row", name=re.compile("CS2001"))
    expect(row).to_be_visible()
    school.router.kill()
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    expect(row).to_be_visible()
    school.router.restart()
    expect(page.get_by_label("Connection: Live")).to_be_visible(timeout=60_000)
    sign_off(school, "ada-stone", assessment, "initial-submission", 0)
    expect(row).to_contain_text("Initial Submission")
    assert page.evaluate("window.untouched")


def test_what_happened_while_one_was_away_is_there_after_the_return(visitor: NewVisitor, school: Running) -> None:
    """A browser without a network misses events; back again it shows each of them, in place, without a reload."""
    one = visitor("tom-moss")
    page = one.go()
    page.evaluate("window.untouched = true")
    expect(page.get_by_role("heading", name="To do")).to_be_visible()
    one.context.set_offline(True)
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    for number in range(3):
        set_task(school, f"Missed {number}", 10 + number, "tom-moss")
    one.context.set_offline(False)
    expect(page.get_by_label("Connection: Live")).to_be_visible()
    for number in range(3):
        expect(page.get_by_role("button", name=f"Done: Missed {number}")).to_be_visible()
    assert page.evaluate("window.untouched")
