"""What people send is looked at before it reaches a service: nobody is taken for another, and no service falls off the bus."""

import queue
from collections.abc import Callable
from typing import Any

import pytest
from autobahn.wamp.message import Error, Result
from autobahn.wamp.types import CallOptions

from tests.routing import ApplicationError, Refused, Router, Session, StandIns, in_reactor

Name = Callable[[str], str]
PROCEDURE = "chalkbell.workflow.v1.meta.describe"


def call_as_text(session: Session, value: str) -> Any:
    """Call with a value that is given as JSON text, and return the message that answers."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    session.inner.onMessage = answers.put
    text = f'[48, 1, {{}}, "{PROCEDURE}", [], {{"x": {value}}}]'
    in_reactor(lambda: session.inner._transport.sendMessage(text.encode(), False))
    answer = answers.get(timeout=10)
    del session.inner.onMessage
    return answer


@pytest.mark.parametrize("serializer", ["json", "cbor"])
def test_a_person_cannot_call_for_somebody_else(stand_ins: StandIns, fresh: Name, serializer: str) -> None:
    """`forward_for` is how linked routers name the caller; Crossbar believes it from anybody."""
    mallory = fresh("mallory")
    session = stand_ins.join(mallory, "person", rawsocket=serializer == "cbor")
    other = [{"session": 1, "authid": "the-head", "authrole": "administrator"}]
    assert session.call(PROCEDURE, options=CallOptions(forward_for=other)) == [mallory, "person"]


@pytest.mark.parametrize(
    ("value", "path", "why"),
    [
        ("[" * 900 + "]" * 900, "x.0.0", "inside each other"),
        ('{"a": {"b": "\\ud800"}}', "x.a.b", "surrogate"),
        ('{"\\udfff": 1}', "x", "surrogate"),
        ('"\\u0000YWJj"', "x", "NUL"),
        ('[1, "é\\u0000"]', "x.1", "NUL"),
        ("NaN", "x", "a number that is none"),
        ("[-Infinity]", "x.0", "a number that is none"),
        ("1e400", "x", "a number that is none"),
        (str(2**63), "x", "64 bits"),
        (str(-(2**63) - 1), "x", "64 bits"),
    ],
)
def test_a_value_that_would_break_a_service_is_refused_with_its_path(
    stand_ins: StandIns, fresh: Name, value: str, path: str, why: str
) -> None:
    answer = call_as_text(stand_ins.join(fresh("mallory"), "person"), value)
    assert isinstance(answer, Error)
    assert answer.error == "chalkbell.error.invalid"
    assert answer.kwargs["path"].startswith(path)
    assert why in answer.args[0]
    assert stand_ins.services["workload"].call(PROCEDURE)[0] == "service.workload"


@pytest.mark.parametrize("value", ['"é 日本 🔔"', str(2**63 - 1), "0.1", "[[[[1]]]]", '{"": null}', "true"])
def test_what_contracts_may_need_passes(stand_ins: StandIns, fresh: Name, value: str) -> None:
    assert isinstance(call_as_text(stand_ins.join(fresh("ada"), "person"), value), Result)


@pytest.mark.parametrize("extra", [{"a": b"binary"}, {"a": 2**70}, {"a\0": 1}])
def test_binary_values_and_their_like_are_refused_too(stand_ins: StandIns, fresh: Name, extra: dict[str, Any]) -> None:
    session = stand_ins.join(fresh("mallory"), "person", rawsocket=True)
    with pytest.raises(ApplicationError) as refused:
        session.call(PROCEDURE, **extra)
    assert refused.value.error == "chalkbell.error.invalid"


def test_a_sign_in_with_such_values_never_reaches_the_directory(stand_ins: StandIns, router: Router, fresh: Name) -> None:
    ada = fresh("ada")
    stand_ins.people[ada] = "person"
    with pytest.raises(Refused):
        router.ticket(ada, "a ticket\0")
    with pytest.raises(Refused):
        router.ticket(ada + "\0")
    assert router.ticket(ada).role == "person"
