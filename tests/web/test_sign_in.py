"""Signing in and out in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.web.conftest import NewVisitor
from tests.web.school import PASSWORD, email_of

pytestmark = [pytest.mark.browser, pytest.mark.router]


def fill_in(page: Page, person: str, password: str) -> None:
    page.get_by_label("Email").fill(email_of(person))
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_one_signs_in_where_one_wanted_to_go(visitor: NewVisitor, school: Running) -> None:
    """The address that one came with is the page after signing in; a reload asks for nothing; after signing out it is closed."""
    page = visitor().page
    page.goto(f"{school.url}/#/tasks")
    fill_in(page, "cleo-marsh", PASSWORD)
    expect(page.get_by_role("heading", name="Tasks", exact=True)).to_be_visible()
    expect(page.get_by_label("Connection: Live")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Tasks", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_refused_beside_the_form(visitor: NewVisitor, school: Running) -> None:
    """In the campus's words, with the address still there to be corrected."""
    page = visitor().page
    page.goto(school.url)
    fill_in(page, "cleo-marsh", "not this one")
    expect(page.get_by_role("alert")).to_contain_text("The e-mail address or the password is wrong")
    expect(page.get_by_label("Email")).to_have_value(email_of("cleo-marsh"))


def test_the_session_cannot_be_read_by_the_page(visitor: NewVisitor) -> None:
    """The cookie is for the campus alone, and nothing secret is stored."""
    one = visitor("cleo-marsh")
    page = one.go()
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") == "{}"
    cookies = one.context.cookies(f"{one.campus.url}/api/ticket")
    assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [(True, "Strict")]


def test_each_sees_only_the_ways_that_are_theirs(visitor: NewVisitor) -> None:
    """The navigation follows from who somebody is."""
    ways = {
        "sam-reed": ["Home", "Tasks", "Rooms"],
        "eve-north": ["Home", "Assessments", "Tasks", "Rooms"],
        "ben-hill": ["Home", "Assessments", "Tasks", "Loads", "Rooms"],
        "ida-ward": ["Home", "Assessments", "Tasks", "Loads", "Rooms", "Operator"],
    }
    for person, expected in ways.items():
        page = visitor(person).go()
        expect(page.get_by_role("navigation").get_by_role("link")).to_have_text(expected)
