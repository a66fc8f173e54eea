"""Workflow's rules over every definition, people and way that Hypothesis thinks of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkbell.contracts import Conflict, Invalid
from chalkbell.contracts.directory import PersonKind
from chalkbell.contracts.workflow import ActorKind, NotAnActor, NotNext, PackageClosed, SignOff, State, You
from services.workflow.rules import actors, graph, names, rights, signing
from services.workflow.rules.actors import Concerned, Part, Someone
from tests.rules import workflow_facts as made

IDS = ["ann", "bob", "cat", "dan"]
GROUPS = ["g1", "g2"]
tokens = st.sampled_from([*(kind.value for kind in ActorKind), *(f"group:{id}" for id in GROUPS), *(f"person:{id}" for id in IDS)])
lists = st.lists(tokens, min_size=1, max_size=4, unique=True)
kinds = st.sampled_from([*PersonKind, None])
someones = st.builds(
    Someone,
    id=st.sampled_from(IDS),
    kind=kinds,
    active=st.booleans(),
    administrator=st.booleans(),
    groups=st.frozensets(st.sampled_from(GROUPS)),
)
roles = st.sampled_from([*actors.STAFF_ROLES, *actors.EXAMINER_ROLES])
parts = st.builds(Part, role=roles, person=st.sampled_from(IDS), kind=kinds)
group_kinds = st.dictionaries(
    st.sampled_from(["assessment_team", "exams_office"]), st.lists(st.sampled_from(GROUPS), unique=True).map(tuple)
)
concerneds = st.builds(actors.concerned, st.lists(parts, max_size=8), group_kinds)


@st.composite
def graphs(draw: st.DrawFn) -> graph.Graph:
    """Any definition without problems."""
    states = [f"s{number}" for number in range(draw(st.integers(1, 5)))]
    made_states = [
        State(
            name=name,
            title=name.upper(),
            actors=draw(lists),
            notify=[one for one in draw(lists) if one != "anyone"],
            next=draw(st.lists(st.sampled_from(states), unique=True)),
            start=index == 0 or draw(st.booleans()),
        )
        for index, name in enumerate(states)
    ]
    return made.graph_of(made_states)


@given(
    graphs(), st.data(), concerneds, someones, st.one_of(st.none(), someones), st.integers(0, 3), st.integers(0, 3), st.booleans()
)
def test_a_sign_off_that_is_allowed_follows_is_seen_and_is_an_actors(
    definition: graph.Graph,
    data: st.DataObject,
    concerned: Concerned,
    signer: Someone,
    absent: Someone | None,
    version: int,
    seen: int,
    closed: bool,
) -> None:
    """Whatever is asked: either a refusal, or all rules hold for the state that is entered."""
    all_states = list(definition.states)
    state = data.draw(st.one_of(st.none(), st.sampled_from(all_states)))
    wanted = data.draw(st.sampled_from([*all_states, "elsewhere"]))
    ask = SignOff(
        assessment="a", state=wanted, seen=seen, on_behalf_of=absent.id if absent else None, reason="why" if absent else ""
    )
    try:
        entered = signing.decide(
            ask, graph=definition, state=state, version=version, closed=closed, concerned=concerned, signer=signer, absent=absent
        )
    except (Conflict, NotNext, NotAnActor, PackageClosed, Invalid):
        return
    assert not closed
    assert seen == version
    assert entered.name == wanted
    assert entered.start if state is None else entered.name in definition.states[state].next
    assert signer.active
    actor = absent or signer
    assert actors.is_meant(actor, entered.actors, concerned)
    assert absent is None or (signer.administrator and signer.id != absent.id)
    assert actor.kind is not PersonKind.STUDENT


@given(graphs(), concerneds, someones, st.data())
def test_what_a_turn_says_is_what_is_allowed(
    definition: graph.Graph, concerned: Concerned, someone: Someone, data: st.DataObject
) -> None:
    """Whom a page shows as next and who may sign are the same, for everybody who may take part."""
    if not someone.may_take_part:
        return
    state = data.draw(st.sampled_from(list(definition.states)))
    for following in definition.after(state):
        turn = actors.turn(following, concerned)
        named = someone.id in turn.people or not someone.groups.isdisjoint(turn.groups)
        more = (turn.anyone and someone.staff) or (turn.administrators and actors.may_administer(someone))
        assert actors.may_act(someone, following.actors, concerned) == (named or more)
        assert actors.waits_for(You(person=someone.id, groups=sorted(someone.groups)), [turn]) == named


@given(lists, concerneds, st.lists(someones, max_size=6, unique_by=lambda one: one.id))
def test_everybody_told_is_on_the_list_once_and_may_sign_in(notify: list[str], concerned: Concerned, people: list[Someone]) -> None:
    """And nobody on the list who may is left out."""
    state = State(name="s", title="S", actors=["anyone"], notify=[one for one in notify if one != "anyone"])
    told = signing.tell(signing.told(state, concerned), people, people)
    assert told == sorted(set(told))
    assert set(told) == {one.id for one in people if one.active and actors.is_meant(one, state.notify, concerned)}


@given(st.sampled_from(["open", "draft", "hidden", "closed"]), someones, concerneds, st.sets(roles))
def test_students_and_disabled_people_see_nothing(status: str, someone: Someone, concerned: Concerned, mine: set[str]) -> None:
    """Nor does anybody but its managers see a package that is hidden."""
    package = rights.Package("p", "P", status, ("g1",), ("g2",))
    reads = rights.may_read(someone, package, mine, []) or rights.may_examine(someone, package, concerned)
    if not someone.may_take_part and not actors.may_administer(someone):
        assert not reads
    if package.hidden and reads:
        assert rights.may_manage(someone, package)


@pytest.mark.parametrize(
    ("programmes", "lead", "leading"),
    [
        (["bsc", "ba"], "bsc", ["bsc"]),
        (["bsc"], None, ["bsc"]),
        (["bsc", "ba"], None, ["bsc", "ba"]),
        (["bsc"], "gone", ["bsc"]),
        ([], "bsc", []),
    ],
)
def test_somebody_always_leads(programmes: list[str], lead: str | None, leading: list[str]) -> None:
    """The lead programme, and where none is named, or it is not the module's, each of them."""
    assert actors.lead_programmes(programmes, lead) == leading


def state(name: str, **fields: object) -> State:
    """A state without problems but for these fields."""
    return State(**{"name": name, "title": name, "actors": ["anyone"], "start": True, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("states", "path", "message"),
    [
        ([state("a", start=False)], "states", "no state has `start: true`"),
        ([state("a"), state("a")], "states[1].name", "two states are called 'a'"),
        ([state("a", next=["a", "b"])], "states[0].next[1]", "no state 'b'"),
        ([state("a", next=["a", "a"])], "states[0].next[1]", "named twice"),
        ([state("a", actors=["coordinator", "dean"])], "states[0].actors[1]", "'dean' is none of"),
        ([state("a", actors=["group:none"])], "states[0].actors[0]", "no group 'none'"),
        ([state("a", notify=["person:none"])], "states[0].notify[0]", "nobody 'none'"),
        ([state("a", notify=["anyone"])], "states[0].notify[0]", "cannot be told"),
        ([state("a", notify=["team", "team"])], "states[0].notify[1]", "named twice"),
    ],
)
def test_what_is_wrong_with_a_definition_and_where(states: list[State], path: str, message: str) -> None:
    """Each problem by its path; what is known is no problem."""
    (problem,) = graph.problems(states, ["g1"], ["ann"])
    assert problem.path == path
    assert message in problem.message
    assert graph.problems([state("a", actors=["group:g1", "person:ann"], next=["a"])], ["g1"], ["ann"]) == []


def test_notes_are_for_those_with_a_part() -> None:
    """Coordinator, moderator, team, assessment team, examiners, administrators, and whoever signed; not for all of the package."""
    concerned, definition = made.module(), made.default()
    may = {name for name, one in made.PEOPLE.items() if rights.may_read_notes(one, concerned, definition, ["unrelated_staff"])}
    everybody = {"coordinator", "moderator", "team_member", "assessment_staff", "lead_examiner", "other_examiner", "superuser"}
    assert may == {*everybody, "unrelated_staff"}
    assert not rights.may_read_notes(made.PEOPLE["unrelated_staff"], concerned, definition, [])
    assert not rights.may_read_notes(replace(made.PEOPLE["coordinator"], active=False), concerned, definition, [])


@pytest.mark.parametrize(
    ("id", "parts"),
    [("abc-12", ("abc", 12)), ("a-b-1", ("a-b", 1)), ("abc", None), ("abc-", None), ("abc-x", None), ("a-" + "9" * 40, None)],
)
def test_a_sign_offs_id_is_made_of_its_assessment_and_number(id: str, parts: tuple[str, int] | None) -> None:
    """And nothing else is taken for one."""
    assert names.parts_of_sign_off(id) == parts
    assert parts is None or names.sign_off_id(*parts) == id


def test_a_definition_belongs_to_the_package_that_its_id_names() -> None:
    """Or to all."""
    assert names.definition_id(None, "default", 3) == "default.3"
    assert names.definition_id("cs-2026", "default", 3) == "cs-2026.default.3"
    assert names.owner_of("default.3") is None
    assert names.owner_of("cs-2026.default.3") == "cs-2026"
