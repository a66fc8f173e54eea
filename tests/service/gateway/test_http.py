"""What any HTTP server owes to those who ask it."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from twisted.internet.defer import Deferred

from services.gateway.face import Face
from tests.routing import in_reactor
from tests.service.gateway.client import Browser, CampusDoors
from tests.service.gateway.test_browser import ADA, refused


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/", "/api/nothing.v1.here", "/api/a/b", "/api/%00", "/api/%ff", "/api/..", "/other"]
)
def test_what_is_not_there(browser: Browser, path: str) -> None:
    for method in ("POST", "GET", "PUT"):
        answer = browser.send(method, path, {})
        assert answer.status in ((404, 400) if "%" in path else (404,)), answer.body


def test_an_unknown_procedure_is_not_there(browser: Browser) -> None:
    refused(browser.post("/api/directory.v1.nothing", {}), 404, "chalkbell.error.not_found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/api/sign-in", "POST"),
        ("GET", "/api/directory.v1.profile.read", "POST"),
        ("DELETE", "/api/directory.v1.profile.read", "POST"),
        ("OPTIONS", "/api/directory.v1.profile.read", "POST"),
        ("POST", "/api/health", None),
        ("PUT", "/api/health", "GET, HEAD, POST"),
    ],
)
def test_another_method_is_told_which_there_are(browser: Browser, method: str, path: str, allow: str | None) -> None:
    """No other site's page is ever let in by CORS."""
    answer = browser.send(method, path)
    if allow is None:
        refused(answer, 404, "not_found")
        return
    refused(answer, 405, "chalkbell.error.invalid")
    assert answer.headers["Allow"] == allow
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_health_is_that_of_the_way_into_the_campus(browser: Browser, doors: CampusDoors) -> None:
    assert (browser.get("/api/health").status, browser.get("/api/health").json["healthy"]) == (200, True)
    assert browser.send("HEAD", "/api/health").body == b""
    doors.open = False
    assert (browser.get("/api/health").status, browser.get("/api/health").json["healthy"]) == (503, False)


def test_the_document_and_its_page(browser: Browser) -> None:
    """The page names what the document does, and runs no script."""
    document = browser.get("/api/openapi.json")
    assert document.headers["Content-Type"] == "application/json"
    page = browser.get("/api/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    text = page.body.decode()
    for path in document.json["paths"]:
        assert path in text
    assert "<script" not in text


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_and_not_kept(browser: Browser, chunked: bool) -> None:
    """The sender hears of it, whether it says how much it sends or not; the next request is answered."""
    large = json.dumps(ADA | {"password": "x" * 3_000_000}).encode()
    body = (large[start : start + 65_536] for start in range(0, len(large), 65_536)) if chunked else large
    answer = browser.send("POST", "/api/sign-in", body, {"Content-Type": "application/json"})
    assert refused(answer, 413, "chalkbell.error.invalid")["details"]["largest"] == 20_000
    assert browser.post("/api/sign-in", ADA).status == 200


@pytest.mark.parametrize(
    "line",
    [
        b"POST /api/ticket HTTP/1.1\r\nHost: a b\r\nContent-Length: 0\r\n\r\n",
        b"POST /api/ticket HTTP/1.1\r\nHost: [::\r\nContent-Length: 0\r\n\r\n",
        b"POST /api/ticket HTTP/1.1\r\nHost: x:99999\r\nContent-Length: 0\r\n\r\n",
        b"POST /api/ticket HTTP/1.1\r\nHost: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
        b"POST /api/ticket HTTP/1.1\r\nHost: x\r\nOrigin: http://x:99999\r\nContent-Length: 0\r\n\r\n",
        b"POST /api/ticket HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ,,,\xff\r\nContent-Length: 0\r\n\r\n",
        b"POST /api/ticket HTTP/1.1\r\nHost: x\r\nCookie: chalkbell_session=\xff; =;;\r\nContent-Length: 0\r\n\r\n",
        b"POST /api/ticket HTTP/1.0\r\n\r\n",
        b"GET http://elsewhere/api/health HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/health?a=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/\xff\xfe HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_nothing_that_is_sent_makes_it_break(browser: Browser, face: Face, line: bytes) -> None:
    """No incident, no page with a trace; the next request is answered."""
    with socket.create_connection(("127.0.0.1", face.port), timeout=10) as connection:
        connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as reading:
            said = reading.read()
    status = int(said.split(b" ")[1]) if said else 400
    assert status < 500, said
    assert b"Traceback" not in said
    assert browser.get("/api/health").status == 200


def test_what_was_begun_is_finished_before_it_stops(browser: Browser, face: Face, doors: CampusDoors) -> None:
    """A call that is under way when the gateway is told to stop is answered, and only then its session is closed."""
    browser.post("/api/sign-in", ADA)
    doors.hold = Deferred()
    with ThreadPoolExecutor(1) as threads:
        calling = threads.submit(browser.post, "/api/directory.v1.profile.read", {})
        assert doors.called.wait(10)
        stopped: list[object] = []
        stopping = in_reactor(lambda: [face.stop().addCallback(stopped.append)])[0]
        assert not stopped
        assert not doors.sessions[0].left
        in_reactor(lambda: doors.hold.callback(None))
        assert calling.result(10).status == 200
    in_reactor(lambda: stopping)
    assert doors.sessions[0].left
