"""First start, as somebody who has just cloned the repository sees it: one command, and a university to look at."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalkbell.router.process import ending_with_us
from tests.cli.commands import ROOT, chalkbell
from tests.routing import free_port
from tests.running import until

pytestmark = [pytest.mark.router, pytest.mark.timeout(300)]
PATIENCE = 120.0


class Started:
    """`chalkbell up --demo` on free ports and a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.log = folder / "log"
        self.port = free_port()
        self.environment = {
            "CHALKBELL_DATA": str(self.data),
            "CHALKBELL_PORT": str(self.port),
            "CHALKBELL_GATEWAY_PORT": str(free_port()),
        }
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it anew, with an empty log."""
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                ending_with_us([sys.executable, "-m", "chalkbell", "up", "--demo"]),
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_for(self, text: str) -> None:
        """Return when it has said this."""
        until(lambda: text in self.said(), f"{text!r} in the log", PATIENCE, self.said)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def end(self, number: int) -> int:
        assert self.child
        self.child.send_signal(number)
        return self.child.wait(30)

    def accounts(self) -> dict[str, tuple[str, str]]:
        """Address and password by role, from the file."""
        found: dict[str, tuple[str, str]] = {}
        for line in (self.data / "demo-accounts.txt").read_text().splitlines():
            role, email, password, _ = (part.strip() for part in line.split("  ") if part.strip())
            found[role] = (email, password)
        return found

    def sign_in(self, email: str, password: str) -> dict[str, Any]:
        """What the gateway answers to who signs in."""
        body = json.dumps({"email": email, "password": password}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/sign-in", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    campus = Started(tmp_path)
    campus.start()
    yield campus
    if campus.child and campus.child.poll() is None:
        campus.child.kill()
        campus.child.wait()


def test_one_command_makes_a_university_also_when_its_first_run_was_killed(started: Started) -> None:
    """Killed in the middle of hundreds of sign-offs, started again: finished, and everybody named can sign in."""
    started.wait_for("Sign-offs")
    started.end(signal.SIGKILL)
    started.start()
    started.wait_for("Chalkbell is at")

    assert started.data.joinpath("demo-accounts.txt").stat().st_mode & 0o077 == 0
    accounts = started.accounts()
    assert len(accounts) == 7
    signed_in = {role: started.sign_in(*account)["person"] for role, account in accounts.items()}
    assert signed_in["administrator"]["administrator"]
    assert (signed_in["student"]["kind"], signed_in["examiner"]["kind"]) == ("student", "external")
    email, _ = accounts["teacher"]
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        started.sign_in(email, "not-the-password")
    refused.value.close()
    assert chalkbell("status", environment=started.environment).code == 0

    teach(started, signed_in["teacher"]["id"])

    assert started.end(signal.SIGINT) == 0
    started.start()
    started.wait_for("Chalkbell is at")
    assert started.accounts() == accounts, "another start changes nothing"
    assert accounts["teacher"][1] in started.said()


def teach(started: Started, teacher: str) -> None:
    """Students come to the class, are split into groups, and go home."""
    log = started.log.with_name("class")
    with log.open("wb") as out:
        students = subprocess.Popen(
            [sys.executable, "-m", "chalkbell", "demo", "--class", "5"],
            cwd=ROOT,
            env={**os.environ, **started.environment},
            stdout=out,
            stderr=out,
        )
    try:
        until(lambda: "Ctrl-C" in log.read_text(), "students in the room", PATIENCE, log.read_text)
        number = chalkbell("call", "classroom.v1.room.read", "room=cs1001", environment=started.environment).json["mode"]["number"]
        said = chalkbell(
            "call",
            "classroom.v1.split",
            "room=cs1001",
            f"seen={number}",
            "size=2",
            "--as",
            teacher,
            environment=started.environment,
        )
        assert sorted(len(group["members"]) for group in said.json["groups"]) == [2, 3]
    finally:
        students.send_signal(signal.SIGINT)
        assert students.wait(30) == 130
