"""Who is on the campus of the workflow's tests, and short ways to ask."""

from __future__ import annotations

import datetime
import itertools
from typing import Any, TypeVar

import msgspec

from chalkbell.contracts import Request
from chalkbell.contracts.workflow import (
    AddAssessments,
    AssessmentRead,
    FillAssessments,
    ListAssessments,
    NewAssessment,
    PackageAssessments,
    ReadAssessment,
    SignedOff,
    SignOff,
)
from chalkbell.contracts.workload import (
    AddPackage,
    Allocation,
    ChangePackage,
    FilledModule,
    FilledProgramme,
    FillPackage,
    Module,
    ModuleDetails,
    PackageDetails,
    PutModule,
    ReadPackage,
    Status,
)
from tests.service.campus import ServiceCampus
from tests.service.people import OPERATOR, administrator, external, person, populate, student

A = TypeVar("A")
PACKAGE = "cs-2026"
OTHER = "law-2026"

ADMINISTRATOR = "ida-admin"
MANAGER = "max-manager"
COORDINATOR = "cora-coord"
MODERATOR = "mo-mod"
TEAM_MEMBER = "tess-team"
ASSESSMENT_STAFF = "asa-office"
EXAMS_OFFICER = "eo-exams"
LEAD_EXAMINER = "lee-lead"
OTHER_EXAMINER = "otto-other"
UNRELATED_EXAMINER = "una-unrelated"
UNRELATED_STAFF = "bo-bystander"
STRANGER = "lou-law"
STUDENT = "stu-student"
DISABLED = "dis-abled"
OTHER_COORDINATOR = "colin-coord"
EXTERNAL_ADMINISTRATOR = "ext-admin"

EVERYBODY = (
    ADMINISTRATOR, MANAGER, COORDINATOR, MODERATOR, TEAM_MEMBER, ASSESSMENT_STAFF, EXAMS_OFFICER, LEAD_EXAMINER, OTHER_EXAMINER,
    UNRELATED_EXAMINER, UNRELATED_STAFF, STRANGER, STUDENT, DISABLED, OTHER_COORDINATOR, EXTERNAL_ADMINISTRATOR,
)  # fmt: skip


def details(name: str, prefix: str, **changes: Any) -> PackageDetails:
    """A package with its groups."""
    groups = {
        "groups": [f"{prefix}-staff"],
        "managers": [f"{prefix}-managers"],
        "assessment_team": [f"{prefix}-assessment"],
        "exams_office": [f"{prefix}-exams"],
    }
    start, end = datetime.date(2026, 9, 1), datetime.date(2027, 9, 1)
    return PackageDetails(**{"name": name, "start": start, "end": end, "status": Status.OPEN, **groups, **changes})


class Scenario:
    """The campus, and what tests ask of it."""

    def __init__(self, campus: ServiceCampus, exams: tuple[str, str, str] | None = None) -> None:
        self.campus = campus
        self.numbers = itertools.count(1)
        self.exam, self.other_exam, self.law_exam = exams or self._make()

    def _make(self) -> tuple[str, str, str]:
        """Bring everything in. Answers the ids of the exams."""
        campus = self.campus
        self._people()
        for id, prefix in ((PACKAGE, "cs"), (OTHER, "law")):
            campus.call(AddPackage(package=id, values=details(id.upper(), prefix)), **OPERATOR)
        campus.call(
            FillPackage(
                package=PACKAGE,
                programmes=[
                    FilledProgramme(code="BSC", name="BSc Computing", examiners=[LEAD_EXAMINER]),
                    FilledProgramme(code="BA", name="BA Computing", examiners=[OTHER_EXAMINER]),
                    FilledProgramme(code="MSC", name="MSc Computing", examiners=[UNRELATED_EXAMINER]),
                ],
                modules=[
                    FilledModule(
                        code="CS101",
                        name="Programming",
                        coordinator=COORDINATOR,
                        moderators=[MODERATOR],
                        programmes=["bsc", "ba"],
                        lead_programme="bsc",
                        allocations=[Allocation(person=TEAM_MEMBER, contact=50)],
                    ),
                    FilledModule(
                        code="CS201", name="Networks", coordinator=OTHER_COORDINATOR, programmes=["msc"], lead_programme="msc"
                    ),
                ],
            ),
            **OPERATOR,
        )
        campus.call(
            FillPackage(package=OTHER, modules=[FilledModule(code="LAW1", name="Contract", coordinator=STRANGER)]), **OPERATOR
        )
        campus.settle()
        for id in (PACKAGE, OTHER):
            campus.call(FillAssessments(package=id), **OPERATOR)
        found = campus.call(ListAssessments(package=PACKAGE), **OPERATOR).assessments
        exams = {one.module: one.id for one in found}
        law_exam = campus.call(ListAssessments(package=OTHER), **OPERATOR).assessments[0].id
        return exams["cs101"], exams["cs201"], law_exam

    def _people(self) -> None:
        staff = [
            MANAGER,
            COORDINATOR,
            MODERATOR,
            TEAM_MEMBER,
            ASSESSMENT_STAFF,
            EXAMS_OFFICER,
            UNRELATED_STAFF,
            STRANGER,
            OTHER_COORDINATOR,
        ]
        people = [
            *map(person, staff),
            *map(external, (LEAD_EXAMINER, OTHER_EXAMINER, UNRELATED_EXAMINER)),
            administrator(ADMINISTRATOR),
            student(STUDENT),
            person(DISABLED, active=False),
            msgspec.structs.replace(external(EXTERNAL_ADMINISTRATOR), administrator=True),
        ]
        groups = {
            "cs-staff": [UNRELATED_STAFF, DISABLED],
            "cs-managers": [MANAGER],
            "cs-assessment": [ASSESSMENT_STAFF, DISABLED, STUDENT],
            "cs-exams": [EXAMS_OFFICER],
            "law-staff": [STRANGER],
            "law-managers": [],
            "law-assessment": [],
            "law-exams": [],
        }
        populate(self.campus, people, groups)

    def ask(self, request: Request[A], by: str) -> A:
        """Ask as somebody, with the role that their session would have."""
        return self.campus.call(request, by=by, role=role_of(by))

    def add_one(self) -> str:
        """One more assessment of the first module, its id."""
        new = NewAssessment(module="cs101", title=f"Number {next(self.numbers)}")
        return self.ask(AddAssessments(package=PACKAGE, assessments=[new]), "operator").assessments[0].id

    def list(self, by: str, package: str = PACKAGE) -> PackageAssessments:
        """A package's assessments as somebody sees them."""
        return self.ask(ListAssessments(package=package), by)

    def read(self, by: str = "operator", assessment: str | None = None) -> AssessmentRead:
        """The exam (or another assessment) as somebody sees it."""
        return self.ask(ReadAssessment(assessment=assessment or self.exam), by)

    def sign(self, by: str, state: str, assessment: str | None = None, **fields: Any) -> SignedOff:
        """Sign the exam off, having seen its present version if no other is given."""
        id = assessment or self.exam
        fields.setdefault("seen", self.campus.within("workflow", lambda store: store.assessment(id)["version"]))
        return self.ask(SignOff(assessment=id, state=state, **fields), by)

    def bring_to(self, *states: str, assessment: str | None = None) -> None:
        """Lead the exam through these states, each signed by one who may."""
        for state in states:
            self.sign(SIGNERS[state], state, assessment)

    def module(self, id: str = "cs101") -> Module:
        """A module as workload knows it."""
        contents = self.campus.call(ReadPackage(package=PACKAGE), **OPERATOR)
        return next(module for module in contents.modules if module.id == id)

    def change_module(self, id: str = "cs101", **changes: Any) -> None:
        """Change a module in workload, and let workflow hear."""
        module = self.module(id)
        fields = {name: getattr(module, name) for name in ModuleDetails.__struct_fields__}
        self.campus.call(
            PutModule(package=PACKAGE, id=id, seen=module.version, values=ModuleDetails(**{**fields, **changes})), **OPERATOR
        )
        self.campus.settle()

    def change_package(self, **changes: Any) -> None:
        """Change the package in workload, and let workflow hear."""
        seen = self.campus.call(ReadPackage(package=PACKAGE), **OPERATOR).package.version
        self.campus.call(ChangePackage(package=PACKAGE, seen=seen, values=details(PACKAGE.upper(), "cs", **changes)), **OPERATOR)
        self.campus.settle()


def role_of(person: str) -> str:
    """The role of somebody's session."""
    if person == "operator":
        return "operator"
    return "administrator" if person in (ADMINISTRATOR, EXTERNAL_ADMINISTRATOR) else "person"


INITIAL = "initial-submission"
ACCEPTED = "moderated-acceptance"
CHANGES = "moderated-changes-requested"
RESUBMITTED = "resubmission-for-moderation"
EXAMINED = "external-examination-acceptance"
EXAMINER_CHANGES = "external-examination-changes-requested"
EXAMINER_RESUBMITTED = "resubmission-for-external-examiner"
FINAL = "coordinator-final-sign-off"
STATES = (INITIAL, ACCEPTED, CHANGES, RESUBMITTED, EXAMINED, EXAMINER_CHANGES, EXAMINER_RESUBMITTED, FINAL)
SIGNERS = {
    INITIAL: COORDINATOR,
    ACCEPTED: MODERATOR,
    CHANGES: MODERATOR,
    RESUBMITTED: COORDINATOR,
    EXAMINED: LEAD_EXAMINER,
    EXAMINER_CHANGES: LEAD_EXAMINER,
    EXAMINER_RESUBMITTED: COORDINATOR,
    FINAL: COORDINATOR,
}
WAYS = {
    None: (),
    INITIAL: (INITIAL,),
    ACCEPTED: (INITIAL, ACCEPTED),
    CHANGES: (INITIAL, CHANGES),
    RESUBMITTED: (INITIAL, CHANGES, RESUBMITTED),
    EXAMINED: (INITIAL, ACCEPTED, EXAMINED),
    EXAMINER_CHANGES: (INITIAL, ACCEPTED, EXAMINER_CHANGES),
    EXAMINER_RESUBMITTED: (INITIAL, ACCEPTED, EXAMINER_CHANGES, EXAMINER_RESUBMITTED),
    FINAL: (INITIAL, ACCEPTED, FINAL),
}
