"""Tasks and reminders in the browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from chalkbell.contracts.notifier import CompleteTask, Remind
from tests.running import Running
from tests.web.conftest import NewVisitor
from tests.web.school import set_task

pytestmark = [pytest.mark.browser, pytest.mark.router]


def test_a_task_arrives_is_done_and_can_be_undone(visitor: NewVisitor, school: Running) -> None:
    """A new task appears at once and is said; done, it stays in its place with the way back, and undo opens it again."""
    page = visitor("cleo-marsh").go()
    expect(page.get_by_text("Nothing to do")).to_be_visible()
    set_task(school, "Return the risk assessment", 3, "cleo-marsh")
    line = page.get_by_role("listitem").filter(has_text="Return the risk assessment")
    expect(line).to_contain_text("Urgent")
    expect(page.locator("#spoken")).to_contain_text("New task: Return the risk assessment")
    line.get_by_role("button", name="Done").click()
    expect(line.get_by_role("button", name="Take back")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(line.get_by_role("button", name="Done")).to_be_visible()


def test_a_completion_elsewhere_is_shown(visitor: NewVisitor, school: Running) -> None:
    """What is done by another program is done on the page, and is found among what is done."""
    task = set_task(school, "Confirm office hours", 30, "ben-hill")
    page = visitor("ben-hill").go("tasks")
    expect(page.get_by_role("button", name="Done: Confirm office hours")).to_be_visible()
    school.person("ben-hill").ask(CompleteTask(task=task.id, comment="By telephone"))
    expect(page.get_by_role("listitem").filter(has_text="Confirm office hours")).to_contain_text("By telephone")
    expect(page.get_by_role("heading", name=re.compile("^Done"))).to_be_visible()


def test_one_certifies_for_others(visitor: NewVisitor, school: Running) -> None:
    """The task's owner sees who has done it and marks it for somebody; that person sees it at once."""
    page = visitor("ida-ward").go("tasks")
    page.get_by_text("Set a task").click()
    page.get_by_label("What is to be done").fill("Wear the gown")
    page.get_by_label("By when").fill("2030-01-31T17:00")
    page.get_by_label("For whom").select_option("The class (4)")
    page.get_by_role("button", name="Set the task").click()
    expect(page.get_by_role("listitem").filter(has_text="Wear the gown")).to_contain_text("0 of 4 done")
    sam = visitor("sam-reed").go()
    expect(sam.get_by_text("Wear the gown")).to_be_visible()
    gown = page.get_by_role("listitem").filter(has_text="Wear the gown")
    gown.get_by_text("Who has done it").click()
    page.get_by_role("button", name="Sam Reed has done it").click()
    expect(gown).to_contain_text("1 of 4 done")
    expect(sam.get_by_text("Wear the gown")).to_have_count(0)


def test_a_reminder_is_shown_at_once(visitor: NewVisitor, school: Running) -> None:
    """A reminder appears with its tasks, and what is sent when is explained."""
    set_task(school, "Enter module descriptions", 2, "sue-lane")
    page = visitor("sue-lane").go("tasks")
    school.ask(Remind(urgent_only=True))
    reminders = page.locator("section").filter(has=page.get_by_role("heading", name="Reminders"))
    expect(reminders.get_by_role("listitem")).to_contain_text("Enter module descriptions")
    page.get_by_role("heading", name="Why did I get this").click()
    expect(page.get_by_text(re.compile("^Next:"))).to_be_visible()


def test_mail_can_be_declined_and_that_undone(visitor: NewVisitor) -> None:
    """A preference takes effect where one presses, and comes back with undo."""
    page = visitor("una-wood").go("tasks")
    page.get_by_role("button", name="Reminders by mail: yes").click()
    expect(page.get_by_role("button", name="Reminders by mail: no")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Reminders by mail: yes")).to_be_visible()
