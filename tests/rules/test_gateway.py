"""What the gateway decides of a request by looking at it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway import rules

TRUSTED = rules.networks(["127.0.0.0/8", "10.0.0.0/8", "::1/128"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("::1", "[2001:db8::1]", "2001:db8::1"),
        ("127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1"),
        ("127.0.0.1", " , ,", "127.0.0.1"),
        ("", "203.0.113.9", ""),
    ],
)
def test_the_client_is_the_last_that_a_trusted_proxy_saw(peer: str, forwarded: str, client: str) -> None:
    assert rules.client_address(peer, forwarded, TRUSTED) == client


@given(st.text(max_size=50), st.text(max_size=100))
def test_no_header_makes_a_stranger_somebody_else(peer: str, forwarded: str) -> None:
    """Where the peer is no trusted proxy nothing of the header counts."""
    if not rules.is_within(peer, TRUSTED):
        assert rules.client_address(peer, forwarded, TRUSTED) == peer


@pytest.mark.parametrize(
    ("origin", "site", "own"),
    [
        ("https://bell.example.edu", None, True),
        ("https://BELL.example.edu", "same-origin", True),
        ("http://bell.example.edu", None, True),
        ("http://localhost:8080", None, True),
        ("https://other.example", "cross-site", True),
        ("http://localhost:8081", None, False),
        ("http://localhost", None, False),
        ("https://bell.example.edu.evil.example", None, False),
        ("https://evil.example", "same-origin", False),
        ("null", None, False),
        ("", None, False),
        ("file://bell.example.edu", None, False),
        ("http://[", None, False),
        (None, None, True),
        (None, "same-origin", True),
        (None, "none", True),
        (None, "cross-site", False),
        (None, "same-site", False),
    ],
)
def test_whose_page_it_is(origin: str | None, site: str | None, own: bool) -> None:
    hosts = ["localhost:8080", "bell.example.edu", "", "[::", "x:99999"]
    assert rules.is_own_page(origin, site, hosts, ["https://other.example/"]) is own


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_origin_is_answered(origin: str, host: str) -> None:
    assert rules.is_own_page(origin, None, [host], []) in (True, False)


def test_a_correlation_id_can_stand_in_a_log() -> None:
    assert rules.correlation_id("a-1_b.c:2") == "a-1_b.c:2"
    for bad in (None, "", "a b", "x" * 65, "a\n", "ä"):
        assert rules.correlation_id(bad) is None


def test_bearer_tokens() -> None:
    assert rules.bearer("Bearer cb_x") == rules.bearer("bearer  cb_x ") == "cb_x"
    for bad in ("", "Bearer", "Bearer ", "Basic cb_x", "Bearer a b", "Bearer " + "x" * 201, "Bearer cb_é"):
        assert rules.bearer(bad) is None


@pytest.mark.parametrize(
    ("kind", "json"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ('application/json; charset="UTF-8"', True),
        ("application/json; charset=latin-1", False),
        ("text/json", False),
        ("", False),
        (None, False),
    ],
)
def test_what_says_that_it_is_json(kind: str | None, json: bool) -> None:
    assert rules.is_json(kind) is json
