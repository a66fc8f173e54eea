"""Telling people of sign-offs: each once, without the notes, and workflow hears when."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalkbell.contracts import Envelope
from chalkbell.contracts.notifier import ChangePreferences, Channel, ExplainMessages, ListDeliveries
from chalkbell.contracts.workflow import AssessmentKind, SignedOff
from chalkbell.stream import listening
from services.workflow.__main__ import definition as workflow
from services.workload.__main__ import definition as workload
from tests.service.campus import ServiceCampus
from tests.service.notifier.office import ADMINISTRATOR, ANN, BOB, CAT, DISABLED, NOW, Office
from tests.service.notifier.postbox import Postbox
from tests.service.people import populate
from tests.service.workflow.scenario import COORDINATOR, LEAD_EXAMINER, MODERATOR, PACKAGE, Scenario

SECRET = "The solution to question 3 is wrong."


@pytest.fixture
def signing(campus: ServiceCampus, outbox: Path) -> Scenario:
    """The real workflow beside the notifier."""
    campus.join(workload)
    campus.join(workflow)
    Office(campus, mail="file", outbox=str(outbox))
    return Scenario(campus)


def letters(outbox: Path) -> dict[str, list[EmailMessage]]:
    """What lies in the outbox, by recipient."""
    found: dict[str, list[EmailMessage]] = {}
    for file in sorted(outbox.glob("*.eml")) if outbox.exists() else []:
        message: Any = message_from_bytes(file.read_bytes(), policy=policy.default)
        found.setdefault(message["To"].addresses[0].username, []).append(message)
    return found


def deliver(scenario: Scenario) -> None:
    scenario.campus.settle()
    scenario.campus.run_job("notifier", "deliver")
    scenario.campus.settle()


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def test_those_named_by_a_sign_off_get_a_message_each_and_workflow_hears_of_it(signing: Scenario, outbox: Path) -> None:
    """With state, guidance, history and link; the notes are never in it, nor in any event."""
    signing.sign(COORDINATOR, "initial-submission", notes=SECRET)
    deliver(signing)
    assert sorted(letters(outbox)) == [COORDINATOR, MODERATOR]
    signing.sign(MODERATOR, "moderated-acceptance")
    deliver(signing)
    found = letters(outbox)
    assert {who: len(messages) for who, messages in found.items()} == {COORDINATOR: 2, MODERATOR: 2, LEAD_EXAMINER: 1}
    message = found[LEAD_EXAMINER][0]
    assert message["Subject"] == "CS101 exam: Moderated: Acceptance"
    words = plain(message)
    assert "Programming" in words
    assert f"/#/assessments/{PACKAGE}/{signing.exam}" in words
    assert words.index("Moderated: Acceptance (Mo Mod") < words.index("Initial Submission (Cora Coord")
    assert all(SECRET not in part.as_string() for messages in found.values() for part in messages)
    assert sorted("There are notes with it" in plain(message) for message in found[MODERATOR]) == [False, True]
    for who in found:
        assert SECRET not in str([envelope.data for envelope in signing.campus.events("notifier", who)])
    history = signing.read(MODERATOR).history
    assert sorted(told.person for told in history[0].notified) == sorted([COORDINATOR, MODERATOR, LEAD_EXAMINER])
    assert [envelope.name for envelope in signing.campus.events("notifier", MODERATOR)] == ["noticed", "notice_sent"] * 2


def test_hearing_everything_again_tells_nobody_twice(signing: Scenario, outbox: Path) -> None:
    """The same events once more: the cursor has passed them."""
    signing.sign(COORDINATOR, "initial-submission")
    deliver(signing)
    member = signing.campus.members["notifier"]
    listening.hear(member.dispatcher, signing.campus.events("workflow", PACKAGE))
    deliver(signing)
    assert {who: len(messages) for who, messages in letters(outbox).items()} == {COORDINATOR: 1, MODERATOR: 1}


def heard(office: Office, epoch: str = "first", **fields: Any) -> None:
    """The notifier hears of a sign-off."""
    event: dict[str, Any] = {
        "package": "cs-2026",
        "assessment": "cs101-exam",
        "module": "cs101",
        "module_code": "CS101",
        "module_name": "Programming",
        "kind": AssessmentKind.EXAM,
        "state": "submitted",
        "state_title": "Submitted",
        "signer": CAT,
        "sign_off": "cs101-exam-1",
        "number": 1,
        "version": 1,
        "at": NOW,
        "notify": [ANN],
        "names": {CAT: "Cat Catalan"},
        **fields,
    }
    signed = SignedOff(**event)
    dispatcher = office.campus.members["notifier"].dispatcher
    cursor = listening.cursors(dispatcher, "workflow").get("cs-2026")
    seq = cursor.seq + 1 if cursor and cursor.epoch == epoch else 1
    envelope = Envelope(
        service="workflow",
        scope="cs-2026",
        name="signed_off",
        epoch=epoch,
        seq=seq,
        at=NOW,
        by=CAT,
        data=msgspec.to_builtins(signed),
    )
    listening.hear(dispatcher, [envelope])


def test_somebody_named_twice_is_told_once(office: Office, outbox: Path) -> None:
    """However many hats they wear (the original wrote twice to a coordinator who moderates), and never on a shared line."""
    heard(office, notify=[ANN, BOB, ANN])
    office.deliver()
    assert {who: len(messages) for who, messages in letters(outbox).items()} == {ANN: 1, BOB: 1}
    assert all(len(message["To"].addresses) == 1 for messages in letters(outbox).values() for message in messages)
    assert office.names(ANN) == ["noticed", "notice_sent"]


def test_a_letter_does_not_grow_with_every_round(office: Office, outbox: Path) -> None:
    """It lists the newest sign-offs and says that there are more."""
    for number in range(1, 23):
        who = [ANN] if number in (20, 22) else []
        heard(
            office,
            notify=who,
            sign_off=f"cs101-exam-{number}",
            number=number,
            state_title=f"Round {number}",
            at=NOW + timedelta(number),
        )
    office.deliver()
    twenty, all_of_them = sorted((plain(message) for message in letters(outbox)[ANN]), key=len)
    assert twenty.count("- Round") == 20
    assert "- Round 1 (" in twenty
    assert "Earlier ones" not in twenty
    assert all_of_them.count("- Round") == 20
    assert "- Round 22 (" in all_of_them
    assert "- Round 2 (" not in all_of_them
    assert "Earlier ones are on the page." in all_of_them


def test_nobody_named_is_nobody_told(office: Office) -> None:
    """The sign-off is kept for the history."""
    heard(office, notify=[])
    assert office.deliver() is None


def test_who_wants_no_mail_counts_as_told_by_their_page(office: Office, outbox: Path) -> None:
    """At once, and workflow hears that too."""
    office.call(ChangePreferences(notice_mail=False), ANN)
    heard(office, notify=[ANN, BOB])
    office.deliver()
    assert list(letters(outbox)) == [BOB]
    notice = office.mine(ANN).notices[0]
    assert (notice.channel, notice.sent_at) == (Channel.PAGE, NOW)
    assert office.events(ANN)[-1].data["channel"] == "page"
    assert office.mine(BOB).notices[0].channel is Channel.MAIL


def test_who_switches_mail_off_before_it_goes_is_told_by_their_page(office: Office, outbox: Path) -> None:
    """The message is dropped."""
    heard(office)
    office.call(ChangePreferences(notice_mail=False), ANN)
    office.deliver()
    assert letters(outbox) == {}
    assert office.mine(ANN).notices[0].channel is Channel.PAGE
    assert office.states() == {ANN: "dropped"}


def test_the_disabled_get_no_message(office: Office, outbox: Path) -> None:
    """Even if workflow named them a moment before it heard."""
    heard(office, notify=[DISABLED, ANN])
    office.deliver()
    assert list(letters(outbox)) == [ANN]


def test_somebody_of_whom_workflow_heard_first_gets_the_message_later(office: Office, outbox: Path) -> None:
    """The directory's events reach each service in their own time: nothing is lost by that."""
    heard(office, notify=["nell-new"])
    office.deliver()
    assert office.states() == {"nell-new": "failed"}
    populate(office.campus, ["nell-new"])
    office.campus.frozen.advance(timedelta(minutes=2))
    office.deliver()
    assert list(letters(outbox)) == ["nell-new"]
    assert office.states() == {"nell-new": "sent"}


def test_who_was_acted_for_is_named(office: Office, outbox: Path) -> None:
    """Both names are in the message."""
    heard(office, signer=CAT, on_behalf_of=BOB, names={CAT: "Cat Catalan", BOB: "Bob Bobbin"}, guidance="Moderate it.\nSoon.")
    office.deliver()
    words = plain(letters(outbox)[ANN][0])
    assert "Cat Catalan, for Bob Bobbin, signed: Submitted." in words
    assert "Moderate it.\nSoon." in words


def test_an_id_given_anew_after_a_restore_is_another_sign_off(office: Office, outbox: Path) -> None:
    """Workflow went back to a backup: what is signed then is told, under a Message-ID of its own."""
    heard(office)
    office.deliver()
    heard(office, epoch="second", at=NOW.replace(hour=12), state_title="Submitted again")
    office.deliver()
    found = letters(outbox)[ANN]
    assert sorted(str(message["Subject"]) for message in found) == ["CS101 exam: Submitted", "CS101 exam: Submitted again"]
    assert len({message["Message-ID"] for message in found}) == 2


def test_a_notice_that_cannot_be_sent_is_not_told_as_sent(smtp_office: Office, postbox: Postbox) -> None:
    """Until the mail server has taken it."""
    postbox.refuse = {"ann@example.edu": "550 no such user"}
    heard(smtp_office)
    smtp_office.deliver()
    assert smtp_office.names(ANN) == ["noticed"]
    assert smtp_office.mine(ANN).notices[0].sent_at is None
    told = smtp_office.call(ExplainMessages(), ANN).past[0]
    assert (told.what, told.sent) == ("notice", False)
    assert "550 no such user" in told.why
    assert smtp_office.call(ListDeliveries(person=ANN), ADMINISTRATOR).counts == {"dead": 1}
