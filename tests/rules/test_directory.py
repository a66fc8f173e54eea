"""What the directory decides: guessing, weak passwords, lists of people."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkbell.contracts.directory import Person
from services.directory import rules
from services.directory.rules.imports import COLUMNS

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADA = Person(id="ada-stone", name="Ada Stone", email="a.stone@example.edu", version=3)


def test_a_bucket_lets_so_many_pass_and_leaks() -> None:
    """Five quick ones, then one every three minutes; after its time it is empty."""
    bucket = rules.Bucket("x", 5, timedelta(minutes=15))
    assert [bucket.wait(level) for level in (0, 4, 4.5, 5)] == [0, 0, 90, 180]
    assert bucket.level(5, NOW, NOW + timedelta(minutes=3)) == 4
    assert bucket.level(5, NOW, NOW + timedelta(minutes=15)) == 0
    assert bucket.level(5, NOW, NOW + timedelta(days=9)) == 0


def test_a_clock_that_is_set_back_fills_no_bucket() -> None:
    assert rules.Bucket("x", 5, timedelta(minutes=15)).level(2, NOW, NOW - timedelta(hours=1)) == 2


@given(
    size=st.integers(1, 50),
    gaps=st.lists(st.integers(0, 4000), max_size=200),
)
def test_a_patient_guesser_has_no_more_attempts_than_the_bucket_gives(size: int, gaps: list[int]) -> None:
    """Whatever the rhythm: at most the bucket's size, and what leaked meanwhile. Who waits as told is never told to wait more."""
    bucket = rules.Bucket("x", size, timedelta(hours=1))
    level, then, start = 0.0, NOW, NOW
    now = start
    for attempts, gap in enumerate(gaps, 1):
        now += timedelta(seconds=gap)
        level, then = bucket.level(level, then, now), now
        if wait := bucket.wait(level):
            now += timedelta(seconds=wait)
            level, then = bucket.level(level, then, now), now
            assert bucket.wait(level) == 0
        level += 1
        assert attempts <= size + (now - start) / timedelta(hours=1) * size + 1e-6


def test_an_attempt_counts_for_the_account_the_address_and_both() -> None:
    """Keys tell nothing of what they stand for, and those of another account or address are others."""
    one = [bucket.key for bucket in rules.buckets("ada@example.edu", "192.0.2.7", 5, 30, 200)]
    other = [bucket.key for bucket in rules.buckets("ada@example.edu", "192.0.2.8", 5, 30, 200)]
    assert [a == b for a, b in zip(one, other, strict=True)] == [False, True, False]
    assert len(set(one)) == 3
    assert all(len(key) == 64 for key in one)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert rules.network(address) == network


@pytest.mark.parametrize(
    "weak", ["", "Ab3$xyz", "aaaaaaaaaaaa", "A.Stone@example.edu", "AdaStone2026!", "chalkbell2026", "qwertyuiop"]
)
def test_weak_passwords(weak: str) -> None:
    assert rules.is_weak(weak, ADA)


@pytest.mark.parametrize("good", ["thirty-nine steps", "xK9#mQ2$vL", "ein Wort und noch eins", "пароль посложнее"])
def test_good_passwords(good: str) -> None:
    assert not rules.is_weak(good, ADA)


def test_a_change_counts_and_no_change_does_not() -> None:
    assert rules.changed(ADA, name="Ada Stone") is ADA
    assert rules.changed(ADA, active=False) == Person(**{**_fields(ADA), "active": False, "version": 4})


def _fields(person: Person) -> dict[str, object]:
    return {name: getattr(person, name) for name in person.__struct_fields__}


def test_groups_of_a_row_are_parted_by_what_people_type() -> None:
    assert rules.Row(2, {"groups": " a; b,c  d;;"}).groups == {"a", "b", "c", "d"}


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never an exception; every row and every refusal has its line."""
    rows, refused = rules.read(text)
    assert rows or refused or "," in text or ";" in text or "\t" in text
    assert all(row.line >= 1 for row in [*rows, *refused])


CELL = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters='"'), min_size=1, max_size=12)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=20), st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_is_what_is_read(cells: list[tuple[str, str, str]], delimiter: str) -> None:
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in cells]
    rows, _ = rules.read("\r\n".join([delimiter.join(COLUMNS[:3]), *lines]))
    assert [tuple(row.cells[name] for name in COLUMNS[:3]) for row in rows] == cells
    assert [row.line for row in rows] == list(range(2, len(cells) + 2))
