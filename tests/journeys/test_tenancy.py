"""A person of one package sees nothing of another: not by call, subscription, replay, over HTTP, nor by guessing ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalkbell.contracts import (
    PROCEDURES,
    REFUSALS,
    SERVICES,
    TOPICS,
    Allow,
    Conflict,
    NotAllowed,
    NotFound,
    Refusal,
    Unavailable,
)
from chalkbell.contracts.classroom import Broadcast, RoomExists, TooFew
from chalkbell.contracts.classroom import Join as JoinRoom
from chalkbell.contracts.directory import CAMPUS, AddPerson, ChangeMembers, DisablePerson, MakeToken, SetPassword
from chalkbell.contracts.shared import EventsHeads, EventsSince
from chalkbell.contracts.workflow import AddDefinition, ReadAssessment, ReadExamined, SignOff, examiner_scope
from chalkbell.contracts.workload import CategoryDetails, PutCategory, ReadPackage
from tests.journeys.rights import DEFINITION, NOWHERE, TABLE, WORKFLOW, WORKLOAD, Ids, Row, ids_of
from tests.journeys.school import INITIAL, School, heard
from tests.routing import ApplicationError, Listener, Refused
from tests.running import Program, Running, until
from tests.service.gateway.client import Browser

pytestmark = [pytest.mark.router, pytest.mark.timeout(180)]
OUTSIDERS = ("coordinator", "manager", "student", "examiner")


@pytest.fixture(scope="module")
def medlar(whole_campus: Running) -> School:
    """The school that others look at."""
    return School(whole_campus, "medlar").open()


@pytest.fixture(scope="module")
def known(medlar: School) -> Ids:
    """All of that school's ids, which somebody may have got hold of."""
    definition = medlar.ask(medlar.manager, AddDefinition(text=DEFINITION, package=medlar.package))
    token = medlar.campus.ask(MakeToken(name="worth having", person=medlar.colleague)).token
    return ids_of(medlar, definition=definition.id, token=token.id)


@pytest.fixture
def heads(whole_campus: Running) -> Iterator[None]:
    """Nothing is recorded in any stream of the school while the test runs."""

    def all_heads() -> dict[str, int]:
        found = {service: whole_campus.ask(EventsHeads(), service=service).heads for service in SERVICES}
        return {
            f"{service} {scope}": seq for service, scopes in found.items() for scope, seq in scopes.items() if "medlar" in scope
        }

    before = all_heads()
    yield
    assert all_heads() == before


class Outsider:
    """Somebody who asks about a school over WAMP and over HTTP."""

    def __init__(self, school: School, who: str) -> None:
        self.person: str = getattr(school, who)
        self.program: Program = school.program(self.person)
        self.browser = Browser(school.campus.router.settings.port)
        self.token = school.campus.token(self.person)

    def call(self, row: Row, ids: Ids) -> Any:
        """The answer, or the refusal."""
        try:
            return self.program.call(row.uri, **row.fields(ids))
        except Refusal as refused:
            return refused

    def post(self, row: Row, ids: Ids) -> Any:
        """The answer, or the refusal, over HTTP."""
        answer = self.browser.post(f"/api/{row.uri}", row.fields(ids), Authorization=f"Bearer {self.token}")
        if answer.status == 200:
            return answer.json
        refusal = REFUSALS[answer.json["error"]](answer.json["message"], **answer.json["details"])
        assert answer.status == refusal.http_status
        return refusal


def words(outcome: Any) -> str:
    """All that an answer or a refusal tells."""
    if isinstance(outcome, Refusal):
        return json.dumps([outcome.uri, outcome.message, outcome.details])
    return json.dumps(outcome)


def without(text: str, ids: Ids) -> str:
    """The same with the ids that were asked for in the place of those that nobody has."""
    for name in sorted(Ids.__dataclass_fields__, key=lambda name: -len(getattr(ids, name))):
        text = text.replace(getattr(ids, name), getattr(NOWHERE, name))
    return text


def check(row: Row, what: str, real: Any, invented: Any, school: School, ids: Ids) -> None:
    """What there is is answered exactly as what there is not, and tells nothing."""
    said = words(real)
    assert school.secret not in said, what
    if row.open:
        assert not isinstance(real, Refusal) or isinstance(real, NotAllowed | RoomExists), (what, real)
        return
    if row.own:
        assert not [id for id in ids.things if id in said], what
        return
    assert without(said, ids) == words(invented), what
    if not isinstance(real, Refusal):
        assert "heads" in real or real == {}, f"{what}: {real}"
        assert not real.get("heads"), what
        return
    assert isinstance(real, NotFound | NotAllowed) or real.uri.endswith(".no_session"), f"{what}: {real!r}"


def test_every_procedure_that_people_may_call_is_in_the_table() -> None:
    """A new one fails here until somebody has thought about who may see what of it."""
    assert {row.uri for row in TABLE} == {uri for uri, one in PROCEDURES.items() if one.allow is Allow.PERSON}


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.usefixtures("heads")
def test_nothing_is_to_be_had_by_calling(who: str, damson: School, medlar: School, known: Ids) -> None:
    """Known ids are refused as guessed ones are, over WAMP and over HTTP, and nothing changes."""
    outsider = Outsider(damson, who)
    for row in TABLE:
        what = f"{row.fields(known)} to {row.uri} by {who}"
        real = outsider.call(row, known)
        check(row, what, real, outsider.call(row, NOWHERE) if row.names else None, medlar, known)
        if not row.open:
            over_http = outsider.post(row, known)
            check(row, f"{what} over HTTP", over_http, outsider.post(row, NOWHERE) if row.names else None, medlar, known)
            if row.names and not row.uri.endswith(".join"):
                assert words(over_http) == words(real), what


@pytest.mark.parametrize("who", ["student", "classmate"])
@pytest.mark.usefixtures("heads")
def test_students_see_nothing_of_workload_and_workflow(who: str, medlar: School, known: Ids) -> None:
    """Of their own school neither, even where somebody put them into a group of the package."""
    outsider = Outsider(medlar, who)
    for row in (*WORKLOAD, *WORKFLOW):
        what = f"{row.fields(known)} to {row.uri} by {who}"
        check(row, what, outsider.call(row, known), outsider.call(row, NOWHERE) if row.names else None, medlar, known)


@pytest.mark.usefixtures("heads")
def test_a_manager_reaches_nothing_of_others_from_their_own_package(damson: School, medlar: School, known: Ids) -> None:
    """By naming another school's things within the package that they do manage."""
    outsider = Outsider(damson, "manager")
    for row in WORKLOAD:
        if {"package", "id"} <= row.fields(known).keys():
            refused = []
            for ids in (known, NOWHERE):
                with pytest.raises(Refusal) as refusal:
                    outsider.program.call(row.uri, **{**row.fields(ids), "package": damson.package, "seen": 1})
                refused.append(without(words(refusal.value), known))
            assert refused[0] == refused[1], row.uri
            assert medlar.secret not in refused[0]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_what_is_not_for_people_is_refused_to_people(who: str, damson: School) -> None:
    """By the router, before any service is asked; over HTTP as well."""
    outsider = Outsider(damson, who)
    for uri, procedure in PROCEDURES.items():
        if procedure.allow is not Allow.PERSON:
            with pytest.raises(NotAllowed):
                outsider.program.call(uri)
            answer = outsider.browser.post(f"/api/{uri}", {}, Authorization=f"Bearer {outsider.token}")
            assert answer.status == 403, uri


def scopes_of(school: School) -> dict[str, list[str]]:
    """The scopes of a school by service, and the directory's."""
    return {
        "directory": [CAMPUS],
        "workload": [school.package],
        "workflow": [school.package, examiner_scope(school.examiner)],
        "notifier": [school.colleague, school.student],
        "classroom": [school.room],
    }


def subscriptions(school: School) -> Iterator[tuple[str, str]]:
    """Every topic of a school's scopes, and every pattern that would catch one: (topic, match)."""
    scopes = scopes_of(school)
    assert {topic.service for topic in TOPICS.values()} == set(scopes)
    for topic in TOPICS.values():
        for scope in scopes[topic.service]:
            yield f"chalkbell.{topic.service}.v1.{scope}.{topic.name}", "exact"
            yield f"chalkbell.{topic.service}.v1..{topic.name}", "wildcard"
    for service, its_scopes in scopes.items():
        for scope in its_scopes:
            stream = f"chalkbell.{service}.v1.{scope}"
            yield f"{stream}.head_announced", "exact"
            yield f"{stream}.reading_ended", "exact"
            yield f"{stream}.", "prefix"
            yield stream, "prefix"
            yield f"{stream}.s", "prefix"
            yield stream[:-1], "prefix"
            yield f"{stream}.", "wildcard"
        yield f"chalkbell.{service}.v1.", "prefix"
        yield f"chalkbell.{service}.v1.relay.woken", "exact"
    for pattern in ("", "c", "chalkbell", "chalkbell.", "wamp."):
        yield pattern, "prefix"
    for pattern in ("....", "chalkbell....", "wamp.session.on_join"):
        yield pattern, "wildcard"


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nothing_is_to_be_had_by_subscribing(who: str, damson: School, medlar: School) -> None:
    """By exact topic, by prefix or by wildcard."""
    person: str = getattr(damson, who)
    session = damson.campus.router.ticket(person, damson.campus.token(person))
    for topic, match in subscriptions(medlar):
        with pytest.raises(ApplicationError) as refused:
            session.subscribe(topic, match)
        assert refused.value.error in ("wamp.error.not_authorized", "wamp.error.invalid_uri"), (topic, match)
    session.close()


def test_those_whom_it_concerns_do_subscribe_and_replay(medlar: School) -> None:
    """Each to their own: so the refusals above are no accident."""
    expected = {
        "coordinator": {("workload", medlar.package), ("workflow", medlar.package), ("classroom", medlar.room)},
        "examiner": {("workflow", examiner_scope(medlar.examiner))},
        "colleague": {
            ("workload", medlar.package), ("workflow", medlar.package), ("classroom", medlar.room), ("notifier", medlar.colleague)
        },
        "student": {("notifier", medlar.student), ("classroom", medlar.room)},
        "moderator": {("workload", medlar.package), ("workflow", medlar.package)},
    }  # fmt: skip
    for who, may in expected.items():
        person: str = getattr(medlar, who)
        session = medlar.campus.router.ticket(person, medlar.campus.token(person))
        for service, scopes in scopes_of(medlar).items():
            for scope in scopes:
                try:
                    session.subscribe(f"chalkbell.{service}.v1.{scope}.", "prefix")
                    followed = True
                except ApplicationError:
                    followed = False
                try:
                    medlar.program(person).ask(EventsSince(scope=scope), service=service)
                    replayed = True
                except NotFound:
                    replayed = False
                assert followed == replayed == ((service, scope) in may), (who, service, scope)
        session.close()


def test_an_examiner_sees_the_modules_examined_alone(medlar: School, known: Ids) -> None:
    """By reading, by replay and live; nothing of loads, nor of the package."""
    examiner = Outsider(medlar, "examiner")
    found = examiner.program.ask(ReadExamined())
    assert [one.assessment.id for one in found.examined] == [medlar.exam.id]
    assert examiner.program.ask(ReadAssessment(assessment=medlar.exam.id)).scope == found.scope
    with pytest.raises(NotFound):
        examiner.program.ask(ReadAssessment(assessment=medlar.other_exam.id))
    for row in WORKLOAD:
        what = f"{row.uri} by an examiner"
        check(row, what, examiner.call(row, known), examiner.call(row, NOWHERE) if row.names else None, medlar, known)

    followed = examiner.program.follow("workflow", found.scope, found.position)
    package = medlar.program(medlar.coordinator).follow("workflow", medlar.package)
    medlar.ask(medlar.manager, SignOff(assessment=medlar.other_exam.id, state=INITIAL, seen=medlar.other_exam.version))
    medlar.ask(medlar.coordinator, SignOff(assessment=medlar.exam.id, state=INITIAL, seen=medlar.exam.version))
    package.wait(lambda events: sum(event.name == "signed_off" for event in events) == 2)
    events = followed.wait(lambda events: any(event.name == "examined_signed_off" for event in events))
    replayed = examiner.program.ask(EventsSince(scope=found.scope), service="workflow").events
    assert {event.data["assessment"] for event in events if event.name == "examined_signed_off"} == {medlar.exam.id}
    assert medlar.other_exam.id not in words([event.data for event in (*events, *replayed)])


def test_who_leaves_the_group_hears_nothing_more(medlar: School) -> None:
    """Their subscriptions end with a last word, later events do not come, and calls, replay and HTTP are refused."""
    campus, person = medlar.campus, medlar.person("guest")
    campus.ask(AddPerson(id=person, name="A Guest", email=f"{person}@example.edu"))
    medlar.join_staff(person)
    heard(lambda: medlar.ask(person, ReadPackage(package=medlar.package)))
    heard(lambda: medlar.ask(person, JoinRoom(room=medlar.room)))
    session = campus.router.ticket(person, campus.token(person))
    streams = {"workflow": medlar.package, "workload": medlar.package, "classroom": medlar.room}
    listeners = [session.subscribe(f"chalkbell.{service}.v1.{scope}.", "prefix") for service, scope in streams.items()]
    listeners.append(session.subscribe(f"chalkbell.workflow.v1.{medlar.package}.definition_added"))
    insiders = [medlar.program(medlar.teacher).follow(service, scope) for service, scope in streams.items()]
    theirs = medlar.program(person).follow("workload", medlar.package)

    campus.ask(ChangeMembers(group=medlar.staff, remove=[person]))
    for listener in listeners:
        last_word(listener)
    # the stream's followers of our own client are told by their next question at the latest
    change(medlar)
    for insider, name in zip(insiders, ("definition_added", "category_changed", "switched"), strict=True):
        insider.wait(lambda events, name=name: any(event.name == name for event in events))  # type: ignore[misc]
    session.call("chalkbell.directory.v1.profile.read")  # whatever was on its way to them has come before the answer
    assert [listener.silent for listener in listeners] == [True] * 4
    assert "Hushed change" not in words([event.data for event in theirs.events])

    port = campus.router.settings.port
    for service, scope in streams.items():
        with pytest.raises(ApplicationError):
            session.subscribe(f"chalkbell.{service}.v1.{scope}.", "prefix")
        with pytest.raises(NotFound):
            medlar.program(person).ask(EventsSince(scope=scope), service=service)
        asked = Browser(port).post(
            f"/api/{service}.v1.events.since", {"scope": scope}, Authorization=f"Bearer {campus.token(person)}"
        )
        assert asked.status == 404


def last_word(listener: Listener) -> None:
    """Read on until the subscription says that it is over."""
    while listener.next()["name"] != "reading_ended":
        pass


def change(school: School) -> None:
    """Let something happen in each of a school's streams."""
    school.ask(school.manager, AddDefinition(text=DEFINITION.replace("title: T", "title: Hushed change"), package=school.package))
    values = CategoryDetails(name="Hushed change")
    school.ask(school.manager, PutCategory(package=school.package, id="hushed-change", values=values))
    room = school.ask(school.teacher, JoinRoom(room=school.room))
    school.ask(school.teacher, Broadcast(room=school.room, seen=room.mode.number))


def test_who_is_disabled_is_out_at_once(medlar: School) -> None:
    """Sessions end and hear nothing more; ticket, token, cookie and password are worth nothing."""
    campus, person = medlar.campus, medlar.person("gone")
    campus.ask(AddPerson(id=person, name="Soon Gone", email=f"{person}@example.edu"))
    campus.ask(SetPassword(id=person, password="a walk in the courtyard"))
    medlar.join_staff(person)
    heard(lambda: medlar.ask(person, ReadPackage(package=medlar.package)))
    browser, secrets = (
        Browser(campus.router.settings.port),
        {"email": f"{person}@example.edu", "password": "a walk in the courtyard"},
    )
    tickets = [browser.post("/api/sign-in", secrets).json["ticket"], browser.post("/api/ticket").json["ticket"]]
    sessions = [campus.router.ticket(person, secret) for secret in (tickets.pop(), campus.token(person))]
    listeners = [session.subscribe(f"chalkbell.workload.v1.{medlar.package}.", "prefix") for session in sessions]
    with_token = {"Authorization": f"Bearer {campus.token(person)}"}
    profile = "/api/directory.v1.profile.read"
    assert browser.post(profile).status == Browser(browser.port).post(profile, **with_token).status == 200

    campus.ask(DisablePerson(id=person))
    for session in sessions:
        session.wait_ended()
    follower = medlar.program(medlar.coordinator).follow("workload", medlar.package)
    values = CategoryDetails(name="After they were gone")
    medlar.ask(medlar.manager, PutCategory(package=medlar.package, id="after", values=values))
    follower.wait(lambda events: any("After they were gone" in str(event.data) for event in events))
    while not all(listener.silent for listener in listeners):
        for listener in listeners:
            assert listener.silent or "After they were gone" not in str(listener.next())

    for secret in (*tickets, campus.token(person)):
        with pytest.raises(Refused) as refused:
            campus.router.ticket(person, secret)
        assert refused.value.reason == "chalkbell.directory.v1.error.not_signed_in"
    assert browser.post(profile).status == 401
    assert browser.post("/api/ticket").status == 401
    assert Browser(browser.port).post(profile, **with_token).status == 401
    assert Browser(browser.port).post("/api/sign-in", secrets).status == 401


def test_the_questions_of_the_table_are_good_ones(medlar: School, known: Ids) -> None:
    """Those whom they concern are answered, or told of a conflict: ids and fields are right. Last, for this changes things."""
    for row in TABLE:
        if not row.control:
            assert row.own or row.open, row.uri
            continue
        person = "operator" if row.control == "operator" else getattr(medlar, row.control)
        outcome = answer_or_conflict(medlar.program(person), row, known)
        assert not isinstance(outcome, Refusal), f"{row.fields(known)} to {row.uri} by {person}: {outcome!r}"


def answer_or_conflict(program: Program, row: Row, ids: Ids) -> Any:
    """The answer; that of a question which comes at the wrong moment is a conflict. Any other refusal is given back."""
    outcomes: list[Any] = []

    def answered() -> bool:
        try:
            outcomes.append(program.call(row.uri, **row.fields(ids)))
        except Unavailable:
            return False  # the session was ended by an earlier question, and is coming back
        except (Conflict, TooFew) as refused:
            outcomes.append(refused.details)
        except Refusal as refused:
            outcomes.append(refused)
        return True

    until(answered, f"an answer to {row.uri}", 20)
    return outcomes[0]
