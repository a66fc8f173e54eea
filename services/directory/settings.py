"""The directory's settings."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalkbell.settings import Section


class Settings(Section, frozen=True, kw_only=True):
    """Passwords, browser sessions, and how sign-in is defended against guessing."""

    password_memory: Annotated[int, Meta(ge=8, description="Memory for hashing one password (argon2id), in KiB.")] = 19_456
    password_rounds: Annotated[int, Meta(ge=1, description="Rounds of argon2id.")] = 2
    session_days: Annotated[int, Meta(ge=1, le=366, description="Days after which a browser must sign in again.")] = 30
    session_idle_days: Annotated[
        int, Meta(ge=1, le=366, description="Days without use after which a browser must sign in again.")
    ] = 7
    tokens_per_person: Annotated[int, Meta(ge=1, description="Personal access tokens that one person may have at a time.")] = 50
    failures_per_account_and_address: Annotated[
        int, Meta(ge=1, description="Failed sign-ins for one account from one address, in a quarter of an hour.")
    ] = 5
    failures_per_account: Annotated[int, Meta(ge=1, description="Failed sign-ins for one account from anywhere, in an hour.")] = 30
    failures_per_address: Annotated[
        int, Meta(ge=1, description="Failed sign-ins from one address for any account, in a quarter of an hour.")
    ] = 200
