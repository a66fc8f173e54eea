import pytest

from chalkbell.contracts import Invalid
from chalkbell.contracts.directory import DisablePerson, ImportPeople, ImportReport, PersonKind, ReadCampus
from tests.service.campus import ServiceCampus
from tests.service.people import OPERATOR, populate

HEADING = "id,name,email,kind,groups\n"


def bring(campus: ServiceCampus, csv: str, *, dry_run: bool = False) -> ImportReport:
    return campus.call(ImportPeople(csv=csv, dry_run=dry_run), **OPERATOR)


def people(campus: ServiceCampus) -> dict[str, tuple[str, str, str]]:
    found = campus.call(ReadCampus(), **OPERATOR).people
    return {person.id: (person.name, person.email, person.kind.value) for person in found}


def test_people_are_added_and_changed(campus: ServiceCampus) -> None:
    """What a missing cell would say stays; who is not in the file stays; the report counts."""
    populate(campus, ["ada-stone", "bo-lind", "cy-marsh", "old-tom"], {"cs-staff": ["ada-stone"], "maths": []})
    report = bring(
        campus,
        HEADING
        + "ada-stone,Ada Moss,ada-stone@example.edu,,cs-staff\n"
        + "\n"
        + 'eve-dale,"Dale, Eve",eve@example.edu,External,cs-staff; maths\n'
        + "bo-lind,Bo Lind,bo-lind@example.edu,staff,maths\n"
        + "cy-marsh,Cy Marsh,cy-marsh@example.edu,,\n",
    )
    assert report == ImportReport(done=True, added=1, changed=2, unchanged=1, refused=[])
    found = campus.call(ReadCampus(), **OPERATOR)
    assert people(campus)["ada-stone"] == ("Ada Moss", "ada-stone@example.edu", "staff")
    assert people(campus)["eve-dale"] == ("Dale, Eve", "eve@example.edu", PersonKind.EXTERNAL)
    assert {group.id: group.members for group in found.groups} == {
        "cs-staff": ["ada-stone", "eve-dale"],
        "maths": ["bo-lind", "eve-dale"],
    }
    assert "old-tom" in people(campus)


def test_a_dry_run_says_the_same_and_does_nothing(campus: ServiceCampus) -> None:
    csv = HEADING + "ada-stone,Ada Stone,ada@example.edu,staff,\n"
    assert bring(campus, csv, dry_run=True) == ImportReport(done=False, added=1, changed=0, unchanged=0, refused=[])
    assert people(campus) == {}
    assert bring(campus, csv).added == 1
    assert bring(campus, csv) == ImportReport(done=True, added=0, changed=0, unchanged=1, refused=[])
    assert len(campus.events("directory", "campus")) == 1


def test_every_refused_row_is_named_and_nothing_is_half_done(campus: ServiceCampus) -> None:
    """Line and column as in the file, also after cells of several lines and blank lines."""
    populate(campus, ["ada-stone"])
    csv = (
        HEADING
        + "bo-lind,Bo Lind,bo@example.edu,staff,\n"  # 2, good
        + "Bo Lind,Bo Lind,bo2@example.edu,staff,\n"  # 3
        + "cy-marsh,,cy@example.edu,staff,\n"  # 4
        + "\n"  # 5
        + '"d-d","D\nD",d@example.edu,staff,\n'  # 6 and 7
        + "eve-dale,Eve,no address,guest,\n"  # 8
        + "fay-hill,Fay,fay@example.edu,staff,chess\n"  # 9
        + "gil-reed,Gil,ADA-STONE@example.edu,staff,\n"  # 10
        + "bo-lind,Bo again,BO@example.edu,staff,\n"  # 11
        + "hal-ford,Hal\n"  # 12
        + "operator,Op,op@example.edu,staff,\n"  # 13
    )
    report = bring(campus, csv)
    assert (report.done, report.added) == (False, 0)
    assert [(row.line, row.column) for row in report.refused] == [
        (3, "id"), (4, "name"), (6, "name"), (8, "email"), (8, "kind"), (9, "groups"), (10, "email"), (11, "email"), (11, "id"),
        (12, ""), (13, "id"),
    ]  # fmt: skip
    reasons = {(row.line, row.column): row.reason for row in report.refused}
    assert reasons[8, "kind"] == "Expected staff, student or external."
    assert reasons[9, "groups"] == "There is no group chess."
    assert reasons[10, "email"] == "ada-stone has this address."
    assert reasons[11, "id"] == "The same as in line 2."
    assert bring(campus, csv, dry_run=True) == report
    assert list(people(campus)) == ["ada-stone"]


@pytest.mark.parametrize(
    ("csv", "line", "column"),
    [
        ("", 1, ""),
        ("\n\n", 1, ""),
        ("name,email\nAda,ada@example.edu\n", 1, "id"),
        ("id,name,email,shoe size\n", 1, "shoe size"),
        ("id,name,email,name\n", 1, "name"),
        ('id,name,email\nada-stone,"Ada,ada@example.edu\n', 2, ""),
        ("id,name,email\nada-stone," + "x" * 200_000 + ",ada@example.edu\n", 2, ""),
    ],
)
def test_a_file_that_is_no_list_of_people(campus: ServiceCampus, csv: str, line: int, column: str) -> None:
    (refused,) = bring(campus, csv).refused
    assert (refused.line, refused.column) == (line, column)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_of_several_spreadsheets_are_read(campus: ServiceCampus, separator: str) -> None:
    """With a byte order mark, Windows line ends, headings in capitals and another order."""
    rows = [["Email", "ID", "Name"], ["ada@example.edu", "ada-stone", " Ada Stone "]]
    report = bring(campus, "\ufeff" + "".join(separator.join(row) + "\r\n" for row in rows))
    assert report.added == 1
    assert people(campus)["ada-stone"] == ("Ada Stone", "ada@example.edu", "staff")


def test_a_disabled_person_stays_so(campus: ServiceCampus) -> None:
    populate(campus, ["ada-stone"])
    campus.call(DisablePerson(id="ada-stone"), **OPERATOR)
    bring(campus, "id,name,email\nada-stone,Ada Moss,ada-stone@example.edu\n")
    (ada,) = campus.call(ReadCampus(), **OPERATOR).people
    assert (ada.name, ada.active) == ("Ada Moss", False)


def test_a_whole_year_comes_in_one_go(campus: ServiceCampus) -> None:
    """Thousands of people, in one transaction and each with their event."""
    rows = "".join(f"student-{number},Student {number},s{number}@example.edu,student,year-one\n" for number in range(6000))
    populate(campus, groups={"year-one": []})
    assert bring(campus, HEADING + rows).added == 6000
    assert bring(campus, HEADING + rows).unchanged == 6000
    assert campus.call(ReadCampus(), **OPERATOR).position.seq == 6002


def test_too_many_rows_and_what_is_no_text(campus: ServiceCampus) -> None:
    report = bring(campus, "id,name,email\n" + "a,b,c\n" * 20_001)
    assert report.refused[0].reason.startswith("More than 20000 rows")
    for csv in ("id\0", "\ud800"):
        with pytest.raises(Invalid):
            campus.call_uri("chalkbell.directory.v1.people.import", {"csv": csv}, **OPERATOR)
