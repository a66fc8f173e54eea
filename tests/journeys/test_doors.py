"""Coming in and being shown out, with a real router: sign-in over HTTP, tickets, tokens, and the end of all of them."""

import time
from collections.abc import Callable, Iterator

import pytest
from twisted.internet.defer import Deferred

from chalkbell.bus import Ticket, connect
from chalkbell.contracts import NotAllowed
from chalkbell.contracts.directory import (
    AddPerson,
    ChangePerson,
    DisablePerson,
    MakeToken,
    NotSignedIn,
    ReadCampus,
    ReadProfile,
    RevokeToken,
    SetPassword,
)
from tests.routing import in_reactor, reactor
from tests.running import Program, Running, until
from tests.service.gateway.client import Browser

PASSWORD = "thirty-nine steps"
PROFILE = "/api/directory.v1.profile.read"


@pytest.fixture(scope="module")
def campus() -> Iterator[Running]:
    """A router, the directory and the gateway, each in a process of its own."""
    with Running() as campus:
        campus.start(("directory",), ("gateway",))
        yield campus


@pytest.fixture
def browser(campus: Running) -> Browser:
    """Comes through the router, as browsers do."""
    return Browser(campus.router.settings.port)


@pytest.fixture
def somebody(campus: Running) -> Callable[[str], dict[str, str]]:
    """Adds a person with a password; gives what they sign in with."""

    def add(id: str, *, administrator: bool = False) -> dict[str, str]:
        ask = AddPerson(id=id, name=id.replace("-", " ").title(), email=f"{id}@example.edu", administrator=administrator)
        campus.ask(ask)
        campus.ask(SetPassword(id=id, password=PASSWORD))
        return {"email": ask.email, "password": PASSWORD}

    return add


def join(campus: Running, person: str, ticket: str) -> Program:
    """A program that joins over the websocket and is closed with the campus."""
    program = Program.__new__(Program)
    program.followers = []
    program.bus = in_reactor(lambda: Deferred.fromCoroutine(connect(reactor, campus.router.websocket_url, Ticket(person, ticket))))
    return campus._keep(program)


def test_a_browser_signs_in_and_joins_with_its_ticket_once(
    campus: Running, browser: Browser, somebody: Callable[..., dict[str, str]]
) -> None:
    """As the person it is for; what is guessed, used or somebody else's opens nothing."""
    welcome = browser.post("/api/sign-in", somebody("ada-stone"), Origin=f"http://127.0.0.1:{browser.port}")
    assert (welcome.status, welcome.json["person"]["id"]) == (200, "ada-stone")
    somebody("bo-lind")
    with pytest.raises(NotSignedIn):
        join(campus, "bo-lind", welcome.json["ticket"])
    ada = join(campus, "ada-stone", welcome.json["ticket"])
    assert ada.ask(ReadProfile()).person.id == "ada-stone"
    with pytest.raises(NotAllowed):
        ada.ask(ReadCampus())
    for ticket in (welcome.json["ticket"], "ct_guessed", browser.cookie):
        with pytest.raises(NotSignedIn):
            join(campus, "ada-stone", ticket)


def test_a_token_opens_both_ways(campus: Running, browser: Browser, somebody: Callable[..., dict[str, str]]) -> None:
    """The service sees the same person, over the websocket and over HTTP, again and again."""
    somebody("cy-marsh")
    secret = campus.ask(MakeToken(name="spreadsheet", person="cy-marsh")).secret
    assert join(campus, "cy-marsh", secret).ask(ReadProfile()).person.id == "cy-marsh"
    for _ in range(3):
        answer = browser.post(PROFILE, {}, Authorization=f"Bearer {secret}")
        assert (answer.status, answer.json["person"]["id"]) == (200, "cy-marsh")
    add = {"id": "x-y", "name": "X", "email": "x@example.edu"}
    refused = browser.post("/api/directory.v1.person.add", add, Authorization=f"Bearer {secret}")
    assert (refused.status, refused.json["error"]) == (403, "chalkbell.error.not_allowed")
    internal = browser.post("/api/directory.v1.sign_in", {}, Authorization=f"Bearer {secret}")
    assert internal.status == 403


def test_an_administrator_is_one_over_http_too(browser: Browser, somebody: Callable[..., dict[str, str]]) -> None:
    """With the same refusals as over WAMP, and their statuses."""
    browser.post("/api/sign-in", somebody("root-ann", administrator=True))
    add = {"id": "new-one", "name": "New", "email": "new@example.edu"}
    first = browser.post("/api/directory.v1.person.add", add, Idempotency_Key="one")
    again = browser.post("/api/directory.v1.person.add", add, Idempotency_Key="one")
    assert (first.status, first.body) == (again.status, again.body) == (200, first.body)
    taken = browser.post("/api/directory.v1.person.add", add)
    assert (taken.status, taken.json["error"]) == (409, "chalkbell.directory.v1.error.taken")
    wrong = browser.post("/api/directory.v1.person.add", add | {"id": "No"})
    assert (wrong.status, wrong.json["details"]["path"]) == (422, "id")


def test_who_is_disabled_is_out_everywhere_at_once(
    campus: Running, browser: Browser, somebody: Callable[..., dict[str, str]]
) -> None:
    """Their websocket closes, their open sessions over HTTP answer no more."""
    welcome = browser.post("/api/sign-in", somebody("dee-wood"))
    session = join(campus, "dee-wood", welcome.json["ticket"])
    assert browser.post(PROFILE, {}).status == 200
    campus.ask(DisablePerson(id="dee-wood"))
    ended(session)
    assert browser.post(PROFILE, {}).status == 401
    assert browser.post("/api/ticket").status == 401
    assert browser.post("/api/sign-in", {"email": "dee-wood@example.edu", "password": PASSWORD}).status == 401


def test_signing_out_and_revoking_end_sessions(campus: Running, browser: Browser, somebody: Callable[..., dict[str, str]]) -> None:
    welcome = browser.post("/api/sign-in", somebody("eve-dale"))
    session = join(campus, "eve-dale", welcome.json["ticket"])
    assert browser.post("/api/sign-out").status == 200
    ended(session)
    made = campus.ask(MakeToken(name="x", person="eve-dale"))
    session = join(campus, "eve-dale", made.secret)
    assert browser.post(PROFILE, {}, Authorization=f"Bearer {made.secret}").status == 200
    campus.ask(RevokeToken(id=made.token.id))
    ended(session)
    assert browser.post(PROFILE, {}, Authorization=f"Bearer {made.secret}").status == 401


def test_who_becomes_administrator_joins_anew_as_one(campus: Running, somebody: Callable[..., dict[str, str]]) -> None:
    somebody("fay-hill")
    secret = campus.ask(MakeToken(name="x", person="fay-hill")).secret
    session = join(campus, "fay-hill", secret)
    with pytest.raises(NotAllowed):
        session.ask(ReadCampus())
    campus.ask(ChangePerson(id="fay-hill", seen=1, administrator=True))
    ended(session)
    assert join(campus, "fay-hill", secret).ask(ReadCampus()).people


def test_a_guesser_is_known_by_where_they_come_from_not_by_what_they_write(
    browser: Browser, somebody: Callable[..., dict[str, str]]
) -> None:
    """The router says whom it saw: another X-Forwarded-For each time does not help."""
    wrong = somebody("gil-reed") | {"password": "wrong password"}
    statuses = [browser.post("/api/sign-in", wrong, X_Forwarded_For=f"203.0.113.{number}").status for number in range(6)]
    assert statuses == [401] * 5 + [429]


def test_sign_in_waits_for_a_directory_that_comes_back(
    campus: Running, browser: Browser, somebody: Callable[..., dict[str, str]]
) -> None:
    """While it is away the answer is 503, in words; then everything is as before, sessions and throttle included."""
    ask = somebody("hal-ford")
    browser.post("/api/sign-in", ask)
    directory = next(process for process in campus.processes if process.names == ["directory"])
    directory.kill()
    began = time.monotonic()
    away = browser.post("/api/ticket")
    assert (away.status, away.json["error"]) == (503, "chalkbell.error.unavailable")
    assert time.monotonic() - began < 5
    campus.again(directory)
    until(lambda: browser.post("/api/ticket").status == 200, "a ticket again")
    assert browser.post(PROFILE, {}).json["person"]["id"] == "hal-ford"


def test_health_and_documentation_come_through_the_router(browser: Browser) -> None:
    assert browser.get("/api/health").json["healthy"] is True
    assert "/api/directory.v1.profile.read" in browser.get("/api/openapi.json").json["paths"]
    assert browser.get("/api/docs").status == 200
    assert browser.get("/api/nothing").status == 404


def ended(program: Program) -> None:
    """Wait until a session that was joined once is over."""
    in_reactor(lambda: program.bus.ended.addTimeout(10, reactor))
    assert not program.bus.joined
