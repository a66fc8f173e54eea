"""`python -m tests.compose.ring`: the campus in containers, rung through once, with every service that scales there twice.

Sign-offs and reminders run through it while containers are killed. Afterwards every acknowledged sign-off must have reached
every follower exactly once and in order, and every message the mail catcher: nothing twice, nothing lost. Uses whatever engine
`docker compose` finds, under a project name of its own, and removes all but the images at the end.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from chalkbell.bus import Ticket
from chalkbell.contracts.notifier import AddTask, DeliveryState, ListDeliveries, Remind
from tests.compose.as_operator import ADMINISTRATOR
from tests.compose.containers import Project, engine, say, until
from tests.faults.school import LECTURERS, PACKAGE, Client, all_there, check, finish, in_threads, open_school
from tests.routing import free_port
from tests.running import Followed, Program

SIGN_OFFS_EACH = 100
TURNS = 4
#: A lease is free so many seconds after its holder died; then the others go on.
PATIENCE = 180.0
PROJECT = "chalkbell-ring"
SIGN_OFF = 'chalkbell_calls_total{outcome="ok",procedure="chalkbell.workflow.v1.sign_off"}'
READ_MAILS = """
import email, json, pathlib
found = [email.message_from_bytes(path.read_bytes()) for path in pathlib.Path("/mail").glob("*.eml")]
print(json.dumps([[mail["Delivered-To"], mail["Message-ID"]] for mail in found]))
"""


class Ring:
    """One turn: a school in the containers, its people's programs, and what they saw."""

    def __init__(self, project: Project, port: int) -> None:
        self.project = project
        self.address = f"ws://127.0.0.1:{port}/ws"
        self.programs: list[Program] = []
        self.ask = self._program(ADMINISTRATOR, self._tokens(ADMINISTRATOR)[ADMINISTRATOR]).ask
        self.mails_expected = 0

    def _tokens(self, *people: str) -> dict[str, str]:
        script = Path(__file__).with_name("as_operator.py").read_text()
        command = ("run", "--rm", "--no-TTY", "--entrypoint", "python", "chalkbell", "-", *people)
        tokens: dict[str, str] = json.loads(self.project.run(*command, script=script))
        return tokens

    def _program(self, person: str, token: str) -> Program:
        self.programs.append(Program(self.address, Ticket(person, token)))
        return self.programs[-1]

    def open(self) -> None:
        """People, a package, assessments; four who sign off, and followers on two sessions each."""
        assessments = open_school(self, modules=TURNS * len(LECTURERS))  # type: ignore[arg-type]  # it only asks
        tokens = self._tokens(*LECTURERS)
        programs = cycle([self._program(who, tokens[who]) for who in LECTURERS])
        self._waiting = [Client(program, assessment) for program, assessment in zip(programs, assessments, strict=False)]
        self.clients: list[Client] = []
        watchers = {who: self._program(who, tokens[who]) for who in LECTURERS}
        self.package = [watcher.follow("workflow", PACKAGE) for watcher in watchers.values()]
        self.own = {who: watcher.follow("notifier", who) for who, watcher in watchers.items()}

    def next_clients(self) -> list[Client]:
        """Four people at assessments that nobody has signed yet."""
        fresh, self._waiting = self._waiting[: len(LECTURERS)], self._waiting[len(LECTURERS) :]
        self.clients += fresh
        return fresh

    @property
    def acknowledged(self) -> list[str]:
        """The sign-offs that were answered."""
        return [sign_off for client in self.clients for sign_off in client.acknowledged]

    def remind(self, name: str) -> None:
        """Set everybody a task, and remind them of it."""
        deadline = datetime.now(UTC) + timedelta(days=1)
        self.ask(AddTask(name=name, deadline=deadline, people=LECTURERS, request_id=name))
        reminded = self.ask(Remind(request_id=f"remind-{name}"))
        assert sorted(reminded.people) == LECTURERS, reminded
        self.mails_expected += len(LECTURERS)

    def mails(self) -> Counter[str]:
        """How often the catcher took each message, by Message-ID."""
        found: list[tuple[str, str]] = json.loads(self.project.in_python("mail", READ_MAILS))
        return Counter(message for _, message in found)

    def settle(self, reminders: int) -> Counter[str]:
        """Everything that was acknowledged has come everywhere, once and in order. Answers the mails."""
        acknowledged = self.acknowledged
        for follower in self.package:
            check(follower.wait(all_there(len(acknowledged)), PATIENCE), acknowledged)
        for follower in self.own.values():
            self._check_reminders(follower, reminders)
        expected = len(acknowledged) + self.mails_expected
        until(lambda: len(self.mails()) >= expected, f"{expected} different mails", PATIENCE, self._what_became_of_mails)
        mails = self.mails()
        assert len(mails) == expected, f"{len(mails)} different mails instead of {expected}"
        return mails

    def _what_became_of_mails(self) -> str:
        listed = self.ask(ListDeliveries(limit=500))
        waiting = [each for each in listed.deliveries if each.state is not DeliveryState.SENT]
        return f"{len(self.mails())} have come; {listed.counts}; {listed.problem or 'no problem'}; {waiting[:3]}"

    def _check_reminders(self, follower: Followed, count: int) -> None:
        events = follower.wait(lambda events: sum(event.name == "reminded" for event in events) >= count, PATIENCE)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        ids = [event.data["reminder"]["id"] for event in events if event.name == "reminded"]
        assert len(ids) == len(set(ids)) == count, f"reminders {ids} instead of {count}"

    def wait_acknowledged(self, count: int) -> None:
        """Return when so many sign-offs were answered."""
        until(lambda: len(self.acknowledged) >= count, f"{count} sign-offs", PATIENCE)

    def close(self) -> None:
        """All programs leave."""
        for program in self.programs:
            program.close()


def check_started(project: Project) -> None:
    """Two of what scales, migrated by one of them, and nobody runs as root."""
    found = project.containers()
    for service in ("workflow", "notifier"):
        assert sum(each["Service"] == service for each in found) == 2, found
        migrated = [line for line in project.logs(service).splitlines() if '"migrated"' in line]
        assert len(migrated) == 1, f"{service} was migrated by {len(migrated)}: {migrated}"
    for each in found:
        if each["State"] == "running":
            user = project.run("exec", "--no-TTY", each["Service"], "id", "-u").strip()
            assert user != "0", f"{each['Service']} runs as root"


def sign_off_while(ring: Ring, service: str, index: int, reminder: str) -> None:
    """Let four people sign off; when a third is done kill one of two containers, and meanwhile remind everybody."""
    clients, everything = ring.next_clients(), SIGN_OFFS_EACH * len(LECTURERS)
    before = len(ring.acknowledged)
    threads = in_threads(clients, SIGN_OFFS_EACH)
    ring.wait_acknowledged(before + everything // 3)
    ring.project.kill(service, index)
    say(f"{service} {index} killed at {len(ring.acknowledged) - before} of {everything} sign-offs")
    ring.remind(reminder)
    finish(threads, PATIENCE)
    ring.project.wait_ready(service, 2)
    say(f"{service} {index} is back, all {everything} were answered")


def workflow_killed(ring: Ring) -> None:
    """Both containers of workflow, one after the other, in the middle of sign-offs and a reminder."""
    sign_off_while(ring, "workflow", 1, "exam-scripts")
    sign_off_while(ring, "workflow", 2, "marking")
    mails = ring.settle(reminders=2)
    assert set(mails.values()) == {1}, f"sent twice: {[id for id, times in mails.items() if times > 1]}"
    say(
        f"{len(ring.acknowledged)} sign-offs seen once and in order by {len(ring.package)} followers; {len(mails)} mails, each once"
    )


def notifier_killed(ring: Ring) -> None:
    """Both containers of notifier, while there is mail to be sent."""
    sign_off_while(ring, "notifier", 1, "marks")
    sign_off_while(ring, "notifier", 2, "boards")
    mails = ring.settle(reminders=4)
    twice = {id: times for id, times in mails.items() if times > 1}
    # the one window: the catcher had taken it, and the notifier died before it could write that down
    assert len(twice) <= 2, f"sent more than once: {twice}"
    assert max(mails.values()) <= 2, f"sent more than twice: {twice}"
    shares = [ring.project.metric("workflow", index, SIGN_OFF) for index in (1, 2)]
    assert min(shares) > 0, f"one of two answered all: {shares}"
    say(
        f"no mail of {len(mails)} missing, {len(twice)} sent twice under one Message-ID; both containers of workflow answered: {shares}"
    )


def main() -> int:
    """Ring; 0 when all held."""
    if missing := engine():
        print(f"Not run: {missing}.", file=sys.stderr)
        return 3
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "COMPOSE_PROFILES": "mail",
            "CHALKBELL_PORT": str(port),
            "CHALKBELL_CALLS_PER_MINUTE": "1000000",
            "CHALKBELL_NOTIFIER_MAIL": "smtp",
            "CHALKBELL_NOTIFIER_SMTP_HOST": "mail",
            "CHALKBELL_NOTIFIER_SMTP_PORT": "8025",
            "CHALKBELL_NOTIFIER_SMTP_TIMEOUT": "2",
            "CHALKBELL_NOTIFIER_LEASE_SECONDS": "3",
            "CHALKBELL_NOTIFIER_MAILS_PER_MINUTE": "0",
            "CHALKBELL_NOTIFIER_REMINDERS_PER_DAY": "24",
        }
        project = Project(PROJECT, Path(folder) / "env", settings)
        try:
            turn(project, port)
        except BaseException:
            say("that did not hold")
            print(project.run("logs", "--no-color", "--tail", "60", check=False), file=sys.stderr)
            raise
        finally:
            say("taking all down")
            project.down()
    return 0


def turn(project: Project, port: int) -> None:
    """Start, ring, stop."""
    project.down()
    project.up(workflow=2, notifier=2)
    say("up and healthy")
    check_started(project)
    ring = Ring(project, port)
    try:
        ring.open()
        say("the school is open")
        workflow_killed(ring)
        notifier_killed(ring)
    finally:
        ring.close()
    project.run("stop")
    ended = {each["Name"]: each["ExitCode"] for each in project.containers()}
    assert not any(ended.values()), f"not ended properly: {ended}"
    say("stopped: every container ended properly")


if __name__ == "__main__":
    sys.exit(main())
