"""Who may do what on the bus: every kind of session on every procedure and topic of the contracts, and on what is
none.
"""

import json
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping

import pytest

from chalkbell.router.configuration import (
    AUTHENTICATE,
    AUTHORIZE,
    END_SESSIONS,
    END_SUBSCRIPTIONS,
    ROUTER_DIRECTORY,
    SUBSCRIBERS,
)
from chalkbell.router.configuration import SESSIONS as SESSIONS_OPEN
from chalkbell.router.keys import SERVICES
from tests.routing import ApplicationError, Refused, Router, Session, StandIns

TABLE = json.loads((ROUTER_DIRECTORY / "permissions.json").read_text())
CALLS, TOPICS = TABLE["calls"], TABLE["topics"]
PEOPLE = ("person", "administrator", "operator")
SESSIONS = (*PEOPLE, *SERVICES)
REACH = {
    "person": {"person"},
    "administrator": {"person", "administrator"},
    "operator": {"person", "administrator"},
    **{service: {"person", "administrator", "service"} for service in SERVICES},
}
WAMP = (
    "wamp.session.list",
    "wamp.session.get",
    "wamp.session.kill",
    "wamp.session.kill_by_authid",
    "wamp.session.add_testament",
    "wamp.registration.list",
    "wamp.registration.remove_callee",
    "wamp.subscription.list",
    "wamp.subscription.get_events",
    "wamp.subscription.remove_subscriber",
)
#: The router's own procedures and who may call them.
OF_ROUTER = {
    END_SESSIONS: {"directory"},
    END_SUBSCRIPTIONS: set(SERVICES),
    SESSIONS_OPEN: {"directory", "classroom"},
    SUBSCRIBERS: set(SERVICES),
}
NOT_AUTHORIZED = "wamp.error.not_authorized"

Name = Callable[[str], str]


@pytest.fixture(scope="module")
def sessions(stand_ins: StandIns) -> Iterator[Mapping[str, Session]]:
    """One session of every kind."""
    people = {role: stand_ins.join(f"one-{role}", role) for role in PEOPLE}
    yield ChainMap(people, stand_ins.services)
    for session in people.values():
        session.close()


def refusal(act: Callable[[], object]) -> str | None:
    """The URI with which the router refused, or None when it did not."""
    try:
        act()
    except ApplicationError as error:
        return str(error.error)
    return None


@pytest.mark.parametrize("who", SESSIONS)
def test_each_kind_of_session_calls_what_the_contracts_say_and_nothing_else(sessions: Mapping[str, Session], who: str) -> None:
    refused = {uri for uri in CALLS if refusal(lambda uri=uri: sessions[who].call(uri)) == NOT_AUTHORIZED}
    assert refused == {uri for uri, level in CALLS.items() if level not in REACH[who]}


@pytest.mark.parametrize("who", SESSIONS)
def test_procedures_of_the_router_itself_are_closed(sessions: Mapping[str, Session], who: str) -> None:
    assert not {uri for uri in WAMP if refusal(lambda uri=uri: sessions[who].call(uri)) != NOT_AUTHORIZED}
    ours = {uri for uri in OF_ROUTER if refusal(lambda uri=uri: sessions[who].call(uri)) != NOT_AUTHORIZED}
    assert ours == {uri for uri, allowed in OF_ROUTER.items() if who in allowed}
    assert refusal(lambda: sessions[who].call(AUTHORIZE, {}, "chalkbell.x", "call", {})) == NOT_AUTHORIZED
    assert refusal(lambda: sessions[who].call(AUTHENTICATE, "campus", "x", {})) == NOT_AUTHORIZED


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("uri", ["chalkbell.workflow.v1.nothing_of_the_kind", "chalkbell.workflow.v1", "chalkbell", "x"])
def test_people_cannot_call_what_no_contract_names(sessions: Mapping[str, Session], who: str, uri: str) -> None:
    assert refusal(lambda: sessions[who].call(uri)) in (NOT_AUTHORIZED, "wamp.error.invalid_uri")


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("uri", [*list(CALLS)[:3], "chalkbell.workflow.v1.new", "com.example.mine"])
def test_people_register_nothing(sessions: Mapping[str, Session], who: str, uri: str) -> None:
    # Crossbar looks whether the procedure is taken before it asks whether it may be.
    taken = "wamp.error.procedure_already_exists"
    assert refusal(lambda: sessions[who].register(uri, lambda: None)) in (NOT_AUTHORIZED, taken)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("topic", [*TOPICS, "chalkbell.workflow.v1.{scope}.head_announced", "com.example.mine"])
def test_people_publish_nothing(sessions: Mapping[str, Session], who: str, topic: str) -> None:
    assert refusal(lambda: sessions[who].publish(topic.format(scope="any"), {})) == NOT_AUTHORIZED


def followed(session: Session, topic: str, match: str | None = None) -> str | None:
    return refusal(lambda: session.subscribe(topic, match))


def scope_of_topic(topic: str) -> str:
    """The prefix of a topic's scope, with `{scope}` in it."""
    return topic.rpartition(".")[0] + "."


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("who", ["person", "administrator"])
def test_people_follow_a_topic_when_its_owner_says_so(
    stand_ins: StandIns, sessions: Mapping[str, Session], fresh: Name, who: str, topic: str
) -> None:
    mine, other = fresh("scope"), fresh("scope")
    stand_ins.readers.add((mine, f"one-{who}"))
    stand_ins.readers.add((other, "somebody-else"))
    allowed = TOPICS[topic] in REACH[who]
    assert followed(sessions[who], topic.format(scope=mine)) == (None if allowed else NOT_AUTHORIZED)
    assert followed(sessions[who], topic.format(scope=other)) == NOT_AUTHORIZED


@pytest.mark.parametrize("prefix", sorted({scope_of_topic(topic) for topic in TOPICS}))
@pytest.mark.parametrize("who", ["person", "administrator"])
def test_people_follow_a_whole_scope_and_its_head_when_its_owner_says_so(
    stand_ins: StandIns, sessions: Mapping[str, Session], fresh: Name, who: str, prefix: str
) -> None:
    mine, other = fresh("scope"), fresh("scope")
    stand_ins.readers.add((mine, f"one-{who}"))
    levels = {level for topic, level in TOPICS.items() if scope_of_topic(topic) == prefix}
    allowed = levels <= REACH[who]
    assert followed(sessions[who], prefix.format(scope=mine), "prefix") == (None if allowed else NOT_AUTHORIZED)
    assert followed(sessions[who], prefix.format(scope=other), "prefix") == NOT_AUTHORIZED
    assert followed(sessions[who], prefix.format(scope=mine) + "head_announced") is None
    assert followed(sessions[who], prefix.format(scope=other) + "head_announced") == NOT_AUTHORIZED


@pytest.mark.parametrize("who", ["person", "administrator"])
@pytest.mark.parametrize(
    ("topic", "match"),
    [
        ("chalkbell.workflow.v1..signed_off", "wildcard"),
        ("chalkbell.workflow.v1.readable.signed_off", "wildcard"),
        ("....", "wildcard"),
        ("chalkbell.", "prefix"),
        ("chalkbell.workflow.", "prefix"),
        ("chalkbell.workflow.v1.", "prefix"),
        ("chalkbell.workflow.v1.readable", "prefix"),
        ("chalkbell.workflow.v1.read", "prefix"),
        ("chalkbell.workflow.v1.readable.signed", "prefix"),
        ("chalkbell.workflow.v1.readable.signed_off", "prefix"),
        ("chalkbell.workflow.v1.readable.other", None),
        ("chalkbell.workflow.v1.readable.signed_off.more", None),
        ("chalkbell.workflow.v1.READABLE.signed_off", None),
        ("chalkbell.workflow.v2.readable.signed_off", None),
        ("chalkbell.nothing.v1.readable.signed_off", None),
        ("wamp.session.on_join", None),
        ("wamp.session.on_leave", None),
        ("wamp.", "prefix"),
        ("w", "prefix"),
    ],
)
def test_people_follow_no_other_pattern(
    stand_ins: StandIns, sessions: Mapping[str, Session], who: str, topic: str, match: str | None
) -> None:
    stand_ins.readers.add(("readable", f"one-{who}"))
    assert followed(sessions[who], topic, match) == NOT_AUTHORIZED


def test_the_owner_is_asked_about_the_scope_and_the_person_of_each_subscription(
    stand_ins: StandIns, sessions: Mapping[str, Session], fresh: Name
) -> None:
    while not stand_ins.asked.empty():
        stand_ins.asked.get()
    for _ in range(2):
        scope = fresh("scope")
        stand_ins.readers.add((scope, "one-person"))
        sessions["person"].subscribe(f"chalkbell.workflow.v1.{scope}.", "prefix")
        assert stand_ins.asked.get() == ("chalkbell.workflow.v1.meta.may_read", scope, "one-person", "person")


def test_a_yes_is_believed_for_a_moment_and_a_no_is_not(stand_ins: StandIns, fresh: Name) -> None:
    scope, ada = fresh("scope"), fresh("ada")
    session = stand_ins.join(ada, "person")
    while not stand_ins.asked.empty():
        stand_ins.asked.get()
    assert followed(session, f"chalkbell.workflow.v1.{scope}.signed_off") == NOT_AUTHORIZED
    stand_ins.readers.add((scope, ada))
    for topic in ("signed_off", "head_announced", "form_answered"):
        followed(session, f"chalkbell.workflow.v1.{scope}.{topic}")
    assert [stand_ins.asked.get()[1] for _ in range(2)] == [scope, scope]
    assert stand_ins.asked.empty()


@pytest.mark.parametrize("how", ["of everybody", "of this scope", "of all scopes", "a session of the person ended"])
def test_a_yes_is_forgotten_when_rights_change(stand_ins: StandIns, fresh: Name, how: str) -> None:
    """What a service does after a change: it asks who follows, and ends what may not be followed any more."""
    scope, ada = fresh("scope"), fresh("ada")
    stand_ins.readers.add((scope, ada))
    topic = f"chalkbell.workflow.v1.{scope}.signed_off"
    session, workflow = stand_ins.join(ada, "person"), stand_ins.services["workflow"]
    assert followed(session, topic) is None
    stand_ins.readers.remove((scope, ada))
    if how == "of everybody":
        workflow.call(END_SUBSCRIPTIONS, scope=scope, person=ada)
    elif how == "of this scope":
        workflow.call(SUBSCRIBERS, scope=scope)
    elif how == "of all scopes":
        workflow.call(SUBSCRIBERS)
    else:
        stand_ins.services["directory"].call(END_SESSIONS, person=ada)
        session = stand_ins.join(ada, "person")
    assert followed(session, topic) == NOT_AUTHORIZED


def test_a_yes_of_a_service_that_went_away_is_not_believed(stand_ins: StandIns, fresh: Name) -> None:
    scope, ada = fresh("scope"), fresh("ada")
    stand_ins.readers.add((scope, ada))
    session = stand_ins.join(ada, "person")
    topic = f"chalkbell.workflow.v1.{scope}.signed_off"
    assert followed(session, topic) is None
    stand_ins.leave("workflow")
    try:
        assert followed(session, topic) == "wamp.error.authorization_failed"
    finally:
        stand_ins.arrive("workflow")


def test_a_yes_to_one_person_is_none_to_another(stand_ins: StandIns, fresh: Name) -> None:
    scope, reader, stranger = fresh("scope"), fresh("reader"), fresh("stranger")
    stand_ins.readers.add((scope, reader))
    topic = f"chalkbell.workflow.v1.{scope}.signed_off"
    assert followed(stand_ins.join(reader, "person"), topic) is None
    assert followed(stand_ins.join(stranger, "person"), topic) == NOT_AUTHORIZED


def test_nobody_follows_what_a_service_that_is_away_owns_until_it_is_back(stand_ins: StandIns, fresh: Name) -> None:
    scope, ada = fresh("scope"), fresh("ada")
    stand_ins.readers.add((scope, ada))
    session = stand_ins.join(ada, "person")
    topic = f"chalkbell.workflow.v1.{scope}.signed_off"
    stand_ins.leave("workflow")
    try:
        assert followed(session, topic) == "wamp.error.authorization_failed"
        with pytest.raises(ApplicationError, match="try again later"):
            session.subscribe(topic)
    finally:
        stand_ins.arrive("workflow")
    assert followed(session, topic) is None


def test_the_operator_follows_everything_of_ours_and_nothing_of_the_router(sessions: Mapping[str, Session]) -> None:
    operator = sessions["operator"]
    assert followed(operator, "chalkbell.", "prefix") is None
    assert followed(operator, "chalkbell.workflow.v1..signed_off", "wildcard") is None
    assert followed(operator, "wamp.session.on_join") == NOT_AUTHORIZED
    assert followed(operator, "..", "wildcard") == NOT_AUTHORIZED


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_registers_and_publishes_under_its_own_prefix_alone(
    sessions: Mapping[str, Session], fresh: Name, service: str
) -> None:
    session, name = sessions[service], fresh("x").replace("-", "_")
    assert refusal(lambda: session.register(f"chalkbell.{service}.v1.{name}", lambda: None)) is None
    assert refusal(lambda: session.publish(f"chalkbell.{service}.v1.scope.{name}", {})) is None
    for other in {*SERVICES, "router", f"{service}s", "new"} - {service}:
        assert refusal(lambda o=other: session.register(f"chalkbell.{o}.v1.{name}", lambda: None)) == NOT_AUTHORIZED
        assert refusal(lambda o=other: session.publish(f"chalkbell.{o}.v1.scope.{name}", {})) == NOT_AUTHORIZED
    assert refusal(lambda: session.publish("wamp.session.on_leave", 1)) == "wamp.error.invalid_uri"
    for foreign in ("com.example.mine", f"chalkbell.{service}", "chalkbell"):
        assert refusal(lambda uri=foreign: session.register(uri, lambda: None)) == NOT_AUTHORIZED
        assert refusal(lambda uri=foreign: session.publish(uri, {})) == NOT_AUTHORIZED


@pytest.mark.parametrize("service", SERVICES)
def test_services_call_and_follow_each_other(sessions: Mapping[str, Session], fresh: Name, service: str) -> None:
    scope = fresh("scope")
    heard = sessions[service].subscribe(f"chalkbell.workflow.v1.{scope}.", "prefix")
    sessions["workflow"].publish(f"chalkbell.workflow.v1.{scope}.told", {"to": service})
    assert service == "workflow" or heard.next() == {"to": service}
    assert sessions[service].call("chalkbell.workflow.v1.meta.describe") == [f"service.{service}", f"service-{service}"]


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_classroom_hears_who_left(stand_ins: StandIns, sessions: Mapping[str, Session], fresh: Name, service: str) -> None:
    assert followed(sessions[service], "wamp.session.on_join") == NOT_AUTHORIZED
    assert followed(sessions[service], "wamp.", "prefix") == NOT_AUTHORIZED
    if service != "classroom":
        assert followed(sessions[service], "wamp.session.on_leave") == NOT_AUTHORIZED
        return
    left = sessions[service].subscribe("wamp.session.on_leave")
    leaver = stand_ins.join(fresh("leaver"), "person")
    number = leaver.id
    leaver.close()
    assert number in iter(left.next, None)


def test_nobody_joins_without_signing_in(router: Router, stand_ins: StandIns, fresh: Name) -> None:
    ada = fresh("ada")
    stand_ins.people[ada] = "person"
    with pytest.raises(Refused) as refused:
        router.ticket(ada, "a wrong ticket")
    assert refused.value.reason == "chalkbell.directory.v1.error.not_signed_in"
    with pytest.raises(Refused):
        router.key("workflow", seed="17" * 32)
    with pytest.raises(Refused):
        router.ticket(ada, methods=["anonymous"])


def test_a_person_who_joins_over_the_services_door_has_the_rights_of_a_person(stand_ins: StandIns, fresh: Name) -> None:
    ada = stand_ins.join(fresh("ada"), "person", rawsocket=True)
    assert ada.role == "person"
    assert refusal(lambda: ada.call(END_SESSIONS, person="nobody")) == NOT_AUTHORIZED
    assert refusal(lambda: ada.register("chalkbell.workflow.v1.mine", lambda: None)) == NOT_AUTHORIZED


def test_a_callee_is_told_who_calls(sessions: Mapping[str, Session]) -> None:
    for who in ("person", "administrator", "operator"):
        name = "operator" if who == "operator" else f"one-{who}"
        assert sessions[who].call("chalkbell.workflow.v1.meta.describe") == [name, who]
