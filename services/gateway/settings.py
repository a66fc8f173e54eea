"""The gateway's settings."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalkbell.settings import Section


class Settings(Section, frozen=True, kw_only=True):
    """Where the gateway listens, whom it believes, and what one request may cost."""

    host: Annotated[str, Meta(description="The address that the HTTP face listens on; the router passes /api on to it.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Meta(ge=0, le=65535, description="The port of the HTTP face; 0: any free one.")] = 8081
    trusted_proxies: Annotated[
        list[str],
        Meta(
            description="Networks whose X-Forwarded headers are believed: the router's, and of what stands in front. A JSON list."
        ),
    ] = msgspec.field(default_factory=lambda: ["127.0.0.0/8", "::1/128"])
    origins: Annotated[
        list[str], Meta(description="Origins other than the campus's own whose pages may sign in here. A JSON list.")
    ] = []
    body_size: Annotated[int, Meta(ge=1024, description="The largest request body, in bytes.")] = 4 * 1024 * 1024
    sessions: Annotated[int, Meta(ge=1, description="Sessions kept open at a time, for people who call over HTTP.")] = 500
    session_idle_seconds: Annotated[int, Meta(ge=1, description="Seconds without a call after which a session is closed.")] = 60
    session_seconds: Annotated[
        int, Meta(ge=1, description="Seconds after which a session in use is closed, and its token looked at again.")
    ] = 600
    call_seconds: Annotated[int, Meta(ge=1, description="Seconds that a procedure has to answer.")] = 30
