"""Setting up is done once, and again when what it was made from has changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools import steps
from tools.steps import SetupError, Step

MakeStep = Callable[..., Step]


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def make_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: list[str]) -> MakeStep:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    (tmp_path / "lock").write_text("one")

    def make(do: Callable[[], object] = lambda: done.append("done"), also: tuple[str, ...] = ()) -> Step:
        made = tmp_path / "made"

        def work() -> None:
            do()
            made.touch()

        return Step(
            "step", "Making it", work, tmp_path / "stamp",
            inputs=(tmp_path / "lock",), makes=(made,), also=also,
        )  # fmt: skip

    return make


def test_a_step_is_done_once(make_step: MakeStep, done: list[str]) -> None:
    make_step().ensure()
    make_step().ensure()
    assert done == ["done"]


def test_a_step_is_done_again_when_an_input_changes(make_step: MakeStep, done: list[str], tmp_path: Path) -> None:
    make_step().ensure()
    (tmp_path / "lock").write_text("two")
    make_step().ensure()
    assert len(done) == 2


def test_a_step_is_done_again_for_another_python(make_step: MakeStep, done: list[str]) -> None:
    make_step(also=("3.11",)).ensure()
    make_step(also=("3.12",)).ensure()
    assert len(done) == 2


def test_a_step_is_done_again_when_what_it_made_is_gone(make_step: MakeStep, done: list[str], tmp_path: Path) -> None:
    make_step().ensure()
    (tmp_path / "made").unlink()
    make_step().ensure()
    assert len(done) == 2


def test_a_step_that_failed_is_not_taken_for_done(make_step: MakeStep, done: list[str]) -> None:
    def fail() -> None:
        raise SetupError("no network")

    with pytest.raises(SetupError):
        make_step(fail).ensure()
    make_step().ensure()
    assert done == ["done"]


def test_a_failing_command_shows_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "LOG", tmp_path / "log")
    with pytest.raises(SetupError, match=r"(?s)the bell is cracked.*exit code 3"):
        steps.run("sh", "-c", "echo the bell is cracked; exit 3", cwd=tmp_path)


def test_a_command_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "LOG", tmp_path / "log")
    with pytest.raises(SetupError, match="no-such-command"):
        steps.run("no-such-command", cwd=tmp_path)
