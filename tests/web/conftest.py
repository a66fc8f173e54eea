"""The pages in a real browser, before a campus that really runs. Each test gets people with browsers of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.conftest import missing
from tests.running import Running
from tests.web.school import PASSWORD, email_of, open_school
from tools.system_parts import find_npm

WEB = Path(__file__).resolve().parents[2] / "web"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
PATIENCE = 15_000
"""Milliseconds that a page may take to show something; it shows most things in a few."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def pages() -> Path:
    """The built pages, built anew where their source is newer."""
    built = WEB / "dist" / "index.html"
    sources = [
        file for part in ("src", "public", "index.html", "package-lock.json", "vite.config.ts") for file in _files(WEB / part)
    ]
    if not built.is_file() or any(file.stat().st_mtime > built.stat().st_mtime for file in sources):
        if find_npm() is None or not (WEB / "node_modules").is_dir():
            missing("npm, or the browser client's parts,")
        building = subprocess.run(
            [sys.executable, "-m", "tools.npm", "run", "build"], cwd=WEB.parent, capture_output=True, text=True, check=False
        )
        assert building.returncode == 0, building.stdout + building.stderr
    return built.parent


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]


@pytest.fixture(scope="session")
def school(pages: Path) -> Iterator[Running]:
    """A campus with the school of `tests.web.school`, shared by all tests of the pages."""
    with Running() as campus:
        campus.start()
        open_school(campus)
        yield campus


@dataclass
class Visitor:
    """Somebody with a browser of their own: cookies, storage, one page."""

    campus: Running
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list[str])

    def sign_in(self, person: str) -> Visitor:
        """Sign in as somebody, without the sign-in page, which has tests of its own."""
        answer = self.context.request.post(f"{self.campus.url}/api/sign-in", data={"email": email_of(person), "password": PASSWORD})
        assert answer.ok, answer.text()
        return self

    def go(self, route: str = "") -> Page:
        """Open a page of the campus, `assessments/cs-2026` for example, and wait until it is live."""
        self.page.goto(f"{self.campus.url}/#/{route}")
        expect(self.page.get_by_label("Connection: Live")).to_be_visible()
        return self.page

    def listen(self) -> None:
        """Keep what the browser complains of."""

        def said(message: ConsoleMessage) -> None:
            # a refused request is told by the browser itself, whatever the page makes of it
            if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
                self.complaints.append(message.text)

        self.page.on("console", said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))


NewVisitor = Callable[..., Visitor]


@pytest.fixture
def visitor(school: Running, chromium: Browser) -> Iterator[NewVisitor]:
    """A function that gives somebody a browser: `visitor("ada-stone").go("tasks")`. Nobody may hear complaints from a page."""
    visitors: list[Visitor] = []

    def make(person: str | None = None, *, viewport: Any = DESK, scheme: Any = "light", **options: Any) -> Visitor:
        context = chromium.new_context(viewport=viewport, color_scheme=scheme, locale="en-GB", **options)
        one = Visitor(school, context, context.new_page())
        one.listen()
        visitors.append(one)
        return one.sign_in(person) if person else one

    yield make
    complaints = [complaint for one in visitors for complaint in one.complaints]
    for one in visitors:
        one.context.close()
    assert not complaints
