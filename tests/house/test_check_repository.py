"""Each rule about the repository's files finds what breaks it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools import check_repository as check


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in the place of the repository."""

    def files() -> tuple[Path, ...]:
        return tuple(sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()))

    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "files", files)
    check.text.cache_clear()
    yield tmp_path
    check.text.cache_clear()


ELSEWHERE = "/".join(("", "work", "main", "x"))


@pytest.mark.parametrize(
    ("rule", "name", "content"),
    [
        (check.locks_name_no_host, "a.lock", "--index-url https://packages.example/simple\n"),
        (check.locks_name_no_host, "package-lock.json", '{"resolved": "https://packages.example/x.tgz"}\n'),
        (check.no_file_names_somebodys_machine, "a.py", f"open('{ELSEWHERE}')\n"),
        (check.no_conflict_is_left, "a.py", "<" * 7 + " HEAD\n"),
        (check.text_ends_in_one_newline, "a.py", "x = 1"),
        (check.text_ends_in_one_newline, "a.py", "x = 1\n\n"),
        (check.text_ends_in_one_newline, "a.py", "x = 1\r\n"),
        (check.no_file_is_large, "a.txt", "x" * 1_000_001),
        (check.sources_fit_in_the_head, "a.py", "x = 1\n" * 301),
        (check.links_lead_somewhere, "a.md", "[there](nowhere.md)\n"),
        (check.fragments_say_their_kind, "changelog.d/loads.md", "Loads.\n"),
        (check.scripts_can_be_run, "a.sh", "#!/bin/sh\n"),
    ],
)
def test_a_rule_finds_what_breaks_it(repository: Path, rule: Callable[[], Iterator[str]], name: str, content: str) -> None:
    (repository / name).parent.mkdir(exist_ok=True)
    (repository / name).write_bytes(content.encode())
    assert [problem for problem in rule() if problem.startswith(name)]


@pytest.mark.parametrize("rule", check.RULES, ids=lambda rule: rule.__name__)
def test_a_rule_is_content_with_what_is_right(repository: Path, rule: Callable[[], Iterator[str]]) -> None:
    (repository / "a.lock").write_text("msgspec==0.22.0 \\\n    --hash=sha256:00\n    # via -r a.in\n")
    (repository / "package-lock.json").write_text('{"funding": {"url": "https://a.example"}}\n')
    (repository / "a.md").write_text("[this](a.lock), [elsewhere](https://a.example)\n")
    (repository / "a.py").write_text('"""/api/workload and https://a.example/work/x."""\n')
    assert list(rule()) == []


def test_two_locks_of_one_environment_hold_one_version(repository: Path) -> None:
    (repository / "requirements").mkdir()
    (repository / "requirements" / "chalkbell.lock").write_text("msgspec==0.22.0 \\\n")
    (repository / "requirements" / "development.lock").write_text("msgspec==0.23.0 \\\n")
    (problem,) = check.locks_agree()
    assert "msgspec is 0.23.0 here and 0.22.0" in problem
