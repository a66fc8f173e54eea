import pytest

from chalkbell.contracts import Conflict, Invalid, NotAllowed, NotFound
from chalkbell.contracts.directory import (
    AddPerson,
    AskNames,
    ChangePerson,
    DisablePerson,
    EnablePerson,
    LastAdministrator,
    ListPeople,
    PersonKind,
    ReadCampus,
    ReadPerson,
    Taken,
)
from chalkbell.handlers import Caller, LiveSession
from tests.service.campus import ServiceCampus
from tests.service.people import OPERATOR, administrator, external, person, populate, student


def test_who_is_added_is_on_the_campus(campus: ServiceCampus) -> None:
    """The snapshot has people and groups with their members, and says where in the stream it was true."""
    populate(campus, ["ada-stone", student("bo-lind")], {"cs-staff": ["ada-stone"]})
    found = campus.call(ReadCampus(), **OPERATOR)
    assert [(p.id, p.kind) for p in found.people] == [("ada-stone", "staff"), ("bo-lind", "student")]
    assert found.groups[0].members == ["ada-stone"]
    assert found.position.seq == 4


def test_the_operator_makes_the_first_administrator(campus: ServiceCampus) -> None:
    """On an empty campus the key at the machine is enough."""
    ask = AddPerson(id="root-ann", name="Ann", email="ann@example.edu", administrator=True)
    assert campus.call(ask, **OPERATOR).person.administrator


@pytest.mark.parametrize("id", ["operator", "system", "service", "admin"])
def test_an_id_that_looks_like_the_systems_own_is_refused(campus: ServiceCampus, id: str) -> None:
    with pytest.raises(Invalid) as refused:
        campus.call(AddPerson(id=id, name="X", email="x@example.edu"), **OPERATOR)
    assert refused.value.details["path"] == "id"


@pytest.mark.parametrize("id", ["service.x", "Ada", "1ada", "-a", "a-", "", "a" * 49, "ada stone", "ada\n"])
def test_an_id_that_is_no_slug_is_refused(campus: ServiceCampus, id: str) -> None:
    fields = {"id": id, "name": "X", "email": "x@example.edu"}
    with pytest.raises(Invalid) as refused:
        campus.call_uri("chalkbell.directory.v1.person.add", fields, **OPERATOR)
    assert refused.value.details["path"] == "id"


def test_nobody_gets_the_id_or_the_address_of_another(campus: ServiceCampus) -> None:
    """Addresses are the same however they are written. Nothing is recorded of the refused."""
    populate(campus, ["ada-stone", "bo-lind"])
    with pytest.raises(Taken) as refused:
        campus.call(AddPerson(id="ada-stone", name="Other", email="other@example.edu"), **OPERATOR)
    assert refused.value.details == {"path": "id"}
    with pytest.raises(Taken) as refused:
        campus.call(AddPerson(id="eve-dale", name="Eve", email="ADA-Stone@Example.EDU"), **OPERATOR)
    assert refused.value.details == {"path": "email"}
    with pytest.raises(Taken):
        campus.call(ChangePerson(id="bo-lind", seen=1, email="Ada-Stone@example.edu"), **OPERATOR)
    assert len(campus.events("directory", "campus")) == 2


def test_a_change_names_the_version_seen(campus: ServiceCampus) -> None:
    """Who saw an older version is told the present state; what is left out stays."""
    populate(campus, ["ada-stone"])
    changed = campus.call(ChangePerson(id="ada-stone", seen=1, name="Ada Moss"), **OPERATOR).person
    assert (changed.name, changed.email, changed.version) == ("Ada Moss", "ada-stone@example.edu", 2)
    with pytest.raises(Conflict) as refused:
        campus.call(ChangePerson(id="ada-stone", seen=1, name="Ada Reed"), **OPERATOR)
    assert refused.value.details["version"] == 2
    assert refused.value.details["person"]["name"] == "Ada Moss"


def test_a_change_of_nothing_records_nothing(campus: ServiceCampus) -> None:
    populate(campus, ["ada-stone"])
    same = campus.call(ChangePerson(id="ada-stone", seen=1, name="Ada Stone"), **OPERATOR).person
    campus.call(EnablePerson(id="ada-stone"), **OPERATOR)
    assert same.version == 1
    assert len(campus.events("directory", "campus")) == 1


def test_who_is_disabled_loses_their_sessions(campus: ServiceCampus) -> None:
    """Disabling twice is no error and ends nothing again; enabling lets them in again."""
    populate(campus, ["ada-stone"])
    for _ in range(2):
        assert not campus.call(DisablePerson(id="ada-stone"), **OPERATOR).person.active
    assert campus.members["directory"].ended_sessions == ["ada-stone"]
    assert campus.call(EnablePerson(id="ada-stone"), **OPERATOR).person.active


def test_who_gains_or_loses_administration_has_to_join_anew(campus: ServiceCampus) -> None:
    """The role of a session is decided when it begins; a mere change of name ends nothing."""
    populate(campus, ["ada-stone"])
    for seen, right in ((1, True), (2, False)):
        campus.call(ChangePerson(id="ada-stone", seen=seen, administrator=right), **OPERATOR)
    campus.call(ChangePerson(id="ada-stone", seen=3, name="Ada Moss"), **OPERATOR)
    assert campus.members["directory"].ended_sessions == ["ada-stone", "ada-stone"]


def test_the_last_administrator_stays(campus: ServiceCampus) -> None:
    """An administrator who is disabled does not count as one that is left. The operator may do it all the same."""
    populate(campus, [administrator("root-ann"), person("root-bob", active=False, administrator=True)])
    by_ann = {"by": "root-ann", "role": "administrator"}
    for ask in (DisablePerson(id="root-ann"), ChangePerson(id="root-ann", seen=1, administrator=False)):
        with pytest.raises(LastAdministrator):
            campus.call(ask, **by_ann)
    campus.call(EnablePerson(id="root-bob"), **by_ann)
    campus.call(DisablePerson(id="root-ann"), **by_ann)
    campus.call(DisablePerson(id="root-bob"), **OPERATOR)


def test_names_are_for_everybody_and_addresses_are_not(campus: ServiceCampus) -> None:
    """Unknown ids are left out; one sees one's own address, administrators see all."""
    populate(campus, ["ada-stone", student("bo-lind")])
    ask = AskNames(ids=["bo-lind", "nobody-there", "ada-stone", "bo-lind"])
    found = campus.call(ask, by="bo-lind").people
    assert [(one.id, one.name, one.email) for one in found] == [
        ("bo-lind", "Bo Lind", "bo-lind@example.edu"),
        ("ada-stone", "Ada Stone", None),
    ]
    assert all(one.email for one in campus.call(ask, **OPERATOR).people)


def test_staff_search_people_page_by_page(campus: ServiceCampus) -> None:
    """Letters count for themselves, whatever they mean to the database; the address finds nobody for those who may not see it."""
    people = [student(f"student-{number}") for number in range(5)]
    populate(campus, ["ada-stone", *people, person("per-cent", name="100% Per_son")])
    first = campus.call(ListPeople(search="STUDENT", limit=3), by="ada-stone")
    assert [one.id for one in first.people] == ["student-0", "student-1", "student-2"]
    assert (first.next, first.total) == ("student-2", 5)
    rest = campus.call(ListPeople(search="student", limit=3, after=first.next), by="ada-stone")
    assert ([one.id for one in rest.people], rest.next) == (["student-3", "student-4"], None)
    assert [one.id for one in campus.call(ListPeople(search="0% per_s"), by="ada-stone").people] == ["per-cent"]
    assert campus.call(ListPeople(search="example.edu"), by="ada-stone").total == 0
    assert campus.call(ListPeople(search="example.edu"), **OPERATOR).total == 7
    assert campus.call(ListPeople(kind=PersonKind.STAFF), by="ada-stone").total == 2
    assert campus.call(ListPeople(active=False), by="ada-stone").total == 0


def test_students_and_externals_do_not_search_people(campus: ServiceCampus) -> None:
    populate(campus, [student("bo-lind"), external("eve-dale"), person("old-tom", active=False)])
    for who in ("bo-lind", "eve-dale", "old-tom", "nobody-there"):
        with pytest.raises(NotAllowed):
            campus.call(ListPeople(), by=who)


def test_reading_somebody_who_is_not_there(campus: ServiceCampus) -> None:
    with pytest.raises(NotFound) as refused:
        campus.call(ReadPerson(id="nobody-there"), **OPERATOR)
    assert refused.value.details == {"path": "id"}


def test_only_administrators_follow_the_campus(campus: ServiceCampus) -> None:
    """Its events carry everybody's address. The role of the session does not help who has lost the right."""
    populate(campus, [administrator("root-ann"), person("old-tom", active=False, administrator=True), "ada-stone"])
    dispatcher = campus.members["directory"].dispatcher

    def may(person: str, role: str, scope: str = "campus") -> bool:
        return campus.within("directory", lambda store: dispatcher.may_read(scope, Caller(person, role), store))

    assert may("root-ann", "administrator")
    assert may("service.workload", "service-workload")
    assert may("operator", "operator")
    assert not may("root-ann", "person")
    assert not may("old-tom", "administrator")
    assert not may("ada-stone", "administrator")
    assert not may("ada-stone", "person")
    assert not may("root-ann", "administrator", "other")


def test_sessions_that_should_not_be_are_ended_when_the_directory_returns(campus: ServiceCampus) -> None:
    """While it was away nobody could be told: it looks at all sessions when it joins, and leaves services alone."""
    populate(campus, ["ada-stone", administrator("root-ann"), "bo-lind", administrator("root-bob")])
    populate(campus, [person("old-tom", active=False)])
    before = len(campus.members["directory"].ended_sessions)
    campus.show_sessions(
        [
            LiveSession(1, "ada-stone", "person"),
            LiveSession(2, "root-ann", "administrator"),
            LiveSession(3, "bo-lind", "administrator"),
            LiveSession(4, "root-bob", "person"),
            LiveSession(5, "old-tom", "person"),
            LiveSession(6, "nobody-there", "person"),
            LiveSession(7, "service.workload", "service-workload"),
            LiveSession(8, "operator", "operator"),
        ]
    )
    ended = campus.members["directory"].ended_sessions[before:]
    assert sorted(ended) == ["bo-lind", "nobody-there", "old-tom", "root-bob"]
