"""Commands on a campus that runs: the router and all services in one process, started as `chalkbell up` starts them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from chalkbell.contracts.directory import ReadCampus
from tests.cli.commands import ROOT, Said, chalkbell
from tests.running import Running

pytestmark = pytest.mark.router


class Commands:
    """Commands with the settings of one running campus."""

    def __init__(self, campus: Running) -> None:
        self.campus = campus

    def __call__(self, *arguments: str, stdin: str = "", **more: str) -> Said:
        return chalkbell(*arguments, environment={**self.campus.environment, **more}, stdin=stdin)


@pytest.fixture(scope="module")
def run() -> Iterator[Commands]:
    """A campus with an administrator, Ann, and a lecturer, Bo, of whose password Bo was told."""
    with Running() as campus:
        campus.start()
        run = Commands(campus)
        assert run("person", "add", "ann-lee", "Ann Lee", "ann@example.edu", "--administrator").code == 0
        added = run("person", "add", "bo-field", "Bo Field", "bo@example.edu", "--password-stdin", stdin="a-long-password-of-bo\n")
        assert (added.code, added.out) == (0, "")
        yield run


def test_status_tells_that_all_services_are_well(run: Commands) -> None:
    said = run("status", "--json")
    assert (said.code, said.json["healthy"]) == (0, True)
    assert len(said.json["services"]) == 6
    assert run("status").out.splitlines()[1].split("\t")[:2] == ["directory", "well"]


def test_doctor_finds_nothing_wrong_but_perhaps_pages(run: Commands) -> None:
    found = run("doctor", "--json").json["findings"]
    assert {one["what"] for one in found if one["verdict"] == "wrong"} <= {"pages", "router's rights"}
    assert {"router", "followers", "administrators", "mail", "gateway"} <= {
        one["what"] for one in found if one["verdict"] == "fine"
    }


def test_a_password_is_made_and_printed_once_and_can_be_signed_in_with(run: Commands) -> None:
    made = run("person", "password", "ann-lee", "--json").json["password"]
    body = json.dumps({"email": "ann@example.edu", "password": made})
    done = subprocess.run(
        [sys.executable, "-c", SIGN_IN, run.campus.url, body], capture_output=True, text=True, timeout=30, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout)["person"]["id"] == "ann-lee"


SIGN_IN = """
import sys, urllib.request
request = urllib.request.Request(sys.argv[1] + "/api/sign-in", sys.argv[2].encode(), {"content-type": "application/json"})
print(urllib.request.urlopen(request, timeout=20).read().decode())
"""


def test_call_asks_as_the_operator_and_prints_json(run: Commands) -> None:
    said = run("call", "directory.v1.person.read", "id=bo-field")
    assert (said.code, said.json["person"]["email"]) == (0, "bo@example.edu")


def test_call_takes_fields_from_the_line_and_from_a_body(run: Commands) -> None:
    listed = run(
        "call", "chalkbell.directory.v1.people.list", "limit=1", "active:=true", "--json-body", "-", stdin='{"search": "bo"}'
    ).json
    assert [one["id"] for one in listed["people"]] == ["bo-field"]


def test_call_as_somebody_has_their_rights(run: Commands) -> None:
    assert run("call", "directory.v1.profile.read", "--as", "bo-field").json["person"]["id"] == "bo-field"
    refused = run("call", "directory.v1.person.read", "id=ann-lee", "--as", "bo-field")
    assert (refused.code, refused.out) == (1, "")
    assert "not_allowed" in refused.err


def test_a_refusal_tells_the_field_and_what_to_do(run: Commands) -> None:
    said = run("call", "directory.v1.person.read")
    assert said.code == 1
    assert "invalid" in said.err
    taken = run("person", "add", "ann-lee", "Ann Two", "two@example.edu")
    assert (taken.code, "path: id" in taken.err) == (1, True)


def test_a_token_calls_from_elsewhere_over_the_websocket(run: Commands) -> None:
    token = run("person", "token", "bo-field", "--days", "1").out.strip()
    elsewhere = {"CHALKBELL_TOKEN": token, "CHALKBELL_DATA": "/nowhere"}
    said = run("call", "directory.v1.profile.read", "--as", "bo-field", "--url", run.campus.url, **elsewhere)
    assert (said.code, said.json["person"]["name"]) == (0, "Bo Field")
    wrong = run("call", "directory.v1.profile.read", "--as", "ann-lee", "--url", run.campus.url, **elsewhere)
    assert wrong.code == 1
    assert run("call", "directory.v1.profile.read", "--url", run.campus.url).code == 2


def test_watch_replays_from_a_number(run: Commands) -> None:
    said = run("watch", "directory", "campus", "--from", "1", "--count", "2", "--json")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert [(event["seq"], event["name"]) for event in events] == [(1, "person_changed"), (2, "person_changed")]
    assert "person_changed by operator" in run("watch", "directory", "campus", "--from", "2", "--count", "1").out


def test_watch_shows_what_happens_now_until_interrupted(run: Commands) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "chalkbell", "watch", "--json", "--passing"],
        cwd=ROOT,
        env={**os.environ, **run.campus.environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    with watching:
        assert watching.stdout
        # it begins where the streams stand when it has joined: change something until it shows
        seen = ""
        for number in range(100):
            assert run("call", "directory.v1.group.add", f"id=group-{number}", f"name=Group {number}").code == 0
            if number >= 1 or _readable(watching):
                seen = watching.stdout.readline()
                break
        event = json.loads(seen)
        assert (event["service"], event["name"]) == ("directory", "group_changed")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 130


def _readable(process: "subprocess.Popen[str]") -> bool:
    import select

    return bool(select.select([process.stdout], [], [], 2)[0])


def test_people_watch_only_what_they_may_read(run: Commands) -> None:
    said = run("watch", "directory", "campus", "--as", "bo-field")
    assert said.code == 1
    assert "may" in said.err


def test_who_is_disabled_can_no_longer_call(run: Commands) -> None:
    assert run("person", "add", "cy-gone", "Cy Gone", "cy@example.edu", "--no-password").code == 0
    token = run("person", "token", "cy-gone").out.strip()
    assert run("person", "disable", "cy-gone").code == 0
    assert run("call", "directory.v1.profile.read", "--as", "cy-gone", "--token", token).code == 1
    assert run("person", "enable", "cy-gone").code == 0
    assert run("call", "directory.v1.profile.read", "--as", "cy-gone", "--token", token).code == 0


def test_a_demo_is_not_mixed_with_people_who_are_there(run: Commands) -> None:
    said = run("demo")
    assert said.code == 1
    assert "already" in said.err


def test_a_backup_is_taken_while_the_campus_runs_and_restored_when_it_is_stopped(run: Commands) -> None:
    """Last: it stops the campus and starts it again. Services join with the keys they had."""
    campus = run.campus
    file = campus.data / "backup.tar.gz"
    assert run("backup", str(file), "--json").json["services"] == [
        "classroom",
        "directory",
        "gateway",
        "notifier",
        "workflow",
        "workload",
    ]
    assert run("person", "add", "late-comer", "Late Comer", "late@example.edu").code == 0
    assert run("restore", "--yes", str(file)).code == 1, "services run"
    process = campus.processes[0]
    process.kill()

    said = run("restore", "--yes", "--json", str(file))
    assert said.code == 0, said.err
    campus.again(process)

    people = {person.id for person in campus.ask(ReadCampus()).people}
    assert "late-comer" not in people
    assert "bo-field" in people
    assert run("status").code == 0
    assert run("person", "add", "late-comer", "Late Comer", "late@example.edu").code == 0
