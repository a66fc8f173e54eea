"""The demo's packages: programmes, modules with those who teach them, posts, and what else people do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from chalkbell.contracts.workload import (
    Allocation,
    Colour,
    FilledActivity,
    FilledActivityType,
    FilledCategory,
    FilledModule,
    FilledPost,
    FilledProgramme,
    FillPackage,
    Formulas,
    Measure,
    PackageDetails,
    Period,
    Scaling,
    Status,
)
from chalkbell.demo import words
from chalkbell.demo.people import People, Somebody


@dataclass(frozen=True)
class Teaching:
    """A package to be: its id, how it begins, and what it is filled with. `closed` when it is over."""

    package: str
    values: PackageDetails
    filling: FillPackage
    closed: bool = False


@dataclass(frozen=True)
class School:
    """How a school teaches: `programmes` are code, name and how many examiners, `subjects` level and name."""

    short: str
    name: str
    code: str
    programmes: tuple[tuple[str, str], ...]
    subjects: tuple[tuple[int, str], ...]


COMPUTING = School(
    "cs",
    "Computer Science",
    "CS",
    (
        ("BSC-CS", "BSc Computer Science"),
        ("BSC-SE", "BSc Software Engineering"),
        ("BSC-AI", "BSc Artificial Intelligence"),
        ("BSC-CM", "BSc Computer Science and Mathematics"),
        ("MSC-CS", "MSc Advanced Computer Science"),
        ("MSC-SEC", "MSc Cyber Security"),
        ("MSC-HCI", "MSc Human-Computer Interaction"),
    ),
    tuple(words.subjects(words.COMPUTING)),
)
MATHEMATICS = School(
    "maths",
    "Mathematics",
    "MA",
    (
        ("BSC-MA", "BSc Mathematics"),
        ("BSC-ST", "BSc Statistics"),
        ("MMATH", "MMath"),
        ("MSC-STML", "MSc Statistics and Machine Learning"),
    ),
    tuple(words.subjects(words.MATHEMATICS)),
)

#: Modules whose coordinator, moderator and examiner are among those who can sign in, each with what its exam waits for.
SHOWN = ("CS2001", "CS2003", "CS2008", "CS3001", "CS3004")
COORDINATOR, MODERATOR = 6, 12
"""Whose they are: places among those who teach."""

CATEGORIES: tuple[tuple[str, str, str, Colour], ...] = (
    ("research", "Research", "R", "#0b7285"),
    ("leadership", "Leadership and administration", "L", "#862e9c"),
    ("students", "Supervision and support", "S", "#2b8a3e"),
    ("other", "Other", "O", "#868e96"),
)
TYPES = (
    ("research-time", "Research time", "research"),
    ("grant", "Funded project", "research"),
    ("role", "Role in the school", "leadership"),
    ("tutoring", "Personal tutoring", "students"),
    ("supervision", "Doctoral supervision", "students"),
    ("outreach", "Outreach", "other"),
    ("leave", "Leave and adjustments", "other"),
)
OFFICE = ("School Administrator",)
ROLES = (
    "Admissions", "Director of Research", "Study Abroad", "Equality and Inclusion", "Library", "Timetable", "Ethics", "Laboratories",
    "Doctoral Studies", "Alumni", "Employability", "Honours Projects", "Academic Integrity", "Student Societies",
)  # fmt: skip


def academic_year(today: date) -> int:
    """The year in which the academic year of a day began: it begins on 1 September."""
    return today.year if today.month >= 9 else today.year - 1


def those_who_teach(staff: list[Somebody]) -> list[Somebody]:
    """Those of a school who are there enough to coordinate a module."""
    return [one for one in staff if one.fte >= 50]


def make_teaching(school: School, staff: list[Somebody], people: People, year: int, seed: int, *, closed: bool = False) -> Teaching:
    """A school's package for the academic year that began in `year`."""
    chance = Random(f"{seed}:{school.short}:{year}")
    package = f"{school.short}-{year}"
    programmes = _programmes(school, staff, people)
    filling = FillPackage(
        package=package,
        categories=[FilledCategory(id=id, name=name, abbreviation=short, colour=colour) for id, name, short, colour in CATEGORIES],
        activity_types=[FilledActivityType(id=id, name=name, category=category) for id, name, category in TYPES],
        programmes=programmes,
        modules=_modules(school, staff, programmes, chance, every=3 if closed else 1),
        posts=[*map(_post, staff), *map(_post, (one for one in people.offices if f"{school.short}-staff" in one.groups))],
        activities=_activities(staff, chance),
        request_id=f"demo-{package}-filled",
    )
    return Teaching(package, _values(school, year), filling, closed)


def _post(one: Somebody) -> FilledPost:
    # who is no academic is in the school's groups, but is given no teaching
    return FilledPost(
        person=one.id, fte=one.fte, job_title=one.job_title, school=one.school, has_workload=one.job_title not in OFFICE
    )


def _values(school: School, year: int) -> PackageDetails:
    short = school.short
    return PackageDetails(
        name=f"{school.name} {year}/{(year + 1) % 100:02}",
        start=date(year, 9, 1),
        end=date(year + 1, 9, 1),
        status=Status.OPEN,
        groups=[f"{short}-staff"],
        managers=[f"{short}-management"],
        assessment_team=[f"{short}-assessment-team"],
        exams_office=["exams-office"],
        periods=[
            Period(name="Autumn", start=date(year, 9, 1), end=date(year + 1, 1, 18)),
            Period(name="Spring", start=date(year + 1, 1, 18), end=date(year + 1, 6, 7)),
            Period(name="Summer", start=date(year + 1, 6, 7), end=date(year + 1, 9, 1)),
        ],
        scaling=Scaling(contact=2.5, admin=0.8, assessment=0.5),
        formulas=Formulas(
            admin="contact * admin_scaling + students * 0.1",
            assessment="students * assessment_scaling + 10",
        ),
        tariff="Contact 2.5 h a credit; admin 0.8 of contact and 0.1 h a student; assessment 10 h and 0.5 h a student.",
    )


def _programmes(school: School, staff: list[Somebody], people: People) -> list[FilledProgramme]:
    examiners = people.examiners[:5] if school is COMPUTING else people.examiners[5:]
    return [
        FilledProgramme(
            id=code.lower(),
            code=code,
            name=name,
            directors=[staff[2 + number].id],
            examiners=[examiners[number % len(examiners)].id],
        )
        for number, (code, name) in enumerate(school.programmes)
    ]


def _modules(
    school: School, staff: list[Somebody], programmes: list[FilledProgramme], chance: Random, every: int
) -> list[FilledModule]:
    teachers = those_who_teach(staff)
    undergraduate = [one.id or "" for one in programmes if one.code.startswith("B")] or [programmes[0].id or ""]
    taught = [one.id or "" for one in programmes if one.code.startswith("M")]
    numbers: dict[int, int] = {}
    modules: list[FilledModule] = []
    for place, (level, name) in enumerate(school.subjects):
        numbers[level] = numbers.get(level, 0) + 1
        code = f"{school.code}{level}{numbers[level]:03}"
        coordinator, moderator = teachers[(place + 2) % len(teachers)], teachers[(place + 9) % len(teachers)]
        colleague = teachers[(place * 3 + 4) % len(teachers)]
        choice = undergraduate if level < 4 else taught
        on = sorted(chance.sample(choice, k=min(len(choice), chance.choice((1, 2, 2, 3)))))
        if code in SHOWN:
            coordinator, moderator = teachers[COORDINATOR], teachers[MODERATOR]
            on = sorted({"bsc-cs", *on})
        dissertation = name in ("Dissertation", "Mathematics Project")
        students = chance.randrange(90, 260) if level == 1 else chance.randrange(12, 110)
        modules.append(
            FilledModule(
                code=code,
                name=name,
                campus="North Haven" if chance.random() < 0.8 else "Riverside",
                periods=[3] if dissertation else [1, 2] if "Project" in name else [1 + (place % 2)],
                credits=60.0 if dissertation else chance.choice((10.0, 20.0, 20.0, 20.0)),
                students=students,
                coordinator=coordinator.id,
                moderators=[moderator.id],
                programmes=on,
                lead_programme="bsc-cs" if code in SHOWN else on[0],
                allocations=_allocations(coordinator, colleague, students),
            )
        )
    return modules[::every]


def _allocations(coordinator: Somebody, colleague: Somebody, students: int) -> list[Allocation]:
    if colleague is coordinator or students < 25:
        return [Allocation(person=coordinator.id, contact=100.0, admin=100.0, assessment=100.0)]
    if students < 60:
        half = Allocation(person=colleague.id, contact=40.0, assessment=40.0)
        return [Allocation(person=coordinator.id, contact=60.0, admin=100.0, assessment=60.0), half]
    return [
        Allocation(person=coordinator.id, contact=50.0, admin=70.0, assessment=40.0),
        # the rest is still to be given to somebody
        Allocation(person=colleague.id, contact=50.0, admin=30.0, assessment=40.0),
    ]


def _activities(staff: list[Somebody], chance: Random) -> list[FilledActivity]:
    found: list[FilledActivity] = []

    def add(
        one: Somebody, name: str, type: str, amount: float, *, percentage: bool = False, periods: tuple[int, ...] = (1, 2, 3)
    ) -> None:
        measure = Measure.PERCENTAGE if percentage else Measure.HOURS
        secret = type == "leave"
        found.append(
            FilledActivity(
                id=f"a{len(found) + 1:03}", name=name, type=type, measure=measure, amount=amount, periods=list(periods), person=one.id,
                confidential=secret,
            )
        )  # fmt: skip

    for place, one in enumerate(staff):
        part = one.fte / 100
        if one.job_title == "Associate Lecturer":
            add(one, "Scholarship", "research-time", round(20 * part), percentage=True)
        else:
            add(one, "Research time", "research-time", round(chance.choice((35, 40, 40, 45)) * part), percentage=True)
        add(one, "Meetings, reviews and open days", "role", round(6 * part), percentage=True)
        add(one, "Personal tutees", "tutoring", float(round(chance.randrange(40, 90) * part)), periods=(1, 2))
        if place < 2:
            add(one, one.job_title, "role", 40.0 if place == 0 else 25.0, percentage=True)
        elif place - 2 < len(ROLES):
            add(one, ROLES[place - 2], "role", float(chance.randrange(60, 220, 20)))
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
            add(one, "Doctoral student", "supervision", 70.0)
        if chance.random() < 0.2:
            add(one, "Funded research project", "grant", chance.choice((10.0, 15.0, 20.0)), percentage=True)
        if chance.random() < 0.15:
            add(one, "School visits", "outreach", 20.0, periods=(2,))
        if chance.random() < 0.06:
            add(one, "Parental leave", "leave", 30.0, percentage=True, periods=(chance.choice((1, 2)),))
    return found
