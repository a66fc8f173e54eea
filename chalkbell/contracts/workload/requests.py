"""What can be asked of workload.

`seen` is the version that the caller saw; 0 says that the thing is new. When it has another by now the answer is `conflict`, with
the present `state` and `version` in its details. What a caller may not see is `not_found`.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalkbell.contracts.core import Allow, Ask, Change, Done, Message, PersonId, Slug, Snapshot, Version, rpc
from chalkbell.contracts.workload.loads import Loads, PersonLoad
from chalkbell.contracts.workload.refusals import FormulaFails, InUse, NotFilled, OverAllocated, PackageClosed
from chalkbell.contracts.workload.things import (
    Activity,
    ActivityDetails,
    ActivityType,
    ActivityTypeDetails,
    Allocations,
    Category,
    CategoryDetails,
    Module,
    ModuleDetails,
    Package,
    PackageDetails,
    Post,
    PostDetails,
    Programme,
    ProgrammeDetails,
)


class ListedPackage(Message, frozen=True, kw_only=True):
    """A package, and whether the caller may change it."""

    package: Package
    may_change: bool


class Packages(Message, frozen=True, kw_only=True):
    """The packages that the caller may see, the latest first."""

    packages: list[ListedPackage]


@rpc("workload.v1.packages.list")
class ListPackages(Ask[Packages], frozen=True, kw_only=True):
    """The packages that you may see."""


class PackageContents(Snapshot, frozen=True, kw_only=True):
    """A package and all that belongs to it. `may_change` tells whether the caller may change it."""

    package: Package
    categories: list[Category]
    activity_types: list[ActivityType]
    programmes: list[Programme]
    modules: list[Module]
    activities: list[Activity]
    posts: list[Post]
    may_change: bool = False


@rpc("workload.v1.package.read")
class ReadPackage(Ask[PackageContents], frozen=True, kw_only=True):
    """A package and all that belongs to it, at a position of its stream. Confidential activities are without their names."""

    package: Slug


@rpc("workload.v1.package.add", allow=Allow.ADMINISTRATOR, refusals=(FormulaFails,))
class AddPackage(Change[Package], frozen=True, kw_only=True):
    """Begin a package, with the category `teaching` and nothing else in it.

    Its id is the scope of its stream for ever. `definitions`, and ids that begin with `examiner-`, are kept for streams of the workflow.
    """

    package: Slug
    values: PackageDetails


@rpc("workload.v1.package.change", refusals=(PackageClosed, FormulaFails))
class ChangePackage(Change[Package], frozen=True, kw_only=True):
    """Say anew what a package is. Formulas are tried on all its modules, with their students and with none.

    A closed one is only reopened, by a campus administrator who gives another status.
    """

    package: Slug
    seen: Version
    values: PackageDetails


@rpc("workload.v1.category.put", refusals=(PackageClosed,))
class PutCategory(Change[Category], frozen=True, kw_only=True):
    """Add a category or change one. Without `id` it gets one from its name."""

    package: Slug
    id: Slug | None = None
    seen: Version = 0
    values: CategoryDetails


@rpc("workload.v1.category.remove", refusals=(PackageClosed, InUse))
class RemoveCategory(Change[Done], frozen=True, kw_only=True):
    """Remove a category that neither an activity type nor the package's modules need."""

    package: Slug
    id: Slug
    seen: Version


@rpc("workload.v1.activity_type.put", refusals=(PackageClosed,))
class PutActivityType(Change[ActivityType], frozen=True, kw_only=True):
    """Add an activity type or change one. Without `id` it gets one from its name."""

    package: Slug
    id: Slug | None = None
    seen: Version = 0
    values: ActivityTypeDetails


@rpc("workload.v1.activity_type.remove", refusals=(PackageClosed, InUse))
class RemoveActivityType(Change[Done], frozen=True, kw_only=True):
    """Remove an activity type that no activity has."""

    package: Slug
    id: Slug
    seen: Version


@rpc("workload.v1.programme.put", refusals=(PackageClosed,))
class PutProgramme(Change[Programme], frozen=True, kw_only=True):
    """Add a programme or change one. Without `id` it gets one from its code."""

    package: Slug
    id: Slug | None = None
    seen: Version = 0
    values: ProgrammeDetails


@rpc("workload.v1.programme.remove", refusals=(PackageClosed, InUse))
class RemoveProgramme(Change[Done], frozen=True, kw_only=True):
    """Remove a programme that no module is on."""

    package: Slug
    id: Slug
    seen: Version


@rpc("workload.v1.module.put", refusals=(PackageClosed,))
class PutModule(Change[Module], frozen=True, kw_only=True):
    """Add a module or change one; its allocations stay. Without `id` it gets one from its code."""

    package: Slug
    id: Slug | None = None
    seen: Version = 0
    values: ModuleDetails


@rpc("workload.v1.module.allocate", refusals=(PackageClosed, OverAllocated))
class AllocateModule(Change[Module], frozen=True, kw_only=True):
    """Say anew who does which share of a module's hours. Over all people each kind has at most 100 %."""

    package: Slug
    id: Slug
    seen: Version
    allocations: Allocations


@rpc("workload.v1.module.remove", refusals=(PackageClosed, InUse))
class RemoveModule(Change[Done], frozen=True, kw_only=True):
    """Remove a module, with its allocations, that no activity belongs to."""

    package: Slug
    id: Slug
    seen: Version


class ActivityInFull(ActivityDetails, frozen=True, kw_only=True):
    """An activity with nothing hidden. `category` is that of its type."""

    id: Slug
    version: Version
    category: Slug


@rpc("workload.v1.activity.read")
class ReadActivity(Ask[ActivityInFull], frozen=True, kw_only=True):
    """An activity with nothing hidden; a confidential one only for the person whose it is and those who may change the package."""

    package: Slug
    id: Slug


@rpc("workload.v1.activity.put", refusals=(PackageClosed,))
class PutActivity(Change[ActivityInFull], frozen=True, kw_only=True):
    """Add an activity or change one. Without `id` it gets one by chance."""

    package: Slug
    id: Slug | None = None
    seen: Version = 0
    values: ActivityDetails


@rpc("workload.v1.activity.remove", refusals=(PackageClosed,))
class RemoveActivity(Change[Done], frozen=True, kw_only=True):
    """Remove an activity."""

    package: Slug
    id: Slug
    seen: Version


@rpc("workload.v1.post.put", refusals=(PackageClosed,))
class PutPost(Change[Post], frozen=True, kw_only=True):
    """Say somebody's FTE, job title and school in the package."""

    package: Slug
    person: PersonId
    seen: Version = 0
    values: PostDetails


@rpc("workload.v1.post.remove", refusals=(PackageClosed,))
class RemovePost(Change[Done], frozen=True, kw_only=True):
    """Take somebody's post away. Their work stays, and counts as if full-time."""

    package: Slug
    person: PersonId
    seen: Version


class FilledCategory(CategoryDetails, frozen=True, kw_only=True):
    """A category to take over."""

    id: Slug


class FilledActivityType(ActivityTypeDetails, frozen=True, kw_only=True):
    """An activity type to take over."""

    id: Slug


class FilledProgramme(ProgrammeDetails, frozen=True, kw_only=True):
    """A programme to take over. Without `id` it gets one from its code."""

    id: Slug | None = None


class FilledModule(ModuleDetails, frozen=True, kw_only=True):
    """A module to take over. Without `id` it gets one from its code; without `allocations` those it has stay."""

    id: Slug | None = None
    allocations: Allocations | None = None


class FilledActivity(ActivityDetails, frozen=True, kw_only=True):
    """An activity to take over."""

    id: Slug


class FilledPost(PostDetails, frozen=True, kw_only=True):
    """A post to take over."""

    person: PersonId


class Filled(Message, frozen=True, kw_only=True):
    """How many things were (or, on a dry run, would be) added, changed, and were so already."""

    added: int
    changed: int
    unchanged: int


@rpc("workload.v1.package.fill", refusals=(PackageClosed, NotFilled))
class FillPackage(Change[Filled], frozen=True, kw_only=True):
    """Take over many things at once, all or nothing. What has the same id is replaced, whoever changed it last.

    Nothing is removed. All that is wrong is told at once (`not_filled`). With `dry_run` nothing is written.
    """

    package: Slug
    categories: Annotated[list[FilledCategory], Meta(max_length=200)] = []
    activity_types: Annotated[list[FilledActivityType], Meta(max_length=1000)] = []
    programmes: Annotated[list[FilledProgramme], Meta(max_length=2000)] = []
    modules: Annotated[list[FilledModule], Meta(max_length=5000)] = []
    posts: Annotated[list[FilledPost], Meta(max_length=5000)] = []
    activities: Annotated[list[FilledActivity], Meta(max_length=20_000)] = []
    dry_run: bool = False


@rpc("workload.v1.loads.read")
class ReadLoads(Ask[Loads], frozen=True, kw_only=True):
    """Everybody's load in a package, by period and category, with averages of its groups."""

    package: Slug


@rpc("workload.v1.load.read")
class ReadLoad(Ask[PersonLoad], frozen=True, kw_only=True):
    """One person's load in a package and what it is made of; without `person` your own."""

    package: Slug
    person: PersonId | None = None
