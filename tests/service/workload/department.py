"""A computing department with everybody in it that rights tell apart, and a law school beside it."""

from datetime import date
from typing import Any, TypeVar

from chalkbell.contracts import Request
from chalkbell.contracts.workload import (
    AddPackage,
    Allocation,
    FilledActivity,
    FilledActivityType,
    FilledCategory,
    FilledModule,
    FilledPost,
    FilledProgramme,
    FillPackage,
    Package,
    PackageContents,
    PackageDetails,
    ReadPackage,
    Status,
)
from chalkbell.testing import MemoryCampus
from tests.service.people import administrator, external, person, populate, student

A = TypeVar("A")
CS = "cs-2026"
LAW = "law-2026"
ROLES = {"dean": "administrator", "operator": "operator", "service.workflow": "service-workflow"}

PEOPLE = [
    administrator("dean"),
    *map(person, ("boss", "staff", "coordinator", "moderator", "teacher", "director", "postholder", "busy")),
    *map(person, ("assessor", "office", "lawyer")),
    external("examiner"),
    external("invited"),
    student("student"),
    person("gone", active=False),
]
GROUPS = {
    "cs-managers": ["boss", "gone"],
    "cs-staff": ["staff", "boss", "invited", "gone"],
    "cs-assessment": ["assessor"],
    "exams-office": ["office"],
    "law-staff": ["lawyer"],
    "class-1": ["student"],
}


def details(**more: Any) -> PackageDetails:
    """An open package of the computing department for a year."""
    fields = {
        "name": "Computing 2026/27",
        "start": date(2026, 9, 1),
        "end": date(2027, 9, 1),
        "status": Status.OPEN,
        "groups": ["cs-staff"],
        "managers": ["cs-managers"],
        "assessment_team": ["cs-assessment"],
        "exams_office": ["exams-office"],
    }
    return PackageDetails(**{**fields, **more})


CONTENTS = FillPackage(
    package=CS,
    categories=[FilledCategory(id="research", name="Research", abbreviation="R")],
    activity_types=[FilledActivityType(id="projects", name="Projects", category="research")],
    programmes=[FilledProgramme(code="BSC", name="BSc Computing", directors=["director"], examiners=["examiner"])],
    modules=[
        FilledModule(
            code="CS1001",
            name="Programming",
            students=100,
            coordinator="coordinator",
            moderators=["moderator"],
            programmes=["bsc"],
            lead_programme="bsc",
            allocations=[Allocation(person="teacher", contact=50.0)],
        )
    ],
    posts=[FilledPost(person="postholder", fte=50.0, job_title="Lecturer")],
    activities=[
        FilledActivity(id="grant", name="Grant", type="projects", amount=100.0, periods=[1, 2], person="busy"),
        FilledActivity(
            id="secret", name="Illness", type="projects", amount=40.0, periods=[1], person="busy", confidential=True, comment="hush"
        ),
    ],
)


class Department:
    """The campus, and short ways to ask."""

    def __init__(self, campus: MemoryCampus) -> None:
        self.campus = campus

    def build(self) -> None:
        """Bring everybody in and begin both packages."""
        populate(self.campus, PEOPLE, GROUPS)
        self.ask("dean", AddPackage(package=CS, values=details()))
        self.ask(
            "dean",
            AddPackage(
                package=LAW, values=details(name="Law", groups=["law-staff"], managers=[], assessment_team=[], exams_office=[])
            ),
        )
        self.ask("boss", CONTENTS)

    def ask(self, by: str, request: Request[A]) -> A:
        """Ask as somebody, in the role that they have."""
        return self.campus.call(request, by=by, role=ROLES.get(by, "person"))

    def read(self, by: str = "dean", package: str = CS) -> PackageContents:
        """A package and all in it."""
        return self.ask(by, ReadPackage(package=package))

    def package(self, package: str = CS) -> Package:
        """A package."""
        return self.read(package=package).package

    def audited(self) -> set[str]:
        """The packages whose subscriptions were looked at again since this was last asked."""
        member = self.campus.members["workload"]
        scopes = member.audited_scopes
        member.transactions.clear()
        return scopes
