"""The classroom's settings."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalkbell.settings import Section


class Settings(Section, frozen=True, kw_only=True):
    """How long the classroom waits for those whose connection is lost."""

    seat_grace: Annotated[
        int, Meta(ge=0, le=3600, description="Seconds that somebody who lost the connection stays in the room and keeps the seat.")
    ] = 30
    teacher_grace: Annotated[
        int,
        Meta(
            ge=0, le=3600, description="Seconds after which groups without any teacher and without an agreed end are called back."
        ),
    ] = 120
