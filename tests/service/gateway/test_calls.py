"""Procedures over HTTP: the same rights and the same refusals as over WAMP."""

import json
from typing import Any

import pytest

from chalkbell.contracts.directory import DisablePerson, MakeToken, RevokeToken
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import PASSWORD
from tests.service.gateway.client import Browser, CampusDoors
from tests.service.gateway.test_browser import ADA, refused
from tests.service.people import OPERATOR

PROFILE = "/api/directory.v1.profile.read"


@pytest.fixture
def bearer(campus: ServiceCampus, doors: CampusDoors) -> dict[str, str]:
    """The header with ada-stone's token."""
    return token(campus, "ada-stone")


def token(campus: ServiceCampus, person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {campus.call(MakeToken(name='x', person=person), **OPERATOR).secret}"}


def test_a_token_calls_as_its_owner(browser: Browser, bearer: dict[str, str]) -> None:
    """With the whole name of the procedure, or without its first part; no body is no fields."""
    for path in (PROFILE, "/api/chalkbell.directory.v1.profile.read", PROFILE + "/"):
        for body in ({}, None):
            answer = browser.post(path, body, **bearer)
            assert (answer.status, answer.json["person"]["id"]) == (200, "ada-stone")


def test_a_cookie_calls_as_its_person_from_our_own_pages(browser: Browser) -> None:
    """Another site's page cannot use it."""
    browser.post("/api/sign-in", ADA)
    assert browser.post(PROFILE, {}).json["person"]["id"] == "ada-stone"
    refused(browser.post(PROFILE, {}, Origin="https://evil.example"), 403, "not_allowed")


def test_rights_are_those_of_the_person(browser: Browser, campus: ServiceCampus, bearer: dict[str, str]) -> None:
    """A person is refused what an administrator may; neither is a service."""
    ask = {"id": "new-one", "name": "New", "email": "new@example.edu"}
    refused(browser.post("/api/directory.v1.person.add", ask, **bearer), 403, "chalkbell.error.not_allowed")
    ann = token(campus, "root-ann")
    assert browser.post("/api/directory.v1.person.add", ask, **ann).json["person"]["version"] == 1
    taken = refused(browser.post("/api/directory.v1.person.add", ask, **ann), 409, "chalkbell.directory.v1.error.taken")
    assert taken["details"] == {"path": "id"}
    guess = {"email": "ada-stone@example.edu", "password": PASSWORD, "address": "x"}
    refused(browser.post("/api/directory.v1.sign_in", guess, **ann), 403, "not_allowed")


def test_nobody_calls_without_a_token(browser: Browser) -> None:
    """The answer says how to come by one."""
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer cb_unknown"},
        {"Authorization": "Bearer " + "x" * 300},
        {"Authorization": "Bearer cb_\x80\xff"},
    ):
        answer = browser.post(PROFILE, {}, **headers)
        refused(answer, 401, "chalkbell.directory.v1.error.not_signed_in")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="campus"'


def test_a_wrong_token_is_not_helped_by_a_cookie(browser: Browser) -> None:
    browser.post("/api/sign-in", ADA)
    refused(browser.post(PROFILE, {}, Authorization="Bearer cb_unknown"), 401, "not_signed_in")


def test_a_session_is_opened_once_and_used_again(browser: Browser, doors: CampusDoors, bearer: dict[str, str]) -> None:
    for _ in range(3):
        browser.post(PROFILE, {}, **bearer)
    assert [session.person for session in doors.sessions] == ["ada-stone"]


def test_a_revoked_token_is_worthless_at_once(browser: Browser, campus: ServiceCampus, bearer: dict[str, str]) -> None:
    """And so is that of somebody who is disabled, though the gateway had a session open."""
    ann = token(campus, "root-ann")
    for headers in (bearer, ann):
        assert browser.post(PROFILE, {}, **headers).status == 200
    listed = browser.post("/api/directory.v1.token.list", {}, **bearer).json["tokens"]
    campus.call(RevokeToken(id=listed[0]["id"]), by="ada-stone")
    refused(browser.post(PROFILE, {}, **bearer), 401, "not_signed_in")
    campus.call(DisablePerson(id="root-ann"), **OPERATOR)
    refused(browser.post(PROFILE, {}, **ann), 401, "not_signed_in")


def test_a_token_that_is_revoked_over_http_does_not_call_again(browser: Browser, bearer: dict[str, str]) -> None:
    listed = browser.post("/api/directory.v1.token.list", {}, **bearer).json["tokens"]
    assert browser.post("/api/directory.v1.token.revoke", {"id": listed[0]["id"]}, **bearer).status == 200
    refused(browser.post(PROFILE, {}, **bearer), 401, "not_signed_in")


def test_the_idempotency_key_is_the_request_id(browser: Browser, campus: ServiceCampus) -> None:
    """The same again changes nothing and is answered alike; another request with the same key is a conflict."""
    ann = token(campus, "root-ann") | {"Idempotency_Key": "req-1"}
    ask = {"id": "new-one", "name": "New", "email": "new@example.edu"}
    first, second = (browser.post("/api/directory.v1.person.add", ask, **ann) for _ in range(2))
    assert (first.status, first.body) == (second.status, second.body) == (200, first.body)
    other = browser.post("/api/directory.v1.person.add", ask | {"name": "Other"}, **ann)
    refused(other, 409, "chalkbell.error.conflict")
    both = browser.post("/api/directory.v1.person.add", ask | {"request_id": "req-2"}, **ann)
    assert refused(both, 422, "invalid")["details"]["path"] == "request_id"
    bad = browser.post("/api/directory.v1.person.add", ask, **ann | {"Idempotency_Key": "no spaces"})
    assert refused(bad, 422, "invalid")["details"]["path"] == "request_id"
    assert browser.post(PROFILE, {}, **ann).status == 200
    secret = browser.post("/api/directory.v1.token.make", {"name": "x"}, **ann)
    assert refused(secret, 422, "invalid")["details"]["path"] == "request_id"


def test_the_correlation_id_goes_along(browser: Browser, doors: CampusDoors, bearer: dict[str, str]) -> None:
    """One that could not stand in a log is replaced; there always is one."""
    answer = browser.post(PROFILE, {}, X_Correlation_ID="trace-7", **bearer)
    assert answer.headers["X-Correlation-ID"] == "trace-7"
    assert {call[2] for call in doors.calls} == {"trace-7"}
    for given in ("two words", "x" * 65, 'quote"'):
        other = browser.post(PROFILE, {}, X_Correlation_ID=given, **bearer).headers["X-Correlation-ID"]
        assert other != given
        assert doors.calls[-1][2] == other


@pytest.mark.parametrize("name", ["options", "correlation_id", "procedure", "self", "_wamp", "uri", "fields", "timeout", "\ud800"])
def test_a_field_that_means_something_on_the_way_is_unknown(browser: Browser, bearer: dict[str, str], name: str) -> None:
    body = json.dumps({name: 1})
    answer = browser.post(PROFILE, body, Content_Type="application/json", **bearer)
    assert answer.status in (400, 422)
    assert answer.json["error"] == "chalkbell.error.invalid"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ("7", "application/json", 400),
        ("null", "application/json", 400),
        ("[" * 5000 + "]" * 5000, "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        ("{}", "text/plain", 415),
        ("{}", "application/x-www-form-urlencoded", 415),
        ("{}", "application/json; charset=latin-1", 415),
        ("", "application/json", 200),
        (" \n", "Application/JSON; charset=UTF-8", 200),
    ],
)
def test_a_body_is_a_json_object(browser: Browser, bearer: dict[str, str], body: Any, kind: str, status: int) -> None:
    answer = browser.post(PROFILE, body, Content_Type=kind, **bearer)
    assert answer.status == status
    if status != 200:
        refused(answer, status, "chalkbell.error.invalid")


@pytest.mark.parametrize(
    "ids", [[{}], "x", [["a"] * 3] * 3, [None], 2**80, 1e300, ["\ud800"], ["a\x00"], ["ada stone"], {"a": {"b": {}}}]
)
def test_wrong_fields_are_refused_with_their_path(browser: Browser, bearer: dict[str, str], ids: Any) -> None:
    answer = browser.post("/api/directory.v1.people.named", {"ids": ids}, **bearer)
    assert answer.status in (400, 422)
    assert answer.status == 400 or answer.json["details"]["path"].startswith("ids")


def test_what_breaks_here_is_an_incident_and_says_no_more(browser: Browser, doors: CampusDoors, bearer: dict[str, str]) -> None:
    doors.broken = RuntimeError("the secret plan")
    body = refused(browser.post(PROFILE, {}, **bearer), 500, "chalkbell.error.internal")
    assert "incident" in body["details"]
    assert "secret plan" not in str(body)
