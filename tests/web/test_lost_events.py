"""Events that never reach the browser: the page finds out and has them all, once each."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.running import Running
from tests.web.conftest import NewVisitor
from tests.web.school import set_task

pytestmark = [pytest.mark.browser, pytest.mark.router]
EVENT = 36


class Leak:
    """A websocket that lets events fall while it is told to, or brings each twice."""

    def __init__(self, page: Page) -> None:
        self.losing = False
        self.doubling = False
        self.lost: list[str] = []
        page.route_web_socket("**/ws", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            said = json.loads(message)
            name = said[4][0]["name"] if said[0] == EVENT else ""
            if name and name != "head_announced" and self.losing:
                self.lost.append(name)
                return
            socket.send(message)
            if name and self.doubling:
                socket.send(message)

        server.on_message(pass_on)


def test_a_lost_event_is_repaired_by_the_next(visitor: NewVisitor, school: Running) -> None:
    """The page sees the hole in the numbers and asks for what was between."""
    one = visitor("dee-frost")
    leak = Leak(one.page)
    page = one.go("tasks")
    expect(page.get_by_role("heading", name="Reminders")).to_be_visible()
    leak.losing = True
    for number in range(3):
        set_task(school, f"Lost {number}", 40 + number, "dee-frost")
    leak_full(page, leak, 3)
    leak.losing = False
    set_task(school, "Heard", 50, "dee-frost")
    for name in ("Lost 0", "Lost 1", "Lost 2", "Heard"):
        expect(page.get_by_role("button", name=f"Done: {name}")).to_have_count(1)


def test_a_lost_last_event_is_repaired_by_the_announced_head(visitor: NewVisitor, school: Running) -> None:
    """No other event follows; the stream's head, announced again a little later, tells of it."""
    one = visitor("dee-frost")
    leak = Leak(one.page)
    page = one.go("tasks")
    expect(page.get_by_role("heading", name="Reminders")).to_be_visible()
    leak.losing = True
    set_task(school, "The very last", 60, "dee-frost")
    expect(page.get_by_role("button", name="Done: The very last")).to_be_visible(timeout=60_000)
    assert leak.lost


def test_an_event_that_comes_twice_counts_once(visitor: NewVisitor, school: Running) -> None:
    """Said once, shown once."""
    one = visitor("dee-frost")
    leak = Leak(one.page)
    page = one.go("tasks")
    expect(page.get_by_role("heading", name="Reminders")).to_be_visible()
    leak.doubling = True
    set_task(school, "Rung twice", 70, "dee-frost")
    expect(page.locator("#spoken")).to_have_text("New task: Rung twice.")
    expect(page.get_by_role("button", name="Done: Rung twice")).to_have_count(1)


def leak_full(page: Page, leak: Leak, count: int) -> None:
    """Wait until so many events were lost. The page is kept busy meanwhile, for its messages pass through this thread."""
    for _ in range(600):
        if len(leak.lost) >= count:
            return
        page.evaluate("new Promise(requestAnimationFrame)")
    raise AssertionError(f"only {leak.lost} were lost")
