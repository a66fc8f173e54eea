"""The router is killed while four people sign off and two browsers follow: both are handed every event once, and in order."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chalkbell.contracts.shared import EventsHeads
from chalkbell.contracts.workflow import ListAssessments
from tests.faults.school import Client, finish, in_threads
from tests.running import Running
from tests.web.conftest import NewVisitor
from tests.web.school import PACKAGE, STAFF, add_module

pytestmark = [pytest.mark.browser, pytest.mark.router]
EACH = 50
KEEP = "window.handed = []; document.addEventListener('chalkbell:event', event => window.handed.push(event.detail));"


def wait_for(page: Page, seq: int) -> list[dict[str, Any]]:
    """What a page was handed of the package's workflow, when it has come to this number."""
    handed: list[dict[str, Any]] = []
    for _ in range(1200):
        handed = page.evaluate("window.handed.filter(event => event.service === 'workflow')")
        if handed and handed[-1]["seq"] >= seq:
            return handed
        page.evaluate("new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))")
    raise AssertionError(f"handed {len(handed)}, up to {handed[-1]['seq'] if handed else 'nothing'} of {seq}")


def test_two_browsers_follow_through_a_killed_router(visitor: NewVisitor, school: Running) -> None:
    """Nobody touches the pages; nothing is missing, double or out of order, and they show what is true in the end."""
    modules = [add_module(school, f"CS61{number:02}", f"Resilience {number}", who, who) for number, who in enumerate(STAFF)]
    pages: list[Page] = []
    for person in ("ida-ward", "cleo-marsh"):
        one = visitor(person)
        one.page.add_init_script(KEEP)
        page = one.go(f"assessments/{PACKAGE}")
        page.get_by_role("button", name=re.compile("^All")).click()
        expect(page.get_by_role("row", name=re.compile("CS6103"))).to_be_visible()
        pages.append(page)
    signed = threading.Semaphore(0)
    clients = [Client(school.person(who), module, each=signed.release) for who, module in zip(STAFF, modules, strict=True)]
    third = EACH * len(clients) // 3
    threads = in_threads(clients, EACH)
    for _ in range(third):
        assert signed.acquire(timeout=60)
    school.router.kill()
    school.router.restart()
    finish(threads)
    acknowledged = [sign_off for client in clients for sign_off in client.acknowledged]
    assert len(acknowledged) == EACH * len(clients)
    head = school.ask(EventsHeads(scopes=[PACKAGE]), service="workflow").heads[PACKAGE]
    for page in pages:
        handed = wait_for(page, head)
        assert [event["seq"] for event in handed] == list(range(handed[0]["seq"], handed[0]["seq"] + len(handed)))
        sign_offs = [event["data"]["sign_off"] for event in handed if event["name"] == "signed_off"]
        assert sorted(sign_offs) == sorted(acknowledged)
        for one in school.ask(ListAssessments(package=PACKAGE)).assessments:
            if one.module_code.startswith("CS61"):
                expect(page.get_by_role("row", name=re.compile(one.module_code))).to_contain_text(one.state_title)
