"""Commands that need no running campus, and what the others say where there is none."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chalkbell.contracts import PROCEDURES, TOPICS, load_all
from tests.cli.commands import ROOT, chalkbell

load_all()


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """The settings of a campus that was never started."""
    return {"CHALKBELL_DATA": str(tmp_path / "data")}


def test_help_names_every_command() -> None:
    said = chalkbell("--help")
    assert said.code == 0
    for command in ("up", "status", "doctor", "demo", "call", "watch", "routes", "schema", "person", "backup", "restore"):
        assert command in said.out


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("stat", "status"),
        ("call workflow.v1.sign", "workflow.v1.sign_off"),
        ("watch workf", "workflow"),
        ("watch --pass", "--passing"),
    ],
)
def test_the_shell_completes_commands_procedures_services_and_options(line: str, word: str) -> None:
    """As bash asks: with the line so far in the environment."""
    words = f"chalkbell {line}"
    asked = {"_CHALKBELL_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'chalkbell'; from chalkbell.cli import main; main()"],
        cwd=ROOT,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == [word]


def test_an_unknown_command_is_a_usage_error() -> None:
    assert chalkbell("ring").code == 2


def test_a_wrong_setting_is_named_with_what_is_expected(nowhere: dict[str, str]) -> None:
    said = chalkbell("status", environment={**nowhere, "CHALKBELL_PORT": "many"})
    assert said.code == 2
    assert "CHALKBELL_PORT" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "command", [["status"], ["call", "workflow.v1.waiting.read"], ["watch"], ["demo"], ["person", "disable", "ada"]]
)
def test_without_a_campus_it_is_said_how_to_start_one(command: list[str], nowhere: dict[str, str]) -> None:
    said = chalkbell(*command, environment=nowhere)
    assert said.code == 1
    assert "chalkbell up" in said.err
    assert said.out == ""


def test_routes_lists_every_procedure_with_who_may_and_where_it_stands() -> None:
    found = chalkbell("routes", "--json").json
    assert {one["uri"] for one in found} == set(PROCEDURES)
    sign_off = next(one for one in found if one["uri"] == "chalkbell.workflow.v1.sign_off")
    file, _, line = sign_off["declared"].rpartition(":")
    assert sign_off["allow"] == "person"
    assert "class SignOff(" in (ROOT / file).read_text().splitlines()[int(line)]


def test_routes_lists_topics_and_searches() -> None:
    assert {one["uri"] for one in chalkbell("routes", "--topics", "--json").json} == set(TOPICS)
    lines = chalkbell("routes", "sign_off").out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["procedure", "chalkbell.workflow.v1.sign_off"]


def test_schema_prints_what_the_contracts_say() -> None:
    paths = chalkbell("schema").out.split()
    assert "docs/reference/openapi.json" in paths
    assert json.loads(chalkbell("schema", "docs/reference/openapi.json").out)["openapi"].startswith("3.")


def test_schema_writes_and_finds_what_differs(tmp_path: Path) -> None:
    assert chalkbell("schema", "--check", "--root", str(tmp_path)).code == 1
    assert chalkbell("schema", "--write", "--root", str(tmp_path)).code == 0
    assert chalkbell("schema", "--check", "--root", str(tmp_path)).code == 0
    (tmp_path / "router/permissions.json").write_text("{}")
    said = chalkbell("schema", "--check", "--root", str(tmp_path))
    assert (said.code, "router/permissions.json" in said.err) == (1, True)


def test_an_unknown_procedure_is_answered_with_a_near_one() -> None:
    said = chalkbell("call", "workflow.v1.signoff")
    assert said.code == 2
    assert "workflow.v1.sign_off" in said.err


@pytest.mark.parametrize("field", ["nothing", "seen:=x", "=3"])
def test_a_field_that_is_none_is_a_usage_error(field: str) -> None:
    assert chalkbell("call", "workflow.v1.sign_off", field).code == 2


@pytest.mark.parametrize("body", ["[1]", "{", "null"])
def test_a_body_that_is_no_object_is_a_usage_error(body: str) -> None:
    assert chalkbell("call", "workflow.v1.sign_off", "--json-body", "-", stdin=body).code == 2


def test_up_says_that_a_port_is_taken_and_which_setting_changes_it(nowhere: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = chalkbell(
            "up", environment={**nowhere, "CHALKBELL_GATEWAY_PORT": str(other.getsockname()[1]), "CHALKBELL_PORT": "1"}
        )
        assert said.code == 1
    assert "CHALKBELL_PORT" in said.err or "CHALKBELL_GATEWAY_PORT" in said.err
    assert "Traceback" not in said.err


def test_up_knows_the_services(nowhere: dict[str, str]) -> None:
    assert chalkbell("up", "--only", "kitchen", environment=nowhere).code == 2


def test_doctor_finds_what_is_wrong_and_says_what_to_do(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keys = data / "keys"
    keys.mkdir(parents=True)
    (keys / "operator.key").write_text("0" * 64)
    (keys / "operator.key").chmod(0o644)
    said = chalkbell("doctor", "--json", environment={"CHALKBELL_DATA": str(data), "CHALKBELL_TIMEZONE": "Moon/Base"})
    assert said.code == 3
    wrong = {one["what"]: one for one in said.json["findings"] if one["verdict"] == "wrong"}
    assert "operator.key" in wrong["keys"]["says"]
    assert "CHALKBELL_TIMEZONE" in wrong["time zone"]["do"]
    assert not said.json["healthy"]


def test_doctor_does_not_look_here_for_a_router_that_is_elsewhere(tmp_path: Path) -> None:
    """As in a service's container, which has neither the router's environment nor the pages."""
    environment = {
        "CHALKBELL_DATA": str(tmp_path),
        "CHALKBELL_ROUTER": "tcp:127.0.0.1:1",
        "CHALKBELL_CROSSBAR": "/nowhere/crossbar",
    }
    found = {one["what"]: one["verdict"] for one in chalkbell("doctor", "--json", environment=environment).json["findings"]}
    assert found["router's environment, pages and ports"] == "fine"
    assert not {"router's environment", "router's rights", "pages", "people's port"} & set(found)


def test_doctor_says_which_database_does_not_answer(tmp_path: Path) -> None:
    said = chalkbell(
        "doctor",
        environment={"CHALKBELL_DATA": str(tmp_path), "CHALKBELL_DATABASE": "postgresql+psycopg://nobody@127.0.0.1:1/none"},
    )
    assert said.code == 3
    assert "CHALKBELL_DATABASE" in said.out
    assert "Traceback" not in said.out + said.err


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, nowhere: dict[str, str]) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all,")
    said = chalkbell("restore", "--yes", str(file), environment=nowhere)
    assert (said.code, "backup" in said.err) == (1, True)
    assert chalkbell("restore", "--yes", str(tmp_path / "nothing.tar"), environment=nowhere).code == 1
