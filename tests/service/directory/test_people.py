from chalkbell.contracts.directory import ReadCampus
from tests.service.campus import ServiceCampus
from tests.service.people import populate, student


def test_who_is_added_is_on_the_campus(campus: ServiceCampus) -> None:
    populate(campus, ["ada-stone", student("bo-lind")], {"cs-staff": ["ada-stone"]})
    found = campus.call(ReadCampus(), by="operator", role="operator")
    assert [p.id for p in found.people] == ["ada-stone", "bo-lind"]
    assert found.groups[0].members == ["ada-stone"]
    assert found.position.seq == 4
