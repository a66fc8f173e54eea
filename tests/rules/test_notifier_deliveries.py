"""What the answers of mail servers mean, and how long to wait."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkbell.contracts.notifier import DeliveryState
from services.notifier.rules.deliveries import LONGEST_WAIT, Verdict, delivery_id, message_id, state_after, verdict_of, wait


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_waits_grow_to_a_limit_and_are_spread(attempts: int, chance: float) -> None:
    """Never none, never much more than the limit, never shorter after more attempts."""
    assert timedelta(seconds=30) < wait(attempts, chance) <= LONGEST_WAIT * 1.2
    assert wait(attempts + 1, chance) >= wait(attempts, chance)
    assert wait(attempts, 0) < wait(attempts, 1)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [(250, "taken"), (251, "taken"), (421, "not_now"), (451, "not_now"), (550, "never"), (-1, "not_now")],
)
def test_a_code_says_whether_to_try_again(code: int, verdict: str) -> None:
    """Refused for now and refused for good are not the same."""
    assert verdict_of(code) == verdict


@pytest.mark.parametrize(
    ("verdict", "attempts", "state"),
    [
        (Verdict.TAKEN, 3, DeliveryState.SENT),
        (Verdict.NOT_NOW, 2, DeliveryState.FAILED),
        (Verdict.NOT_NOW, 3, DeliveryState.DEAD),
        (Verdict.NEVER, 1, DeliveryState.DEAD),
        (Verdict.UNKNOWN, 1, DeliveryState.UNKNOWN),
        (Verdict.UNKNOWN, 3, DeliveryState.DEAD),
        (Verdict.NOT_WANTED, 1, DeliveryState.DROPPED),
    ],
)
def test_a_message_is_given_up_after_its_attempts(verdict: Verdict, attempts: int, state: DeliveryState) -> None:
    """Of three."""
    assert state_after(verdict, attempts, 3) is state


def test_a_message_has_one_name_and_another_message_another() -> None:
    """Kind, history, what it is about and to whom make the id; the Message-ID is made from it at the sender's domain."""
    ids = {
        delivery_id(*parts) for parts in (("a", "e", "b", "c"), ("a", "e", "b", "d"), ("a", "f", "b", "c"), ("b", "e", "b", "c"))
    }
    assert len(ids) == 4
    assert delivery_id("a", "e", "b", "c") == delivery_id("a", "e", "b", "c")
    assert message_id("abc", "Bell <bell@campus.example.edu>") == "<abc@campus.example.edu>"
    assert re.fullmatch(r"<abc@[A-Za-z0-9.-]+>", message_id("abc", "not@an address>\r\nEvil: yes"))
