"""What is decided once is decided once, however many ask at the same moment."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalkbell.contracts import Refusal
from chalkbell.contracts.directory import AddGroup, AddPerson, DisablePerson
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import give_password, join, sign_in
from tests.service.people import OPERATOR, administrator, populate

AT_ONCE = 8


def at_once(*functions: Callable[[], object]) -> Counter[str]:
    """Run all in the same moment; what came of them, `done` or the last part of a refusal's URI."""
    ready = Barrier(len(functions))

    def run(function: Callable[[], object]) -> str:
        ready.wait(10)
        try:
            function()
        except Refusal as refused:
            return refused.uri.rpartition(".")[2]
        return "done"

    with ThreadPoolExecutor(len(functions)) as threads:
        return Counter(threads.map(run, functions))


def test_an_id_and_an_address_are_given_once(campus: ServiceCampus) -> None:
    same = AddPerson(id="ada-stone", name="Ada", email="ada@example.edu")
    assert at_once(*[lambda: campus.call(same, **OPERATOR)] * AT_ONCE) == {"done": 1, "taken": AT_ONCE - 1}
    others = [AddPerson(id=f"bo-{n}", name="Bo", email="bo@example.edu") for n in range(AT_ONCE)]
    assert at_once(*(lambda ask=ask: campus.call(ask, **OPERATOR) for ask in others)) == {"done": 1, "taken": AT_ONCE - 1}
    group = AddGroup(id="cs", name="CS")
    assert at_once(*[lambda: campus.call(group, **OPERATOR)] * AT_ONCE) == {"done": 1, "taken": AT_ONCE - 1}
    assert [event.seq for event in campus.events("directory", "campus")] == [1, 2, 3]


def test_a_ticket_opens_one_session(campus: ServiceCampus) -> None:
    populate(campus, ["ada-stone"])
    give_password(campus, "ada-stone")
    ticket = sign_in(campus, "ada-stone").ticket
    assert at_once(*[lambda: join(campus, "ada-stone", ticket)] * AT_ONCE) == {"done": 1, "not_signed_in": AT_ONCE - 1}


@pytest.mark.parametrize("who", ["ada-stone", "nobody-there"])
def test_guessing_in_parallel_gives_no_more_guesses(campus: ServiceCampus, who: str) -> None:
    populate(campus, ["ada-stone"])
    give_password(campus, "ada-stone")
    guesses = [lambda: sign_in(campus, who, "wrong password")] * AT_ONCE
    assert at_once(*guesses) == {"wrong_password": 5, "too_many_attempts": AT_ONCE - 5}


def test_two_administrators_who_disable_each_other_leave_one(campus: ServiceCampus) -> None:
    populate(campus, [administrator("root-ann"), administrator("root-bob")])
    pairs = (("root-ann", "root-bob"), ("root-bob", "root-ann"))
    came = at_once(*(lambda by=by, id=id: campus.call(DisablePerson(id=id), by=by, role="administrator") for by, id in pairs))
    assert came == {"done": 1, "last_administrator": 1}
