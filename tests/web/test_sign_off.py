"""Signing off in the browser: seen at once by others, guarded against two at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.web.conftest import NewVisitor
from tests.web.school import PACKAGE, add_module, sign_off

pytestmark = [pytest.mark.browser, pytest.mark.router]


def open_assessment(page: Page, code: str) -> None:
    page.get_by_role("button", name=re.compile("^All")).click()
    page.get_by_role("link", name=re.compile(code)).click()
    expect(page.get_by_role("heading", name=re.compile(code))).to_be_visible()


def sign(page: Page, state: str, notes: str = "") -> None:
    page.get_by_role("radio", name=state).check()
    page.get_by_label("Notes").fill(notes)
    page.get_by_role("button", name=f"Sign: {state}").click()


def test_a_sign_off_is_seen_by_the_moderator_without_touching_anything(visitor: NewVisitor, school: Running) -> None:
    """The coordinator signs; the moderator's home and list show it, and say that it is their turn."""
    add_module(school, "CS1001", "Databases")
    ben_home, ben_list = visitor("ben-hill").go(), visitor("ben-hill").go(f"assessments/{PACKAGE}")
    expect(ben_home.get_by_role("link", name=re.compile("CS1001 Databases"))).to_have_count(0)
    ada = visitor("ada-stone").go(f"assessments/{PACKAGE}")
    open_assessment(ada, "CS1001")
    sign(ada, "Initial Submission", "Only for those concerned.")
    expect(ada.locator("#history ~ ol")).to_contain_text("Only for those concerned.")
    expect(ben_home.get_by_role("link", name=re.compile("CS1001 Databases"))).to_be_visible()
    expect(ben_home.locator("#spoken")).to_contain_text("CS1001: Initial Submission, by Ada Stone")
    expect(ben_list.get_by_role("row", name=re.compile("CS1001"))).to_contain_text("Initial Submission")
    expect(ben_list.get_by_role("button", name=re.compile("Wait for me"))).not_to_contain_text("(0)")
    expect(ben_home.locator("#told ~ *").get_by_text("CS1001 Exam: Initial Submission")).to_be_visible()


def test_who_may_not_act_is_told_whom_it_waits_for(visitor: NewVisitor, school: Running) -> None:
    """Somebody else on the staff sees the state and whom it waits for, and no button."""
    add_module(school, "CS1002", "Compilers")
    cleo = visitor("cleo-marsh").go(f"assessments/{PACKAGE}")
    open_assessment(cleo, "CS1002")
    expect(cleo.get_by_text("Waits for Ada Stone")).to_be_visible()
    expect(cleo.get_by_text("The next step is not yours")).to_be_visible()
    expect(cleo.get_by_role("radio")).to_have_count(0)


def test_two_at_once_the_slower_is_told_and_keeps_the_notes(visitor: NewVisitor, school: Running) -> None:
    """What was chosen stays put when somebody else is faster; the page says so and offers what can be done now."""
    add_module(school, "CS1003", "Algorithms")
    slow = visitor("ada-stone").go(f"assessments/{PACKAGE}")
    open_assessment(slow, "CS1003")
    slow.get_by_role("radio", name="Initial Submission").check()
    slow.get_by_label("Notes").fill("Half a thought")
    fast = visitor("ada-stone").go(f"assessments/{PACKAGE}")
    open_assessment(fast, "CS1003")
    sign(fast, "Initial Submission")
    expect(slow.get_by_role("alert")).to_contain_text("Somebody was faster: Ada Stone moved this to Initial Submission")
    expect(slow.get_by_role("alert")).to_contain_text("Your notes are kept")
    expect(slow.get_by_label("Notes")).to_have_value("Half a thought")
    slow.get_by_role("button", name="Show what I can do now").click()
    expect(slow.get_by_text("The next step is not yours")).to_be_visible()


def test_an_administrator_acts_for_somebody_with_a_reason(visitor: NewVisitor, school: Running) -> None:
    """Both names and the reason are in the ledger."""
    sign_off(school, "ada-stone", add_module(school, "CS1004", "Graphics"), "initial-submission", 0)
    ida = visitor("ida-ward").go(f"assessments/{PACKAGE}")
    open_assessment(ida, "CS1004")
    ida.get_by_role("radio", name=re.compile("Moderated: Acceptance")).check()
    ida.get_by_label("On behalf of", exact=True).select_option("Ben Hill")
    ida.get_by_label("Reason").fill("Ben is on leave")
    ida.get_by_role("button", name="Sign: Moderated: Acceptance").click()
    entry = ida.locator("#history ~ ol li").first
    expect(entry).to_contain_text("Ida Ward for Ben Hill")
    expect(entry).to_contain_text("Reason: Ben is on leave")


def test_an_examiner_lands_on_what_they_examine(visitor: NewVisitor, school: Running) -> None:
    """They see the modules of their programme, without the package's list, and may act when it is their turn."""
    assessment = add_module(school, "CS1005", "Logic")
    sign_off(school, "ada-stone", assessment, "initial-submission", 0)
    sign_off(school, "ben-hill", assessment, "moderated-acceptance", 1)
    eve = visitor("eve-north").go("assessments")
    expect(eve.get_by_role("heading", name=re.compile("You examine"))).to_be_visible()
    eve.get_by_role("link", name=re.compile("CS1005")).click()
    sign(eve, "External Examination: Acceptance", "A fair paper.")
    expect(eve.locator("#history ~ ol")).to_contain_text("A fair paper.")
