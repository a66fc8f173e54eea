import pytest

from chalkbell.contracts import Conflict, Invalid, NotFound
from chalkbell.contracts.directory import (
    AddGroup,
    ChangeGroup,
    ChangeMembers,
    ListGroups,
    ReadGroup,
    ReadProfile,
    RemoveGroup,
    Taken,
)
from tests.service.campus import ServiceCampus
from tests.service.people import OPERATOR, populate


def test_people_come_and_go(campus: ServiceCampus) -> None:
    """Who is in already, or not in, is passed over; the event names only those who moved."""
    populate(campus, ["ada-stone", "bo-lind", "cy-marsh"], {"cs-staff": ["ada-stone"]})
    ask = ChangeMembers(group="cs-staff", add=["ada-stone", "bo-lind", "bo-lind"], remove=["cy-marsh"])
    assert campus.call(ask, **OPERATOR).group.members == ["ada-stone", "bo-lind"]
    event = campus.events("directory", "campus")[-1]
    assert event.data == {"scope": "campus", "group": "cs-staff", "added": ["bo-lind"], "removed": []}
    campus.call(ask, **OPERATOR)
    assert campus.events("directory", "campus")[-1] == event


def test_strangers_are_refused_and_named(campus: ServiceCampus) -> None:
    populate(campus, ["ada-stone"], {"cs-staff": []})
    asks = (ChangeMembers(group="cs-staff", add=["ada-stone", "x-y"]), AddGroup(id="new", name="New", members=["x-y"]))
    for ask, path in zip(asks, ("add", "members"), strict=True):
        with pytest.raises(Invalid) as refused:
            campus.call(ask, **OPERATOR)
        assert refused.value.details == {"path": path, "people": ["x-y"]}


def test_nobody_comes_and_leaves_at_once(campus: ServiceCampus) -> None:
    populate(campus, ["ada-stone"], {"cs-staff": []})
    with pytest.raises(Invalid):
        campus.call(ChangeMembers(group="cs-staff", add=["ada-stone"], remove=["ada-stone"]), **OPERATOR)


def test_a_group_gets_another_name_by_who_saw_the_present_one(campus: ServiceCampus) -> None:
    populate(campus, groups={"cs-staff": []})
    assert campus.call(ChangeGroup(id="cs-staff", seen=1, name="Computing"), **OPERATOR).group.version == 2
    with pytest.raises(Conflict) as refused:
        campus.call(ChangeGroup(id="cs-staff", seen=1, name="Informatics"), **OPERATOR)
    assert refused.value.details == {"name": "Computing", "version": 2}


def test_a_group_is_removed_and_its_people_stay(campus: ServiceCampus) -> None:
    populate(campus, ["ada-stone"], {"cs-staff": ["ada-stone"]})
    campus.call(RemoveGroup(id="cs-staff"), **OPERATOR)
    assert campus.call(ReadProfile(), by="ada-stone").groups == []
    with pytest.raises(NotFound):
        campus.call(RemoveGroup(id="cs-staff"), **OPERATOR)
    campus.call(AddGroup(id="cs-staff", name="Again"), **OPERATOR)
    with pytest.raises(Taken):
        campus.call(AddGroup(id="cs-staff", name="And again"), **OPERATOR)


def test_groups_are_found_by_everybody_and_read_by_their_members(campus: ServiceCampus) -> None:
    """Names and sizes are no secret; who is in a group is known to it and to administrators."""
    populate(campus, ["ada-stone", "bo-lind"], {"cs-staff": ["ada-stone"], "cs-students": [], "maths": ["ada-stone", "bo-lind"]})
    page = campus.call(ListGroups(search="CS", limit=1), by="bo-lind")
    assert [(group.id, group.size) for group in page.groups] == [("cs-staff", 1)]
    assert [group.id for group in campus.call(ListGroups(search="cs", after=page.next), by="bo-lind").groups] == ["cs-students"]
    assert campus.call(ReadGroup(id="cs-staff"), by="ada-stone").group.members == ["ada-stone"]
    for id in ("cs-staff", "no-group"):
        with pytest.raises(NotFound) as refused:
            campus.call(ReadGroup(id=id), by="bo-lind")
        assert refused.value.details == {"path": "id"}
    profile = campus.call(ReadProfile(), by="ada-stone")
    assert [(group.id, group.size) for group in profile.groups] == [("cs-staff", 1), ("maths", 2)]
