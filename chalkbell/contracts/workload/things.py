"""What a package is made of. Hours are hours of work; shares and FTE are percentages, 0 to 100; periods count from 1."""

from __future__ import annotations

import enum
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from chalkbell.contracts.core import GroupId, Line, Message, PersonId, ShortText, Slug, Text, Version

Hours = Annotated[float, Meta(ge=0, le=100_000, description="Hours of work; fractions are allowed.")]
Share = Annotated[float, Meta(ge=0, le=100, description="A percentage, 0 to 100.")]
Factor = Annotated[float, Meta(ge=0, le=1000)]
Credits = Annotated[float, Meta(ge=0, le=1000)]
Students = Annotated[int, Meta(ge=0, le=100_000)]
Code = Annotated[
    str, Meta(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]*$(?!\n)", description="For example CS1001.")
]
Colour = Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$(?!\n)", description="For example #2a6f97.")]
Formula = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=r"^[\x20-\x7e]*$(?!\n)",
        description="Numbers, names, + - * / // % **, comparisons, if-else, log log2 log10 sqrt abs min max round.",
    ),
]
PeriodNumber = Annotated[int, Meta(ge=1, le=12)]
PeriodNumbers = Annotated[list[PeriodNumber], Meta(min_length=1, max_length=12, description="The package's own, none twice.")]
Groups = Annotated[list[GroupId], Meta(max_length=100)]
People = Annotated[list[PersonId], Meta(max_length=50)]


class Status(enum.StrEnum):
    """Draft and hidden packages are seen only by those who may change them; a closed one changes no more."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    HIDDEN = "hidden"


class Show(enum.StrEnum):
    """Whether pages show loads as hours or as percentages. What is kept and answered is always hours."""

    HOURS = "hours"
    PERCENTAGES = "percentages"


class Period(Message, frozen=True, kw_only=True):
    """A part of the package's time: a semester, say. The end is exclusive."""

    name: Line
    start: date | None = None
    end: date | None = None


def three_semesters() -> list[Period]:
    """The periods of a package that says nothing else."""
    return [Period(name=f"Semester {number}") for number in (1, 2, 3)]


class Scaling(Message, frozen=True, kw_only=True):
    """The constants that formulas see: contact hours per credit, admin and assessment hours per contact hour."""

    contact: Factor = 2.5
    admin: Factor = 1.0
    assessment: Factor = 1.0


class Formulas(Message, frozen=True, kw_only=True):
    """How a module's hours come about.

    Names: contact sees credits, students, contact_scaling; admin also contact, admin_scaling, assessment_scaling; assessment also
    admin; coordinator sees credits and students. An empty formula is the product with its constant, and 0 for the coordinator.
    """

    contact: Formula = "credits * contact_scaling"
    admin: Formula = "contact * admin_scaling"
    assessment: Formula = "contact * assessment_scaling"
    coordinator: Formula = "15 + students * 0.01"


class PackageDetails(Message, frozen=True, kw_only=True):
    """What its managers say of a package: one school for one period, usually a year. The end is exclusive.

    `groups` may see it; `managers` may change it, as campus administrators always may. `assessment_team` and `exams_office` are
    those of its assessments. `module_category` and `coordination_category` are where modules' hours are counted.
    """

    name: Line
    start: date
    end: date
    status: Status = Status.DRAFT
    groups: Groups = []
    managers: Groups = []
    assessment_team: Groups = []
    exams_office: Groups = []
    nominal_hours: Annotated[float, Meta(ge=1, le=10_000, description="Hours of a full-time year.")] = 1600.0
    working_days: Annotated[float, Meta(gt=0, le=366)] = 228.0
    days_in_week: Annotated[float, Meta(gt=0, le=7)] = 5.0
    periods: Annotated[list[Period], Meta(min_length=1, max_length=12)] = msgspec.field(default_factory=three_semesters)
    scaling: Scaling = Scaling()
    formulas: Formulas = Formulas()
    tariff: ShortText = ""
    show: Show = Show.HOURS
    module_category: Slug = "teaching"
    coordination_category: Slug = "teaching"


class Package(PackageDetails, frozen=True, kw_only=True):
    """A package. Its id is the scope of its stream."""

    id: Slug
    version: Version


class CategoryDetails(Message, frozen=True, kw_only=True):
    """A kind of work that loads are broken down by."""

    name: Line
    abbreviation: Annotated[str, Meta(max_length=10, pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff]*$(?!\n)")] = ""
    colour: Colour = "#4c6ef5"


class Category(CategoryDetails, frozen=True, kw_only=True):
    """A category of a package. Every package has `teaching` from its start."""

    id: Slug
    version: Version


class ActivityTypeDetails(Message, frozen=True, kw_only=True):
    """A kind of activity, in a category."""

    name: Line
    category: Slug


class ActivityType(ActivityTypeDetails, frozen=True, kw_only=True):
    """An activity type of a package."""

    id: Slug
    version: Version


class ProgrammeDetails(Message, frozen=True, kw_only=True):
    """A programme of study, who directs and who examines it."""

    code: Code
    name: Line
    directors: People = []
    examiners: People = []


class Programme(ProgrammeDetails, frozen=True, kw_only=True):
    """A programme in a package."""

    id: Slug
    version: Version


class Overrides(Message, frozen=True, kw_only=True):
    """Hours that win over the formula. 0 is an override; leave out what the formula shall say."""

    contact: Hours | None = None
    admin: Hours | None = None
    assessment: Hours | None = None
    coordinator: Hours | None = None


class ModuleDetails(Message, frozen=True, kw_only=True):
    """A module as it is taught in the package's time. `lead_programme` is one of `programmes`; its examiners examine."""

    code: Code
    name: Line
    campus: ShortText = ""
    periods: PeriodNumbers = msgspec.field(default_factory=lambda: [1])
    credits: Credits = 20.0
    students: Students = 0
    coordinator: PersonId | None = None
    moderators: People = []
    programmes: Annotated[list[Slug], Meta(max_length=50)] = []
    lead_programme: Slug | None = None
    overrides: Overrides = Overrides()


class Allocation(Message, frozen=True, kw_only=True):
    """Somebody's shares of a module's contact, admin and assessment hours. Over all people each kind has at most 100 %."""

    person: PersonId
    contact: Share = 0.0
    admin: Share = 0.0
    assessment: Share = 0.0


Allocations = Annotated[list[Allocation], Meta(max_length=200)]


class Module(ModuleDetails, frozen=True, kw_only=True):
    """A module in a package. `team` are the people with an allocation."""

    id: Slug
    version: Version
    allocations: Allocations = []
    team: list[PersonId] = []


class Measure(enum.StrEnum):
    """What an activity's amount is: hours, or a percentage of the package's nominal hours (whatever the person's FTE)."""

    HOURS = "hours"
    PERCENTAGE = "percentage"


class ActivityDetails(Message, frozen=True, kw_only=True):
    """Work that is no module: given to a person or to nobody yet, split evenly over its periods.

    A confidential one counts like any other, but only the person and the package's managers see its name, type, module and comment.
    """

    name: Line
    type: Slug
    measure: Measure = Measure.HOURS
    amount: Hours
    periods: PeriodNumbers
    person: PersonId | None = None
    module: Slug | None = None
    comment: Text = ""
    confidential: bool = False


class Activity(Message, frozen=True, kw_only=True):
    """An activity as everybody who sees the package sees it.

    Of a confidential one the name and comment are empty, and type and module are null. `category` is that of its type.
    """

    id: Slug
    version: Version
    name: ShortText
    type: Slug | None
    category: Slug
    measure: Measure
    amount: Hours
    periods: PeriodNumbers
    person: PersonId | None
    module: Slug | None
    comment: Text
    confidential: bool


class PostDetails(Message, frozen=True, kw_only=True):
    """What somebody is in the package: FTE in percent, and whether work is allocated to them at all."""

    fte: Share = 100.0
    has_workload: bool = True
    job_title: ShortText = ""
    school: ShortText = ""


class Post(PostDetails, frozen=True, kw_only=True):
    """A person in a package. Members of its groups without a post count as full-time with workload."""

    person: PersonId
    version: Version
