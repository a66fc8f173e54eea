"""Messages on their way: each to its recipient once, whatever the mail server does, and none lost in a crash."""

import email
import threading
from datetime import timedelta
from email import policy
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import AuthResult

from chalkbell.contracts import Conflict
from chalkbell.contracts.directory import ChangePerson, DisablePerson
from chalkbell.contracts.notifier import (
    ChangePreferences,
    CompleteTask,
    Delivery,
    DeliveryState,
    ListDeliveries,
    ReadDelivery,
    Remind,
    SendAgain,
)
from chalkbell.database import Database
from chalkbell.dispatch import Dispatcher
from chalkbell.errands import Errand
from services.notifier.__main__ import definition as notifier
from services.notifier.jobs import deliver as deliver_job
from services.notifier.jobs.envelopes import message
from services.notifier.jobs.letters import Letter
from services.notifier.jobs.smtp import SmtpPost
from tests.service.campus import ServiceCampus
from tests.service.notifier.certificates import server_context
from tests.service.notifier.office import ADMINISTRATOR, ANN, BOB, CAT, LATER, Office
from tests.service.notifier.postbox import Postbox
from tests.service.people import OPERATOR, populate

MINUTE = timedelta(minutes=1)


def address(who: str) -> str:
    return f"{who}@example.edu"


def send(office: Office, *people: str) -> None:
    """Each of these has a task and is reminded of it."""
    office.task(people=list(people))
    office.call(Remind(), ADMINISTRATOR)
    office.deliver()


def deliveries(office: Office) -> dict[str, Delivery]:
    return {one.person: one for one in office.call(ListDeliveries(limit=500), ADMINISTRATOR).deliveries}


def pass_time_and_deliver(office: Office, by: timedelta) -> None:
    office.campus.frozen.advance(by)
    office.deliver()


def test_each_recipient_gets_a_message_of_their_own_over_one_connection(smtp_office: Office, postbox: Postbox) -> None:
    """Never a shared To line; each with its own Message-ID, which the administrator sees."""
    send(smtp_office, ANN, BOB, CAT)
    assert postbox.subjects() == {address(who): ["URGENT: Your task reminders"] for who in (ANN, BOB, CAT)}
    assert [str(message["To"]) for message in postbox.messages] == [
        f"{to.split('@')[0].title()} <{to}>" for to in postbox.recipients
    ]
    assert postbox.connections == 1
    found = deliveries(smtp_office)
    assert {address(who): one.message_id for who, one in found.items()} == {
        to: message["Message-ID"] for to, message in zip(postbox.recipients, postbox.messages, strict=True)
    }
    assert {one.state for one in found.values()} == {DeliveryState.SENT}
    smtp_office.deliver()
    assert len(postbox.messages) == 3


def test_one_refused_address_stops_nobody_else(smtp_office: Office, postbox: Postbox) -> None:
    """Refused for good it is dead, for now it is tried again; the others have theirs."""
    postbox.refuse = {address(ANN): "550 no such user", address(BOB): "451 greylisted"}
    send(smtp_office, ANN, BOB, CAT)
    assert smtp_office.states() == {ANN: "dead", BOB: "failed", CAT: "sent"}
    assert deliveries(smtp_office)[ANN].error == "550 no such user"
    postbox.refuse = {}
    smtp_office.deliver()
    assert smtp_office.states()[BOB] == "failed"
    pass_time_and_deliver(smtp_office, 2 * MINUTE)
    assert smtp_office.states() == {ANN: "dead", BOB: "sent", CAT: "sent"}
    assert sorted(postbox.recipients) == [address(BOB), address(CAT)]


def test_a_dead_letter_is_seen_and_can_be_sent_again_under_its_old_name(smtp_office: Office, postbox: Postbox) -> None:
    """What is sent cannot."""
    postbox.refuse = {address(ANN): "550 no such user"}
    send(smtp_office, ANN)
    dead = smtp_office.call(ListDeliveries(state=DeliveryState.DEAD), ADMINISTRATOR)
    assert ([one.person for one in dead.deliveries], dead.counts) == ([ANN], {"dead": 1})
    postbox.refuse = {}
    assert smtp_office.call(SendAgain(delivery=dead.deliveries[0].id), ADMINISTRATOR).state is DeliveryState.PENDING
    smtp_office.deliver()
    assert [message["Message-ID"] for message in postbox.messages] == [dead.deliveries[0].message_id]
    with pytest.raises(Conflict):
        smtp_office.call(SendAgain(delivery=dead.deliveries[0].id), ADMINISTRATOR)


def test_retries_back_off_and_end(smtp_office: Office, postbox: Postbox) -> None:
    """Each wait is about twice the one before; after so many attempts the message is dead."""
    postbox.refuse = {address(ANN): "451 later"}
    send(smtp_office, ANN)
    waits = []
    while (one := deliveries(smtp_office)[ANN]).state is DeliveryState.FAILED:
        waits.append(one.due - smtp_office.campus.frozen.at)
        smtp_office.campus.frozen.set(one.due)
        smtp_office.deliver()
    assert one.state is DeliveryState.DEAD
    assert one.attempts == smtp_office.settings.attempts == len(waits) + 1
    assert 0.8 * MINUTE <= waits[0] <= 1.2 * MINUTE
    assert all(1.2 < later / earlier < 3.1 for earlier, later in pairwise(waits[:8]))
    assert max(waits) <= timedelta(hours=6) * 1.2


def test_a_mail_server_that_is_away_costs_no_message_an_attempt(smtp_office: Office, postbox: Postbox) -> None:
    """Everything waits, the administrator sees why, and it is not knocked at without end."""
    postbox.stop()
    send(smtp_office, ANN, BOB)
    found = smtp_office.call(ListDeliveries(), ADMINISTRATOR)
    assert {(one.state, one.attempts) for one in found.deliveries} == {(DeliveryState.PENDING, 0)}
    assert "127.0.0.1" in found.problem
    postbox.start()
    retry_at = smtp_office.deliver()
    assert retry_at is not None
    assert postbox.connections == 0
    smtp_office.campus.frozen.set(retry_at)
    smtp_office.deliver()
    assert smtp_office.states() == {ANN: "sent", BOB: "sent"}
    assert smtp_office.call(ListDeliveries(), ADMINISTRATOR).problem == ""


def test_a_sender_that_the_server_refuses_is_no_message_s_fault(smtp_office: Office, postbox: Postbox) -> None:
    """Tried again: that can be mended."""
    postbox.refuse_sender = "550 who are you"
    send(smtp_office, ANN)
    assert smtp_office.states() == {ANN: "failed"}


def test_a_connection_that_breaks_after_the_message_leaves_it_unknown_and_the_others_go(
    smtp_office: Office, postbox: Postbox
) -> None:
    """It is sent again with the same Message-ID, so that mail systems can tell."""
    postbox.answers = ["drop"]
    send(smtp_office, ANN, BOB, CAT)
    assert sorted(smtp_office.states().values()) == ["sent", "sent", "unknown"]
    assert postbox.connections == 2
    pass_time_and_deliver(smtp_office, 2 * MINUTE)
    assert set(smtp_office.states().values()) == {"sent"}
    names = [message["Message-ID"] for message in postbox.messages]
    assert (len(names), len(set(names))) == (4, 3)


def test_what_is_unknown_can_be_left_for_an_administrator(campus: ServiceCampus, postbox: Postbox) -> None:
    """By the setting; then it goes only when somebody says so."""
    office = Office(campus, mail="smtp", unknown="leave", **postbox.settings)
    office.populate()
    postbox.answers = ["drop"]
    send(office, ANN)
    pass_time_and_deliver(office, timedelta(days=2))
    assert office.states() == {ANN: "unknown"}
    office.call(SendAgain(delivery=deliveries(office)[ANN].id), ADMINISTRATOR)
    office.deliver()
    assert office.states() == {ANN: "sent"}


class Killed(BaseException):
    """The process is no more."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_around_the_handing_over_loses_nothing(
    smtp_office: Office, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The message is unknown once the lease has run out, and is sent again; it comes twice only if the server had taken it."""
    original = SmtpPost.send

    def killed(self: SmtpPost, *arguments: Any) -> Any:
        if when == "after":
            original(self, *arguments)
        raise Killed

    monkeypatch.setattr(SmtpPost, "send", killed)
    with pytest.raises(Killed):
        send(smtp_office, ANN)
    monkeypatch.setattr(SmtpPost, "send", original)
    assert smtp_office.states() == {ANN: "sending"}
    smtp_office.deliver()
    assert smtp_office.states() == {ANN: "sending"}
    pass_time_and_deliver(smtp_office, timedelta(seconds=smtp_office.settings.lease_seconds + 1))
    assert smtp_office.states() == {ANN: "sent"}
    names = [message["Message-ID"] for message in postbox.messages]
    assert len(names) == (2 if when == "after" else 1)
    assert set(names) == {deliveries(smtp_office)[ANN].message_id}


def test_a_crash_before_the_rest_of_a_batch_leaves_it_to_be_sent_once(
    smtp_office: Office, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the one in hand is unknown."""
    original = SmtpPost.send
    sent: list[Any] = []

    def second_kills(self: SmtpPost, *arguments: Any) -> Any:
        sent.append(arguments)
        if len(sent) == 2:
            raise Killed
        return original(self, *arguments)

    monkeypatch.setattr(SmtpPost, "send", second_kills)
    with pytest.raises(Killed):
        send(smtp_office, ANN, BOB, CAT)
    monkeypatch.setattr(SmtpPost, "send", original)
    assert sorted(smtp_office.states().values()) == ["pending", "sending", "sent"]
    pass_time_and_deliver(smtp_office, timedelta(seconds=smtp_office.settings.lease_seconds + 1))
    assert set(smtp_office.states().values()) == {"sent"}
    assert len(postbox.messages) == 3


def test_four_notifiers_sending_at_once_send_each_message_once(smtp_office: Office, postbox: Postbox) -> None:
    """Even without the lease that keeps them apart."""
    people = [f"person-{number}" for number in range(40)]
    populate(smtp_office.campus, people)
    smtp_office.task(people=people)
    smtp_office.call(Remind(), ADMINISTRATOR)
    member = smtp_office.campus.members["notifier"]
    url = member.dispatcher.database.url.render_as_string(hide_password=False)
    failures: list[BaseException] = []

    def run() -> None:
        database = Database(url, "notifier")
        dispatcher = Dispatcher(notifier, database, smtp_office.campus.clock, smtp_office.settings)
        try:
            for _ in range(3):
                deliver_job.deliver(Errand(dispatcher, lambda transaction: None, lambda: True))
        except BaseException as error:
            failures.append(error)
        database.dispose()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(postbox.recipients) == sorted(map(address, people))


def test_what_is_done_before_the_message_goes_is_no_longer_in_it(smtp_office: Office, postbox: Postbox) -> None:
    """And with nothing left there is no message."""
    first, second = smtp_office.task("first", people=[ANN, BOB]), smtp_office.task("second", people=[ANN], deadline=LATER)
    smtp_office.call(Remind(), ADMINISTRATOR)
    for who in (ANN, BOB):
        smtp_office.call(CompleteTask(task=first.id), who)
    smtp_office.deliver()
    assert smtp_office.states() == {ANN: "sent", BOB: "dropped"}
    body = postbox.messages[0].get_body(("plain",))
    assert body is not None
    assert second.name in body.get_content()
    assert first.name not in body.get_content()
    assert postbox.messages[0]["Subject"] == "Your task reminders"


def test_who_is_disabled_or_wants_no_mail_meanwhile_gets_none(smtp_office: Office, postbox: Postbox) -> None:
    """Looked at when it goes."""
    smtp_office.task(people=[ANN, BOB, CAT])
    smtp_office.call(Remind(), ADMINISTRATOR)
    smtp_office.call(ChangePreferences(reminder_mail=False), ANN)
    smtp_office.campus.call(DisablePerson(id=BOB), **OPERATOR)
    smtp_office.campus.settle()
    smtp_office.deliver()
    assert smtp_office.states() == {ANN: "dropped", BOB: "dropped", CAT: "sent"}
    assert postbox.recipients == [address(CAT)]


def test_no_more_messages_a_minute_than_the_mail_server_wants(campus: ServiceCampus, postbox: Postbox) -> None:
    """The rest goes when the minute is over."""
    office = Office(campus, mail="smtp", **{**postbox.settings, "mails_per_minute": 2})
    office.populate()
    send(office, ANN, BOB, CAT)
    assert len(postbox.messages) == 2
    at = office.deliver()
    assert at == office.campus.frozen.at + MINUTE
    assert len(postbox.messages) == 2
    office.campus.frozen.set(at)
    office.deliver()
    assert len(postbox.messages) == 3


def test_names_and_words_are_shown_as_written_and_make_no_headers(smtp_office: Office, postbox: Postbox) -> None:
    """UTF-8 in names and tasks; markup is text; nothing breaks out of a line."""
    evil = "Zoë \u2028Bcc: all@example.edu 大学 <b>"
    found = smtp_office.campus.within("directory", lambda store: store.person(ANN))
    smtp_office.campus.call(ChangePerson(id=ANN, seen=found.version, name=evil), **OPERATOR)
    smtp_office.campus.settle()
    smtp_office.task("<script>alert(1)</script> & Prüfung", link="/rooms/1")
    smtp_office.call(Remind(), ADMINISTRATOR)
    smtp_office.deliver()
    message = postbox.messages[0]
    assert message["Bcc"] is None
    assert message["To"].addresses[0].display_name == "Zoë Bcc: all@example.edu 大学 <b>"
    assert message["To"].addresses[0].addr_spec == address(ANN)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "<script>" not in html.get_content()
    assert "&lt;script&gt;" in html.get_content()
    assert "<style" not in html.get_content()
    assert "<script>alert(1)</script> & Prüfung" in text.get_content()
    assert "http://127.0.0.1:8080/rooms/1" in text.get_content()
    assert message["List-Unsubscribe"] == "<http://127.0.0.1:8080/#/tasks>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_messages_are_private_where_the_settings_want_it(campus: ServiceCampus, postbox: Postbox) -> None:
    """A server that offers no STARTTLS gets nothing."""
    office = Office(campus, mail="smtp", smtp_security="starttls", **postbox.settings)
    office.populate()
    send(office, ANN)
    assert "STARTTLS" in office.call(ListDeliveries(), ADMINISTRATOR).problem
    assert postbox.messages == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_messages_go_over_a_private_connection_to_a_server_that_we_believe(
    campus: ServiceCampus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    """With a certificate from nobody we know nothing is sent; with one that we trust all is."""
    context = server_context(tmp_path)
    postbox = Postbox(
        **({"tls_context": context, "require_starttls": True} if security == "starttls" else {"ssl_context": context})
    )
    postbox.start()
    office = Office(campus, mail="smtp", smtp_security=security, **postbox.settings)
    office.populate()
    send(office, ANN)
    assert "certificate" in office.call(ListDeliveries(), ADMINISTRATOR).problem
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    pass_time_and_deliver(office, 2 * MINUTE)
    postbox.stop()
    assert office.states() == {ANN: "sent"}
    assert postbox.recipients == [address(ANN)]


def test_the_notifier_signs_in_where_it_has_a_name(campus: ServiceCampus) -> None:
    """With the password that the settings give."""
    heard: list[Any] = []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        heard.append((data.login, data.password))
        return AuthResult(success=True)

    postbox = Postbox(authenticator=authenticate, auth_require_tls=False)
    postbox.start()
    office = Office(campus, mail="smtp", smtp_user="bell", smtp_password="ding", **postbox.settings)
    office.populate()
    send(office, ANN)
    postbox.stop()
    assert heard == [(b"bell", b"ding")]
    assert len(postbox.messages) == 1


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(office: Office) -> None:
    """One that does gets it; one that does not costs nobody else anything."""
    for takes in (True, False):
        postbox = Postbox(enable_SMTPUTF8=takes)
        postbox.start()
        post = SmtpPost(msgspec.structs.replace(office.settings, **postbox.settings))
        post.ready()
        letter = Letter(
            "a" * 32, "zoe", "Zoë", "zoë@example.edu", "Hi", "text", "<p>text</p>", "<a@b>", office.campus.frozen.at, "mailto:x@y"
        )
        outcome = post.send(letter, message(letter, "Bell <bell@example.edu>"))
        post.close()
        postbox.stop()
        assert outcome.verdict == ("taken" if takes else "never")
        assert len(postbox.messages) == takes


def test_without_a_mail_server_messages_lie_in_the_outbox(office: Office, outbox: Path) -> None:
    """One file each, which any mail program opens; sent again it lies where it lay."""
    send(office, ANN, BOB)
    files = sorted(outbox.iterdir())
    assert len(files) == 2
    assert all(file.suffix == ".eml" for file in files)
    messages = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert {str(message["To"]) for message in messages} == {"Ann <ann@example.edu>", "Bob <bob@example.edu>"}
    assert office.states() == {ANN: "sent", BOB: "sent"}


def test_test_mode_sends_nothing_and_says_what_it_would(campus: ServiceCampus, capsys: pytest.CaptureFixture[str]) -> None:
    """The message is dropped, and nobody counts as told."""
    office = Office(campus, mail="print")
    office.populate()
    send(office, ANN)
    assert "would send" in capsys.readouterr().out
    assert office.states() == {ANN: "dropped"}
    assert deliveries(office)[ANN].error == "Test mode: nothing is sent."


def test_administrators_look_at_a_message(office: Office) -> None:
    """Its address and both its bodies, also after its task is done."""
    send(office, ANN)
    task = office.mine(ANN).tasks[0]
    office.call(CompleteTask(task=task.id), ANN)
    preview = office.call(ReadDelivery(delivery=deliveries(office)[ANN].id), ADMINISTRATOR)
    assert preview.to == address(ANN)
    assert "Mark exams" in preview.text
    assert "3 days left" in preview.text
    assert "Mark exams" in preview.html


def test_deliveries_are_listed_a_page_at_a_time(office: Office) -> None:
    """Newest first."""
    send(office, ANN, BOB, CAT)
    first = office.call(ListDeliveries(limit=2), ADMINISTRATOR)
    rest = office.call(ListDeliveries(limit=2, before=first.before), ADMINISTRATOR)
    assert rest.before is None
    assert {one.person for one in (*first.deliveries, *rest.deliveries)} == {ANN, BOB, CAT}
