"""One request and its answer, in the words that the rest of the gateway uses."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from typing import Any

import msgspec
import structlog

from chalkbell.contracts import Internal, Invalid, Refusal, TooMany
from chalkbell.contracts.directory import NotSignedIn
from services.gateway import rules

log = structlog.get_logger()
JSON = "application/json"


class BadRequest(Invalid):
    """The body is no JSON object. Send the fields as one."""

    http_status = 400


class WrongOrigin(Refusal):
    """This request comes from another site's page. Open the campus's own."""

    uri = "chalkbell.error.not_allowed"
    http_status = 403


class UnsupportedMediaType(Invalid):
    """Send the body as application/json, in UTF-8."""

    http_status = 415


class Exchange:
    """A request. Reading from it raises the `Refusal` that its sender gets."""

    def __init__(self, request: Any, trusted: tuple[rules.Network, ...]) -> None:
        self.request = request
        self._trusted = trusted
        self._peer: str = getattr(request.getClientAddress(), "host", "") or ""
        self.correlation_id = rules.correlation_id(self.header("X-Correlation-ID")) or uuid.uuid4().hex[:16]

    def header(self, name: str) -> str | None:
        """A header's value, the last where there are several; None when it is not there."""
        values = self._headers(name)
        return values[-1] if values else None

    def _headers(self, name: str) -> list[str]:
        # by bytes: what is no UTF-8 is for whoever reads the value to refuse
        values: list[bytes] = self.request.requestHeaders.getRawHeaders(name.encode()) or []
        return [value.decode("latin-1") for value in values]

    @property
    def client(self) -> str:
        """The address that the request comes from."""
        forwarded = ",".join(self._headers("X-Forwarded-For"))
        return rules.client_address(self._peer, forwarded, self._trusted)

    @property
    def by_https(self) -> bool:
        """Whether a trusted proxy says that the browser came by https."""
        return self._from_proxy and (self.header("X-Forwarded-Proto") or "").lower() == "https"

    @property
    def _from_proxy(self) -> bool:
        return rules.is_within(self._peer, self._trusted)

    @property
    def cookie(self) -> str | None:
        """The browser's session, if there is one that could be ours."""
        value: bytes | None = self.request.getCookie(rules.COOKIE.encode())
        text = value.decode("ascii", "replace") if value else ""
        return text if 0 < len(text) <= 200 and text.isascii() and text.isprintable() and " " not in text else None

    def check_origin(self, origins: list[str]) -> None:
        """Refuse what another site's page makes a browser send."""
        hosts = [self.header("Host") or ""]
        if self._from_proxy:
            hosts.append(self.header("X-Forwarded-Host") or "")
        if not rules.is_own_page(self.header("Origin"), self.header("Sec-Fetch-Site"), hosts, origins):
            raise WrongOrigin

    def credential(self, origins: list[str]) -> str:
        """The token or the browser session that the request comes with. Refused with `not_signed_in` when there is none."""
        authorization = self.header("Authorization")
        if authorization is not None:
            token = rules.bearer(authorization)
            if token is None:
                raise NotSignedIn("Send a personal access token: `Authorization: Bearer cb_...`.")
            return token
        cookie = self.cookie
        if cookie is None:
            raise NotSignedIn("Sign in first, or send a personal access token: `Authorization: Bearer cb_...`.")
        self.check_origin(origins)
        return cookie

    def fields(self) -> dict[str, Any]:
        """The body, a JSON object; no body is an empty one."""
        content = self.request.content
        body: bytes = content.read() if content else b""
        if not body and self.header("Content-Type") is None:
            return {}
        if not rules.is_json(self.header("Content-Type")):
            raise UnsupportedMediaType(path="")
        try:
            return msgspec.json.decode(body, type=dict[str, Any]) if body.strip() else {}
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise BadRequest(f"The body is no JSON object: {error}"[:300], path="") from None

    def answer(self, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
        """The bytes of an answer in JSON, with the status and headers set."""
        return self.send(msgspec.json.encode(body), JSON, status, headers)

    def send(self, body: bytes, content_type: str, status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
        """The bytes of any answer, with the status and headers set."""
        request = self.request
        request.setResponseCode(status)
        always = {
            "Content-Type": content_type,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Correlation-ID": self.correlation_id,
        }
        for name, value in (always | dict(headers or {})).items():
            request.setHeader(name, value)
        return body

    def refuse(self, refused: Refusal) -> bytes:
        """The bytes of a refusal: its status, its URI, what to do, and what is known of it."""
        headers: dict[str, str] = {}
        if isinstance(refused, TooMany) and "retry_after" in refused.details:
            headers["Retry-After"] = str(max(1, math.ceil(float(refused.details["retry_after"]))))
        if refused.http_status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="campus"'
        body = {"error": refused.uri, "message": refused.message, "details": refused.details}
        return self.answer(body, refused.http_status, headers)

    def incident(self, error: BaseException) -> bytes:
        """The bytes of an answer when something broke here; the log has the rest."""
        incident = uuid.uuid4().hex[:12]
        log.error("incident", incident=incident, path=_path(self.request), correlation_id=self.correlation_id, exc_info=error)
        return self.refuse(Internal(incident=incident))


def _path(request: Any) -> str:
    return request.path.decode("ascii", "replace")[:200]
