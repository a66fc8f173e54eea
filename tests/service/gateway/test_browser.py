"""Browsers sign in, take tickets and sign out."""

import pytest

from chalkbell.contracts.directory import DisablePerson
from services.gateway.face import Face
from services.gateway.settings import Settings
from tests.routing import in_reactor, reactor
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import PASSWORD, join
from tests.service.gateway.client import Answer, Browser, CampusDoors
from tests.service.people import OPERATOR

ADA = {"email": "ada-stone@example.edu", "password": PASSWORD}


def test_signing_in_gives_a_ticket_and_a_cookie(browser: Browser, campus: ServiceCampus) -> None:
    """The cookie is for this address alone, not for scripts nor other sites, and nothing is cached."""
    answer = browser.post("/api/sign-in", ADA)
    assert answer.status == 200
    assert answer.json["realm"] == "campus"
    assert answer.json["person"] == {
        "id": "ada-stone",
        "name": "Ada Stone",
        "email": "ada-stone@example.edu",
        "kind": "staff",
        "administrator": False,
        "groups": ["cs-staff"],
    }
    assert join(campus, "ada-stone", answer.json["ticket"])["role"] == "person"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("chalkbell_session=cs_")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/api", "Max-Age="):
        assert part in cookie
    assert "Secure" not in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.cookie not in answer.body.decode()


def test_by_https_the_cookie_is_for_https_alone(browser: Browser, doors: CampusDoors) -> None:
    """Whether a trusted proxy says so, or the campus is known by such an address."""
    assert "; Secure" in browser.post("/api/sign-in", ADA, X_Forwarded_Proto="https").headers["Set-Cookie"]
    face = Face(doors, Settings(port=0, trusted_proxies=[]), reactor, "https://bell.example.edu")
    in_reactor(face.start)
    try:
        assert "; Secure" in Browser(face.port).post("/api/sign-in", ADA).headers["Set-Cookie"]
    finally:
        in_reactor(face.stop)


def test_a_cookie_makes_tickets_until_signed_out(browser: Browser, campus: ServiceCampus) -> None:
    """Signing out takes the cookie back, and twice is no error."""
    browser.post("/api/sign-in", ADA)
    session = browser.cookie
    first, second = (browser.post("/api/ticket").json["ticket"] for _ in range(2))
    assert first != second
    join(campus, "ada-stone", first)
    for _ in range(2):
        answer = browser.post("/api/sign-out")
        assert (answer.status, answer.json, browser.cookie) == (200, {}, "")
        assert "Max-Age=0" in answer.headers["Set-Cookie"]
    browser.cookie = session
    refused(browser.post("/api/ticket"), 401, "chalkbell.directory.v1.error.not_signed_in")
    assert browser.cookie == ""


def test_without_a_cookie_there_is_no_ticket(browser: Browser) -> None:
    for cookie in ("", "cs_unknown", "x" * 500, "a b", "\x7f"):
        browser.cookie = cookie
        refused(browser.post("/api/ticket"), 401, "chalkbell.directory.v1.error.not_signed_in")


def test_who_cannot_sign_in_is_told_what_to_do(browser: Browser) -> None:
    answer = browser.post("/api/sign-in", ADA | {"password": "wrong password"})
    body = refused(answer, 401, "chalkbell.directory.v1.error.wrong_password")
    assert "try again" in body["message"]
    assert "Set-Cookie" not in answer.headers


def test_a_guesser_is_slowed_down_where_the_proxy_saw_them(browser: Browser) -> None:
    """And nobody else is. What the guesser writes into the header itself is not believed."""
    wrong = ADA | {"password": "wrong password"}
    for number in range(5):
        refused(browser.post("/api/sign-in", wrong, X_Forwarded_For=f"198.51.100.{number}, 203.0.113.9"), 401, "wrong_password")
    answer = browser.post("/api/sign-in", ADA, X_Forwarded_For="203.0.113.9")
    details = refused(answer, 429, "chalkbell.directory.v1.error.too_many_attempts")["details"]
    assert int(answer.headers["Retry-After"]) >= details["retry_after"]
    assert browser.post("/api/sign-in", ADA, X_Forwarded_For="203.0.113.10").status == 200


@pytest.mark.parametrize("path", ["/api/sign-in", "/api/ticket", "/api/sign-out"])
def test_other_sites_pages_can_do_nothing(browser: Browser, path: str) -> None:
    """A browser says whose page it is; our own, as the proxy saw it, and those that are configured may."""
    browser.post("/api/sign-in", ADA)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[broken"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ):
        refused(browser.post(path, ADA if "in" in path else None, **headers), 403, "chalkbell.error.not_allowed")
    own = {"Origin": f"http://127.0.0.1:{browser.port}", "Sec_Fetch_Site": "same-origin"}
    assert browser.post(path, ADA if "in" in path else None, **own).status == 200
    browser.post("/api/sign-in", ADA)
    proxied = {"Origin": "https://bell.example.edu", "X_Forwarded_Host": "bell.example.edu"}
    assert browser.post(path, ADA if "in" in path else None, **proxied).status == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "email"),
        ({"email": "a@b.c"}, "password"),
        (ADA | {"address": "127.0.0.1"}, "address"),
        (ADA | {"request_id": "x"}, "request_id"),
        (ADA | {"email": 7}, "email"),
        (ADA | {"password": None}, "password"),
        (ADA | {"password": "x" * 201}, "password"),
        (ADA | {"email": "a\x00b"}, "email"),
    ],
)
def test_what_is_no_sign_in_is_refused_with_its_path(browser: Browser, body: dict[str, object], path: str) -> None:
    assert refused(browser.post("/api/sign-in", body), 422, "chalkbell.error.invalid")["details"]["path"] == path


def test_who_is_disabled_has_no_ticket_any_more(browser: Browser, campus: ServiceCampus) -> None:
    browser.post("/api/sign-in", ADA)
    campus.call(DisablePerson(id="ada-stone"), **OPERATOR)
    refused(browser.post("/api/ticket"), 401, "chalkbell.directory.v1.error.not_signed_in")


def refused(answer: Answer, status: int, uri: str) -> dict[str, object]:
    """The body of a refusal, which has the parts it should have."""
    assert (answer.status, set(answer.json)) == (status, {"error", "message", "details"}), answer.body
    assert answer.json["error"].endswith(uri)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json
