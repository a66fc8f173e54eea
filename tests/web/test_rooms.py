"""A class in the browser: a teacher, students, groups, a countdown that is the same for all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.web.conftest import PHONE, NewVisitor
from tests.web.school import ROOM

pytestmark = [pytest.mark.browser, pytest.mark.router]


def seconds_left(page: Page) -> int:
    return int(re.sub(r"\D", "", page.get_by_role("timer").locator("strong").inner_text()))


def test_groups_and_back_by_a_countdown_that_is_the_same_for_all(visitor: NewVisitor, school: Running) -> None:
    """At one press all are in groups; the countdown shows the same second everywhere, to a latecomer too, and brings them back."""
    ada = visitor("ada-stone").go(f"rooms/{ROOM}")
    sam = visitor("sam-reed", viewport=PHONE).go(f"rooms/{ROOM}")
    sue = visitor("sue-lane", viewport=PHONE).go(f"rooms/{ROOM}")
    expect(ada.get_by_text("3 here")).to_be_visible()
    expect(sam.get_by_role("heading", name="Switch the room")).to_have_count(0)

    ada.get_by_role("button", name="Speak to everybody").click()
    for student in (sam, sue):
        expect(student.get_by_role("heading", name="Ada Stone is speaking")).to_be_visible()

    ada.get_by_role("button", name=re.compile("^Split 2 people")).click()
    for student, mate in ((sam, "Sue Lane"), (sue, "Sam Reed")):
        expect(student.get_by_role("heading", name="You are in group 1")).to_be_visible()
        expect(student.locator(".mates")).to_contain_text(mate)
        expect(student.locator("#spoken")).to_contain_text(f"You are in a group with {mate}")

    ada.get_by_role("button", name=re.compile("^Call everybody back")).click()
    tom = visitor("tom-moss").go(f"rooms/{ROOM}")
    for page in (ada, sam, sue, tom):
        expect(page.get_by_role("timer")).to_be_visible()
    left = [seconds_left(page) for page in (ada, sam, sue, tom)]
    assert max(left) - min(left) <= 1, left
    assert 0 < left[0] <= 30
    # a page that is loaded anew is in the same group, with the same seconds
    sam.reload()
    expect(sam.get_by_role("heading", name="You are in group 1")).to_be_visible()

    ada.get_by_role("button", name="Switch now").click()
    for student in (sam, sue, tom):
        expect(student.get_by_role("heading", name="Ada Stone is speaking")).to_be_visible()
    ada.get_by_role("button", name="End the broadcast").click()
    expect(sam.get_by_role("heading", name="Everybody is in the main room")).to_be_visible()


def test_who_leaves_the_page_leaves_the_room(visitor: NewVisitor, school: Running) -> None:
    """Going to another page is leaving; the teacher sees it at once."""
    ada = visitor("ada-stone").go(f"rooms/{ROOM}")
    una = visitor("una-wood").go(f"rooms/{ROOM}")
    present = ada.locator(".people").get_by_text("Una Wood")
    expect(present).to_be_visible()
    una.get_by_role("link", name="All rooms").click()
    expect(una.get_by_role("link", name="Peer instruction", exact=True)).to_be_visible()
    expect(present).to_have_count(0)


def test_a_room_that_is_not_for_one_is_refused_in_words(visitor: NewVisitor, school: Running) -> None:
    """Who is not in the class is told so, beside a way out."""
    ben = visitor("ben-hill").go(f"rooms/{ROOM}")
    expect(ben.get_by_role("alert")).to_be_visible()
    expect(ben.get_by_role("link", name="All rooms")).to_be_visible()
