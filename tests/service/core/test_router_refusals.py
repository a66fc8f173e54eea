"""The router's own errors, as callers see them."""

from __future__ import annotations

import pytest

from chalkbell.contracts import Internal, NotAllowed, Refusal, Unavailable
from chalkbell.contracts.refusals import refusal_from


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("wamp.error.not_authorized", NotAllowed),
        ("wamp.error.authorization_failed", Unavailable),
        ("wamp.error.no_such_procedure", Unavailable),
        ("wamp.error.canceled", Unavailable),
        ("wamp.error.runtime_error", Internal),
    ],
)
def test_nobody_is_told_no_when_nobody_could_be_asked(uri: str, kind: type[Refusal]) -> None:
    """A follower that is told `not_allowed` gives up; one that is told `unavailable` tries again."""
    assert type(refusal_from(uri, "", {})) is kind
