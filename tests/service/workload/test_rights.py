import pytest

from chalkbell.contracts import PROCEDURES, NotAllowed, NotFound, Refusal, TooOld, procedure_of
from chalkbell.contracts.directory import ChangeMembers
from chalkbell.contracts.shared import EventsSince, MayRead
from chalkbell.contracts.workload import (
    AddPackage,
    ChangePackage,
    ListPackages,
    ModuleDetails,
    Packages,
    PutModule,
    ReadActivity,
    ReadLoad,
    ReadPackage,
    Status,
)
from chalkbell.dispatch import ROUTER_ROLE
from tests.service.people import populate
from tests.service.workload.department import CS, LAW, ROLES, Department, details
from tests.service.workload.steps import CHANGES, READS

CHANGERS = ["dean", "operator", "boss"]
READERS = ["staff", "coordinator", "moderator", "teacher", "director", "postholder", "busy", "assessor", "office", "invited"]
# an examiner of the department's own programme among them: loads are not an examiner's business
STRANGERS = ["examiner", "lawyer", "student", "gone", "nobody"]
ADD = AddPackage(package="new-2026", values=details())


def refusal_of(department: Department, by: str, request: object) -> type[Refusal] | None:
    """How somebody is refused, or None."""
    try:
        department.ask(by, request)  # type: ignore[arg-type]
    except Refusal as refusal:
        return type(refusal)
    return None


def test_every_procedure_is_in_the_table() -> None:
    """One added to the contracts without a row here fails."""
    shared = {"events.since", "events.heads", "meta.may_read", "meta.health", "meta.describe"}
    tried = {procedure_of(type(one)).uri for one in [*CHANGES, *READS, ADD, ListPackages()]}
    own = {uri for uri, p in PROCEDURES.items() if p.service == "workload" and uri.split(".v1.")[1] not in shared}
    assert tried == own


def test_administrators_and_managers_change_everything(department: Department) -> None:
    """Three who may, one after the other, each from where the one before began."""
    for change in CHANGES:
        assert refusal_of(department, "boss", change) is None, type(change).__name__
    for number, by in enumerate(CHANGERS[:2]):
        assert refusal_of(department, by, AddPackage(package=f"new-{number}", values=details())) is None
        assert refusal_of(department, by, ChangePackage(package=CS, seen=2 + number, values=details(name=by))) is None
    assert refusal_of(department, "boss", ADD) is NotAllowed


@pytest.mark.parametrize(
    ("people", "reading", "changing"),
    [
        pytest.param(READERS, None, NotAllowed, id="readers"),
        pytest.param(STRANGERS, NotFound, NotFound, id="strangers"),
        pytest.param(["service.workflow"], None, NotAllowed, id="services"),
    ],
)
def test_who_may_read_and_who_may_change(
    department: Department, people: list[str], reading: type[Refusal] | None, changing: type[Refusal]
) -> None:
    """Members and those with a part in the package read; to others it is not there; a service changes nothing."""
    before = department.read()
    for person in people:
        for read in READS:
            assert refusal_of(department, person, read) is reading, (person, read)
        for change in CHANGES:
            assert refusal_of(department, person, change) is changing, (person, change)
        if not person.startswith("service."):
            assert refusal_of(department, person, ADD) is NotAllowed
    assert department.read() == before


@pytest.mark.parametrize("status", [Status.DRAFT, Status.HIDDEN])
def test_draft_and_hidden_packages_are_for_those_who_may_change_them(department: Department, status: Status) -> None:
    """To everybody else they are not there, not even to those who coordinate in them."""
    department.ask("boss", ChangePackage(package=CS, seen=1, values=details(status=status)))
    for person in CHANGERS:
        assert refusal_of(department, person, ReadPackage(package=CS)) is None
    for person in [*READERS, *STRANGERS]:
        for request in [*READS, *CHANGES]:
            assert refusal_of(department, person, request) is NotFound


def test_following_is_allowed_to_whom_reading_is(department: Department) -> None:
    """The router's question, the replay and the read are answered alike, for every scope that one may think of."""
    for person in [*CHANGERS, *READERS, *STRANGERS]:
        role = ROLES.get(person, "person")
        for scope in (CS, LAW, "none-such", "x" * 63):
            reads = refusal_of(department, person, ReadPackage(package=scope)) is None
            may = department.campus.call(
                MayRead(scope=scope, person=person, role=role), by="router", role=ROUTER_ROLE, service="workload"
            )
            if person != "operator":
                assert may.may is reads, (person, scope)
            try:
                department.campus.call(EventsSince(scope=scope), by=person, role=role, service="workload")
                replays = True
            except NotFound:
                replays = False
            except TooOld:
                replays = True
            assert replays is (reads or person == "operator"), (person, scope)


def test_everybody_sees_the_list_of_their_own_packages(department: Department) -> None:
    """With what they may do in each."""

    def listed(by: str) -> dict[str, bool]:
        found: Packages = department.ask(by, ListPackages())
        return {one.package.id: one.may_change for one in found.packages}

    for person in CHANGERS[:2]:
        assert listed(person) == {CS: True, LAW: True}
    assert listed("boss") == {CS: True}
    for person in READERS:
        assert listed(person) == {CS: False}
    assert listed("lawyer") == {LAW: False}
    for person in ("examiner", "student", "gone", "nobody"):
        assert listed(person) == {}
    assert listed("service.workflow") == {CS: False, LAW: False}


def test_a_person_of_one_package_learns_nothing_of_another_by_guessing(department: Department) -> None:
    """The refusal for what one may not see is the one for what there is not."""
    for guess in (ReadPackage(package=LAW), PutModule(package=LAW, values=ModuleDetails(code="X", name="X"))):
        with pytest.raises(NotFound) as hidden:
            department.ask("boss", guess)
        with pytest.raises(NotFound) as missing:
            department.ask("boss", type(guess)(**{**{f: getattr(guess, f) for f in guess.__struct_fields__}, "package": "none"}))
        assert (hidden.value.message, hidden.value.details) == (missing.value.message, missing.value.details)


def test_a_confidential_activity_is_known_to_its_person_and_the_managers(department: Department) -> None:
    """Others see that there is something, and how much."""
    for person in [*CHANGERS, "busy"]:
        assert department.ask(person, ReadActivity(package=CS, id="secret")).name == "Illness"
        items = department.ask(person, ReadLoad(package=CS, person="busy")).items
        assert "Illness" in [item.name for item in items]
    for person in ("staff", "coordinator", "assessor"):
        assert refusal_of(department, person, ReadActivity(package=CS, id="secret")) is NotFound
        assert department.ask(person, ReadActivity(package=CS, id="grant")).name == "Grant"
        load = department.ask(person, ReadLoad(package=CS, person="busy"))
        assert sorted((item.name, item.total) for item in load.items) == [("", 40.0), ("Grant", 100.0)]
        assert load.load.total == 140


@pytest.mark.parametrize(
    ("leave", "loser"),
    [
        pytest.param("group", "staff", id="leaves the group"),
        pytest.param("module", "coordinator", id="coordinates no more"),
        pytest.param("groups", "staff", id="the package names the group no more"),
        pytest.param("status", "teacher", id="the package is hidden"),
    ],
)
def test_who_loses_the_right_loses_the_subscription(department: Department, leave: str, loser: str) -> None:
    """The router is asked to look again at who follows the package; who keeps the right keeps on."""
    assert refusal_of(department, loser, ReadPackage(package=CS)) is None
    if leave == "group":
        department.campus.call(ChangeMembers(group="cs-staff", remove=["staff"]), by="operator", role="operator")
        department.campus.settle()
    elif leave == "module":
        department.ask("boss", PutModule(package=CS, id="cs1001", seen=1, values=ModuleDetails(code="CS1001", name="Programming")))
    else:
        changed = {"groups": []} if leave == "groups" else {"status": Status.HIDDEN}
        department.ask("boss", ChangePackage(package=CS, seen=1, values=details(**changed)))
    assert refusal_of(department, loser, ReadPackage(package=CS)) is NotFound
    assert department.audited() == {CS}


def test_who_comes_in_may_read_at_once(department: Department) -> None:
    """Without anybody's subscription being looked at."""
    populate(department.campus, ["newcomer"], {"cs-staff": ["newcomer"]})
    assert refusal_of(department, "newcomer", ReadPackage(package=CS)) is None
    assert department.audited() == set()
