"""The example for the browser, in one: it signs in, calls, and shows what happens as it happens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from chalkbell.contracts.directory import SetPassword
from chalkbell.contracts.workflow import ReadAssessment, SignOff
from tests.journeys.school import INITIAL, School

pytestmark = [pytest.mark.router, pytest.mark.browser]
PASSWORD = "a walk in the courtyard"


def test_the_page_follows_a_package(damson: School, chromium: Browser) -> None:
    """A wrong password is refused in the campus's words; then assessments are listed and a sign-off is seen."""
    damson.campus.ask(SetPassword(id=damson.manager, password=PASSWORD))
    exam = damson.ask(damson.manager, ReadAssessment(assessment=damson.other_exam.id)).assessment
    page = chromium.new_page()
    page.goto(damson.campus.url)
    page.get_by_label("E-mail").fill(f"{damson.manager}@example.edu")
    page.get_by_label("Password").fill("wrong")
    page.get_by_label("Package").fill(damson.package)
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("password is wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Following Hushed damson package as Max Damson")
    expect(page.locator("#assessments")).to_contain_text(f"{exam.module_code}: not begun")
    damson.ask(damson.manager, SignOff(assessment=exam.id, state=INITIAL, seen=exam.version))
    expect(page.locator("#events")).to_contain_text(f"signed_off by {damson.manager}: Initial Submission")
    page.close()
