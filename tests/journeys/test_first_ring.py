"""The first ring: a sign-off, a reminder and a classroom switch, seen at once by everybody whom they concern, whatever they run."""

from __future__ import annotations

from contextlib import ExitStack
from email.message import Message

import pytest

from chalkbell.contracts import Envelope, Refusal, procedure_of
from chalkbell.contracts.classroom import Broadcast, CallBack, Join, ModeKind, ReadRoom, Split
from chalkbell.contracts.directory import NotSignedIn, SetPassword
from chalkbell.contracts.notifier import CompleteTask, ReadMyTasks, Remind
from chalkbell.contracts.workflow import ReadAssessment, SignOff
from tests.faults.mailbox import Mailbox
from tests.journeys.examples import Line, autobahn_js, curl, own_client, plain_autobahn
from tests.journeys.school import ACCEPTED, CHANGES, INITIAL, RESUBMITTED, School
from tests.running import Followed, until

pytestmark = [pytest.mark.router, pytest.mark.timeout(180)]
SIGN_OFF = procedure_of(SignOff).uri


def mails_to(mailbox: Mailbox, person: str, count: int) -> list[Message]:
    """The messages that somebody got, once there are so many."""

    def found() -> list[Message]:
        return [message for recipient, message in mailbox.messages if recipient == f"{person}@example.edu"]

    until(lambda: len(found()) >= count, f"{count} messages to {person}", 60)
    return found()


def named(name: str, followed: Followed, count: int = 1) -> list[Envelope]:
    """The events of a name that a follower was handed, once there are so many."""
    events = followed.wait(lambda events: sum(event.name == name for event in events) >= count)
    return [event for event in events if event.name == name]


def plain_text(message: Message) -> str:
    """The part of a message for those who want no HTML."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def test_a_sign_off_is_seen_by_everybody_at_once(quince: School, mailbox: Mailbox) -> None:
    """By the moderator's program, by another service, and by programs made with libraries that know nothing of Chalkbell."""
    campus, package = quince.campus, quince.package
    moderators = quince.program(quince.moderator).follow("workflow", package)
    services = campus.key("workload").follow("workflow", package)
    notices = quince.program(quince.moderator).follow("notifier", quince.moderator)
    watchers = ((plain_autobahn, quince.moderator), (autobahn_js, quince.colleague), (own_client, quince.manager))
    with ExitStack() as stack:
        programs = [stack.enter_context(run(campus.url, campus.token(who), who, package, "1")) for run, who in watchers]
        for program in programs[:2]:
            program.wait(lambda line: line.get("following"))
            assert {line["state"] for line in program.lines if "assessment" in line} == {None}
        programs[2].wait(lambda line: "snapshot" in line)

        fields = {"assessment": quince.exam.id, "state": INITIAL, "seen": quince.exam.version, "notes": "Question 3 is new"}
        answer = quince.program(quince.coordinator).call(SIGN_OFF, **fields, correlation_id="first-ring-1")

        seen: list[Line] = [program.wait(lambda line: line.get("event") == "signed_off") for program in programs]
        assert [program.code() for program in programs] == [0, 0, 0]
    event = named("signed_off", moderators)[0]
    assert named("signed_off", services)[0] == event
    assert (event.service, event.scope, event.topic) == ("workflow", package, f"chalkbell.workflow.v1.{package}.signed_off")
    assert (event.by, event.correlation_id) == (quince.coordinator, "first-ring-1")
    assert event.data["sign_off"] == answer["sign_off"]
    assert (event.data["state"], event.data["has_notes"]) == (INITIAL, True)
    assert "Question 3" not in str(event)
    for line in seen:
        assert (line["seq"], line["by"], line["correlation_id"]) == (event.seq, quince.coordinator, "first-ring-1")
    assert [line["data"] for line in seen[:2]] == [event.data, event.data]
    assert seen[2]["board"][quince.exam.id] == INITIAL

    # whom the state names is told, by mail and on their pages, and the ledger says when
    notice = named("noticed", notices)[0]
    assert (notice.data["notice"]["sign_off"], notice.correlation_id) == (event.data["sign_off"], "first-ring-1")
    concerned = {quince.coordinator, quince.moderator, quince.second_moderator}
    assert set(event.data["notify"]) == concerned
    for person in concerned:
        [mail] = mails_to(mailbox, person, 1)
        assert quince.exam.module_code in str(mail["Subject"]) + plain_text(mail)
        assert "Question 3" not in plain_text(mail)
    told = named("sign_off_notified", moderators, 3)
    assert sorted(one.data["person"] for one in told) == sorted(concerned)
    assert {(one.by, one.correlation_id) for one in told} == {("service.workflow", "first-ring-1")}
    history = quince.ask(quince.moderator, ReadAssessment(assessment=quince.exam.id)).history
    assert {one.person for one in history[0].notified} == concerned
    assert history[0].notes == "Question 3 is new"


def test_curl_signs_off_and_is_refused_as_everybody_is(quince: School) -> None:
    """Over HTTP the rights, the refusals and their details are the same; the same key again changes nothing."""
    campus = quince.campus
    followed = quince.program(quince.coordinator).follow("workflow", quince.package)
    found = quince.ask(quince.moderator, ReadAssessment(assessment=quince.exam.id)).assessment
    if found.state is None:
        quince.ask(quince.coordinator, SignOff(assessment=found.id, state=INITIAL, seen=0))
        found = quince.ask(quince.moderator, ReadAssessment(assessment=quince.exam.id)).assessment
    ask = {"assessment": found.id, "state": CHANGES, "seen": found.version}

    token = campus.token(quince.moderator)
    first = curl(campus.url, "workflow.v1.sign_off", ask, "once", token=token)
    again = curl(campus.url, "workflow.v1.sign_off", ask, "once", token=token)
    assert first == again
    assert (first[0], first[1]["state"]) == (200, CHANGES)
    events = [
        event for event in named("signed_off", followed, found.sign_offs + 1) if event.data["sign_off"] == first[1]["sign_off"]
    ]
    assert [event.by for event in events] == [quince.moderator]

    now = {**ask, "state": RESUBMITTED, "seen": first[1]["version"]}
    for person, fields, status in (
        (quince.moderator, now, 403),
        (quince.coordinator, {**now, "seen": 0}, 409),
        (quince.coordinator, {**now, "state": ACCEPTED}, 422),
        (quince.coordinator, {**now, "state": "no-such-state"}, 422),
        (quince.coordinator, {**now, "seen": "two"}, 422),
        (quince.coordinator, {**now, "surprise": 1}, 422),
        (quince.coordinator, {**now, "assessment": "no-such-exam"}, 404),
        (quince.classmate, now, 404),
    ):
        over_http = curl(campus.url, "workflow.v1.sign_off", fields, token=campus.token(person))
        with pytest.raises(Refusal) as refused:
            quince.program(person).call(SIGN_OFF, **fields)
        body = {"error": refused.value.uri, "message": refused.value.message, "details": refused.value.details}
        assert over_http == (status, over_http[1] | body), (person, fields)

    campus.ask(SetPassword(id=quince.coordinator, password="a walk in the courtyard"))
    secrets = {"email": f"{quince.coordinator}@example.edu", "password": "a walk in the courtyard"}
    assert curl(campus.url, "workflow.v1.sign_off", now, **secrets)[1]["state"] == RESUBMITTED


def test_a_foreign_client_is_refused_in_the_same_words(quince: School) -> None:
    """Who may not see the package gets nothing from it, with either library; who has no valid token does not come in."""
    campus = quince.campus
    for run in (plain_autobahn, autobahn_js):
        with run(campus.url, campus.token(quince.classmate), quince.classmate, quince.package) as program:
            assert program.wait(lambda line: "refused" in line)["refused"] == "wamp.error.not_authorized"
            assert program.code() == 1
        with run(campus.url, "cb_guessed", quince.coordinator, quince.package) as program:
            assert program.wait(lambda line: NotSignedIn.uri in str(line))
            assert program.code() == 1


def test_a_reminder_reaches_a_person(quince: School, mailbox: Mailbox) -> None:
    """As an event in their stream and as mail, once; who has done the task is not reminded."""
    program = quince.program(quince.colleague)
    snapshot = program.ask(ReadMyTasks())
    followed = program.follow("notifier", quince.colleague, snapshot.position)
    assert [task.id for task in snapshot.tasks] == [quince.task.id]

    reminded = quince.campus.ask(Remind(request_id="first-ring"))
    assert quince.colleague in reminded.people
    assert quince.campus.ask(Remind(request_id="first-ring")) == reminded

    [event] = named("reminded", followed)
    assert (event.service, event.scope, event.by) == ("notifier", quince.colleague, "operator")
    assert event.data["reminder"]["tasks"] == [quince.task.id]
    [mail] = mails_to(mailbox, quince.colleague, 1)
    assert str(mail["Subject"]) == "URGENT: Your task reminders"
    assert quince.task.name in plain_text(mail)

    program.ask(CompleteTask(task=quince.task.id))
    done = named("task_completed", followed)[0]
    assert (done.by, done.data["completion"]["by"]) == (quince.colleague, quince.colleague)
    assert quince.colleague not in quince.campus.ask(Remind(dry_run=True)).people
    assert len(mails_to(mailbox, quince.colleague, 1)) == 1


def test_a_switch_reaches_every_student(quince: School) -> None:
    """From lecture to groups and, after a countdown, back: each switch is one event with the complete new mode."""
    room, teacher = quince.room, quince.program(quince.teacher)
    members = [quince.student, quince.classmate, quince.colleague, quince.coordinator]
    for person in (quince.teacher, *members):
        state = quince.ask(person, Join(room=room))
    students = [quince.program(person).follow("classroom", room, state.position) for person in (quince.student, quince.classmate)]

    lecture = teacher.ask(Broadcast(room=room, seen=state.mode.number))
    split = teacher.ask(Split(room=room, seen=lecture.number, size=2))
    teacher.ask(CallBack(room=room, seen=split.number, countdown=1))

    for student in students:
        switches = named("switched", student, 4)
        assert [one.data["reason"] for one in switches] == ["broadcast", "split", "countdown_started", "countdown_ended"]
        assert [one.data["mode"]["kind"] for one in switches] == ["broadcast", "groups", "groups", "broadcast"]
        assert {(one.service, one.scope) for one in switches} == {("classroom", room)}
        assert [one.by for one in switches] == [quince.teacher] * 3 + ["service.classroom"]
        groups = [group["members"] for group in switches[1].data["mode"]["groups"]]
        assert sorted(person for group in groups for person in group) == sorted(members)
        assert {len(group) for group in groups} == {2}
        assert switches[2].data["mode"]["pending"]["to"] == {"kind": "broadcast", "speaker": quince.teacher}
    assert students[0].events == students[1].events
    assert quince.ask(quince.student, ReadRoom(room=room)).mode.kind is ModeKind.BROADCAST
