"""For tests of the HTTP face: who sends requests, and what the router would carry."""

import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, succeed

from chalkbell.contracts import Refusal, Request, procedure_of, refusal_from
from chalkbell.contracts.directory import AUTHENTICATE
from tests.service.campus import ServiceCampus


class CampusSession:
    """A person's session on a campus in memory; the directory can end it."""

    def __init__(self, doors: "CampusDoors", person: str, role: str) -> None:
        self.doors = doors
        self.person = person
        self.role = role
        self.left = False
        self._ended = self._times_ended()

    def _times_ended(self) -> int:
        return self.doors.campus.members["directory"].ended_sessions.count(self.person)

    @property
    def joined(self) -> bool:
        return not self.left and self._times_ended() == self._ended

    async def call(self, uri: str, fields: Mapping[str, Any], *, timeout: float, correlation_id: str) -> Any:
        self.doors.calls.append((uri, dict(fields), correlation_id))
        if self.doors.hold is not None:
            self.doors.called.set()
            await self.doors.hold
        if self.doors.broken:
            raise self.doors.broken
        try:
            return self.doors.campus.call_uri(uri, dict(fields), by=self.person, role=self.role)
        except Refusal as refused:  # as it arrives over the wire
            raise refusal_from(refused.uri, refused.message, refused.details) from None

    def stop(self) -> Deferred[None]:
        self.left = True
        return succeed(None)


class CampusDoors:
    """The gateway's way into a campus in memory."""

    def __init__(self, campus: ServiceCampus) -> None:
        self.campus = campus
        self.sessions: list[CampusSession] = []
        self.calls: list[tuple[str, dict[str, Any], str]] = []
        self.open = True
        self.broken: Exception | None = None
        self.hold: Deferred[None] | None = None
        self.called = threading.Event()

    async def ask(self, request: Request[Any], correlation_id: str) -> Any:
        uri = procedure_of(type(request)).uri
        try:
            return self.campus.call(request, by="service.gateway", role="service-gateway")
        except Refusal as refused:
            raise refusal_from(refused.uri, refused.message, refused.details) from None
        finally:
            self.calls.append((uri, msgspec.to_builtins(request), correlation_id))

    async def join(self, person: str, ticket: str) -> CampusSession:
        answer = self.campus.ask_as_router(AUTHENTICATE, ["campus", person, {"ticket": ticket}])
        self.sessions.append(CampusSession(self, answer["authid"], answer["role"]))
        return self.sessions[-1]


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Browser:
    """Sends requests over one connection after the other, and keeps the session's cookie as browsers do."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request; a dict or list as body goes as JSON."""
        given = dict(headers or {})
        if isinstance(body, dict | list):
            body = json.dumps(body)
            given.setdefault("Content-Type", "application/json")
        if self.cookie:
            given.setdefault("Cookie", f"chalkbell_session={self.cookie}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, given)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = SimpleCookie(line)["chalkbell_session"].value
        return answer

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """POST; the names of headers with underscores for hyphens."""
        return self.send("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def get(self, path: str) -> Answer:
        """GET."""
        return self.send("GET", path)
