"""The operator's page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from chalkbell.contracts.directory import AddPerson, SetPassword
from tests.running import Running
from tests.web.conftest import NewVisitor
from tests.web.school import PASSWORD, add_module, email_of, sign_off

pytestmark = [pytest.mark.browser, pytest.mark.router]


def test_services_and_events_are_seen_live(visitor: NewVisitor, school: Running) -> None:
    """Every service is well, and what happens anywhere appears at once."""
    assessment = add_module(school, "CS4001", "Security")
    page = visitor("ida-ward").go("operator")
    for service in ("directory", "workload", "workflow", "notifier", "classroom"):
        expect(page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=service))).to_contain_text("Well")
    sign_off(school, "ada-stone", assessment, "initial-submission", 0)
    events = page.get_by_role("list", name="Events, the newest first")
    expect(events.get_by_role("listitem").filter(has_text=re.compile("signed_off.*ada-stone")).first).to_be_visible()


def test_the_stream_holds_still_under_the_pointer(visitor: NewVisitor, school: Running) -> None:
    """While one points at the stream it does not move; what is new is counted, and shown when asked for."""
    assessment = add_module(school, "CS4002", "Robotics")
    page = visitor("ida-ward").go("operator")
    events = page.get_by_role("list", name="Events, the newest first")
    first = events.get_by_role("listitem").first
    events.hover()
    before = first.inner_text()
    sign_off(school, "ada-stone", assessment, "initial-submission", 0)
    more = page.get_by_role("button", name=re.compile("^[0-9]+ new$"))
    expect(more).to_be_visible()
    assert first.inner_text() == before
    more.click()
    expect(events).to_contain_text("signed_off")


def test_a_disabled_person_is_shown_out(visitor: NewVisitor, school: Running) -> None:
    """Disabling ends their session: their page asks to sign in. It can be undone."""
    school.ask(AddPerson(id="gus-vale", name="Gus Vale", email=email_of("gus-vale")))
    school.ask(SetPassword(id="gus-vale", password=PASSWORD))
    gus = visitor("gus-vale").go()
    page = visitor("ida-ward").go("operator")
    page.get_by_label("Find a person").fill("gus-vale")
    page.get_by_role("button", name="Disable Gus Vale").click()
    expect(page.get_by_role("row", name=re.compile("Gus Vale"))).to_contain_text("Disabled")
    expect(gus.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row", name=re.compile("Gus Vale"))).to_contain_text("Active")


def test_others_do_not_see_the_page(visitor: NewVisitor) -> None:
    """No way leads there, and who types the address is refused everything."""
    page = visitor("ben-hill").go("operator")
    expect(page.get_by_role("link", name="Operator")).to_have_count(0)
    expect(page.get_by_role("heading", name="People (")).to_have_count(0)
    expect(page.get_by_role("alert").first).to_be_visible()
