"""The checker of histories: silent on what is right, and it names each kind of fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chalkbell.testing.history import History, Kind, check

ROOM, OTHER = "room-1", "room-2"


def sound() -> History:
    """Three changes, one refused and one never answered, and two followers who have it all."""
    history = History()
    for person in ("ada", "ben"):
        history.allowed(person, ROOM)
        history.began(f"{person}'s page", person, ROOM, "e1", 0)
    for seq, change in enumerate(("a", "b", "c"), 1):
        history.attempt(change, ROOM)
        for person in ("ada", "ben"):
            history.received(f"{person}'s page", ROOM, "e1", seq, change, change.upper())
        if change == "c":
            history.unknown(change)
        else:
            history.acknowledged(change)
    history.attempt("refused", ROOM)
    history.refused("refused")
    for seq, change in enumerate(("a", "b", "c"), 1):
        history.recorded(ROOM, "e1", seq, change, change.upper())
    history.stands(ROOM, "e1", 3)
    return history


def kinds(history: History) -> set[Kind]:
    return {fault.kind for fault in check(history).faults}


def test_what_is_right_has_no_fault() -> None:
    report = check(sound())
    assert report.faults == []
    assert (report.attempted, report.acknowledged, report.refused, report.unknown) == (4, 2, 1, 1)
    assert (report.followers, report.deliveries, report.recorded) == (2, 6, 3)
    assert report.lines()[-1] == ", ".join(f"0 {kind.value}" for kind in Kind)


def acknowledged_and_nowhere(history: History) -> None:
    history.attempt("d", ROOM)
    history.acknowledged("d")


def passed_over(history: History) -> None:
    history.began("cyd's page", "ada", ROOM, "e1", 0)
    history.received("cyd's page", ROOM, "e1", 1, "a", "A")
    history.received("cyd's page", ROOM, "e1", 3, "c", "C")


def a_hole_in_the_database(history: History) -> None:
    history.notes[:] = [note for note in history.notes if not (type(note).__name__ == "Recorded" and note.seq == 2)]  # type: ignore[union-attr]


def refused_and_recorded(history: History) -> None:
    history.recorded(ROOM, "e1", 4, "refused")
    history.stands(ROOM, "e1", 4)


def told_though_refused(history: History) -> None:
    history.received("ada's page", ROOM, "e1", 4, "refused")


def told_of_what_nobody_asked(history: History) -> None:
    history.received("ada's page", ROOM, "e1", 4, "z")


def told_and_not_recorded(history: History) -> None:
    history.received("ada's page", ROOM, "e1", 4)


def recorded_twice(history: History) -> None:
    history.recorded(ROOM, "e1", 4, "a")
    history.stands(ROOM, "e1", 4)


def one_number_twice(history: History) -> None:
    history.recorded(ROOM, "e1", 3, "c", "C")


def handed_twice(history: History) -> None:
    history.received("ada's page", ROOM, "e1", 3, "c", "C")


def handed_what_the_snapshot_had(history: History) -> None:
    history.began("cyd's page", "ada", ROOM, "e1", 3)
    history.received("cyd's page", ROOM, "e1", 3, "c", "C")


def handed_late(history: History) -> None:
    passed_over(history)
    history.received("cyd's page", ROOM, "e1", 2, "b", "B")


def recorded_in_another_order(history: History) -> None:
    history.attempt("late", OTHER)
    history.acknowledged("late")
    history.attempt("later", OTHER)
    history.acknowledged("later")
    history.recorded(OTHER, "e1", 1, "later")
    history.recorded(OTHER, "e1", 2, "late")
    history.stands(OTHER, "e1", 2)


def another_history_without_a_snapshot(history: History) -> None:
    history.received("ada's page", ROOM, "e2", 4)


def two_see_different_events(history: History) -> None:
    history.began("cyd's page", "ada", ROOM, "e1", 2)
    history.received("cyd's page", ROOM, "e1", 3, "c", "something else")


def seen_by_a_stranger(history: History) -> None:
    history.began("eve's page", "eve", ROOM, "e1", 2)
    history.received("eve's page", ROOM, "e1", 3, "c", "C")


def seen_after_the_right_was_taken(history: History) -> None:
    history.forbidden("ben", ROOM)
    history.attempt("secret", ROOM)
    history.received("ben's page", ROOM, "e1", 4, "secret")


def left_behind(history: History) -> None:
    history.began("cyd's page", "ada", ROOM, "e1", 2)


def in_the_old_history(history: History) -> None:
    history.stands(ROOM, "e2", 3)


def nobody_looked(history: History) -> None:
    history.attempt("elsewhere", OTHER)


def a_letter_twice(history: History) -> None:
    history.found("mailbox", [ROOM], ["a", "b", "b", "c"])


def a_letter_lost(history: History) -> None:
    history.found("mailbox", [ROOM], ["a", "c"])


def a_letter_of_nothing(history: History) -> None:
    history.found("mailbox", [ROOM], ["a", "b", "c", "refused"])


@pytest.mark.parametrize(
    ("plant", "kind"),
    [
        (acknowledged_and_nowhere, Kind.LOST),
        (passed_over, Kind.LOST),
        (a_hole_in_the_database, Kind.LOST),
        (a_letter_lost, Kind.LOST),
        (refused_and_recorded, Kind.PHANTOM),
        (told_though_refused, Kind.PHANTOM),
        (told_of_what_nobody_asked, Kind.PHANTOM),
        (told_and_not_recorded, Kind.PHANTOM),
        (a_letter_of_nothing, Kind.PHANTOM),
        (recorded_twice, Kind.DOUBLED),
        (one_number_twice, Kind.DOUBLED),
        (handed_twice, Kind.DOUBLED),
        (handed_what_the_snapshot_had, Kind.DOUBLED),
        (a_letter_twice, Kind.DOUBLED),
        (handed_late, Kind.OUT_OF_ORDER),
        (recorded_in_another_order, Kind.OUT_OF_ORDER),
        (another_history_without_a_snapshot, Kind.OUT_OF_ORDER),
        (two_see_different_events, Kind.DIFFERENT),
        (seen_by_a_stranger, Kind.WRONG_PERSON),
        (seen_after_the_right_was_taken, Kind.WRONG_PERSON),
        (left_behind, Kind.NOT_CONVERGED),
        (in_the_old_history, Kind.NOT_CONVERGED),
        (nobody_looked, Kind.NOT_CONVERGED),
    ],
)
def test_each_fault_is_named(plant: Callable[[History], None], kind: Kind) -> None:
    history = sound()
    plant(history)
    report = check(history)
    assert kind in kinds(history), [str(fault) for fault in report.faults]
    assert report.counts[kind] == sum(fault.kind is kind for fault in report.faults)


def test_what_a_restored_backup_takes_back_is_not_lost_and_followers_begin_anew() -> None:
    """And what was acknowledged before the backup, or after it was put back, must be there."""
    history = History()
    history.began("page", "ada", ROOM, "e1", 0)
    for seq, change in enumerate(("before", "between"), 1):
        history.attempt(change, ROOM)
        history.acknowledged(change)
        history.received("page", ROOM, "e1", seq, change)
        if change == "before":
            history.backed_up("the evening's")
    history.restored("the evening's")
    history.began("page", "ada", ROOM, "e2", 1)
    history.attempt("after", ROOM)
    history.acknowledged("after")
    history.received("page", ROOM, "e2", 2, "after")
    history.recorded(ROOM, "e2", 1, "before")
    history.recorded(ROOM, "e2", 2, "after")
    history.stands(ROOM, "e2", 2)
    report = check(history)
    assert report.faults == []
    assert report.given_up == 1
    lost = History(note for note in history.notes if getattr(note, "change", "") != "before" or type(note).__name__ != "Recorded")
    assert Kind.LOST in kinds(lost)


def test_one_who_lost_the_right_may_hear_the_end_of_what_was_under_way() -> None:
    """And need not be where the database is."""
    history = sound()
    history.attempt("under way", ROOM)
    history.forbidden("ben", ROOM)
    history.received("ben's page", ROOM, "e1", 4, "under way")
    history.received("ada's page", ROOM, "e1", 4, "under way")
    history.received("ada's page", ROOM, "e1", 5)
    history.recorded(ROOM, "e1", 4, "under way")
    history.recorded(ROOM, "e1", 5)
    history.stands(ROOM, "e1", 5)
    assert kinds(history) == set()


def test_what_is_no_longer_kept_was_seen_by_somebody() -> None:
    history = sound()
    history.notes[:] = [note for note in history.notes if not (type(note).__name__ == "Recorded" and note.seq == 1)]  # type: ignore[union-attr]
    assert kinds(history) == {Kind.LOST, Kind.PHANTOM}
    history.stands(ROOM, "e1", 3, kept_from=2)
    assert kinds(history) == set()


def test_a_huge_gap_costs_no_memory() -> None:
    history = History()
    history.began("page", "ada", ROOM, "e1", 0)
    history.received("page", ROOM, "e1", 10**12)
    history.stands(ROOM, "e1", 10**12, kept_from=10**12)
    assert Kind.LOST in kinds(history)


def test_a_history_is_written_and_read(tmp_path: Path) -> None:
    history = sound()
    history.backed_up("b")
    history.restored("b")
    history.ended("ada's page")
    history.forbidden("ben", ROOM)
    history.found("mailbox", [ROOM], ["a"])
    history.write(tmp_path / "history.jsonl")
    assert History.read(tmp_path / "history.jsonl").notes == history.notes
