"""What is kept secret in containers is made once, and each service gets its own alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from chalkbell.router.first_start import hand_out
from chalkbell.router.keys import SERVICES, make_keys, read_seed


@pytest.fixture
def shares(tmp_path: Path) -> Path:
    """The folders that containers mount."""
    for name in (*SERVICES, "database"):
        (tmp_path / "shares" / name).mkdir(parents=True)
    return tmp_path / "shares"


def everything(folder: Path) -> dict[str, str]:
    """All files and what is in them."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_each_its_own(tmp_path: Path, shares: Path) -> None:
    """A service's folder has its own key, readable by nobody else, and nothing more."""
    keys = tmp_path / "keys"
    hand_out(keys, shares)
    for name in SERVICES:
        assert [path.name for path in (shares / name).iterdir()] == [f"{name}.key"]
        assert read_seed(shares / name, name) == read_seed(keys, name)
    assert not list(shares.rglob("operator*"))


def test_doing_it_again_changes_nothing(tmp_path: Path, shares: Path) -> None:
    """At the second start keys and password are what they were."""
    hand_out(tmp_path / "keys", shares)
    first = everything(tmp_path)
    hand_out(tmp_path / "keys", shares)
    assert everything(tmp_path) == first


def test_the_password(tmp_path: Path, shares: Path) -> None:
    """It is long when made here; one that is given takes its place and stays when it is given no more."""
    password = shares / "database" / "password"
    hand_out(tmp_path / "keys", shares)
    assert len(password.read_text().strip()) == 64
    assert stat.S_IMODE(password.stat().st_mode) == 0o444  # the database's own user reads it; no others see the volume
    hand_out(tmp_path / "keys", shares, "chosen")
    assert password.read_text() == "chosen\n"
    hand_out(tmp_path / "keys", shares)
    assert password.read_text() == "chosen\n"


def test_a_lost_share_is_made_again(tmp_path: Path, shares: Path) -> None:
    """Who lost a service's volume gets the same key again; who lost all keys gets new ones everywhere."""
    hand_out(tmp_path / "keys", shares)
    (shares / "workflow" / "workflow.key").unlink()
    hand_out(tmp_path / "keys", shares)
    assert read_seed(shares / "workflow", "workflow") == read_seed(tmp_path / "keys", "workflow")
    for key in (tmp_path / "keys").iterdir():
        key.unlink()
    hand_out(tmp_path / "keys", shares)
    for name in SERVICES:
        assert read_seed(shares / name, name) == read_seed(tmp_path / "keys", name)


def test_keys_are_read_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The router has them mounted read-only: nothing is changed where all is as it should be."""
    made = make_keys(tmp_path / "keys")

    def refuse(*_: object, **__: object) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(Path, "chmod", refuse)
    monkeypatch.setattr("os.link", refuse)
    assert make_keys(tmp_path / "keys") == made
