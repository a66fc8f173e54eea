"""What happens in a package. Each event carries the complete new state; the scope is the package's id.

A snapshot (`package.read`) with these events applied is the next snapshot.
"""

from __future__ import annotations

from chalkbell.contracts.core import Event, GroupId, PersonId, Slug, topic
from chalkbell.contracts.workload.things import Activity, ActivityType, Category, Module, Package, Post, Programme


@topic("workload.v1.{package}.package_changed")
class PackageChanged(Event, frozen=True, kw_only=True):
    """A package is new or has changed: its dates, status, groups, periods, constants or formulas."""

    package: Slug
    state: Package


@topic("workload.v1.{package}.audience_changed")
class AudienceChanged(Event, frozen=True, kw_only=True):
    """People came into or left a group of this package. Nothing in the snapshot changes, but who is in `loads.read` may."""

    package: Slug
    group: GroupId


@topic("workload.v1.{package}.category_changed")
class CategoryChanged(Event, frozen=True, kw_only=True):
    """A category is new or has changed."""

    package: Slug
    category: Category


@topic("workload.v1.{package}.category_removed")
class CategoryRemoved(Event, frozen=True, kw_only=True):
    """A category is no more."""

    package: Slug
    id: Slug


@topic("workload.v1.{package}.activity_type_changed")
class ActivityTypeChanged(Event, frozen=True, kw_only=True):
    """An activity type is new or has changed. With another category its activities have changed too: their events follow."""

    package: Slug
    activity_type: ActivityType


@topic("workload.v1.{package}.activity_type_removed")
class ActivityTypeRemoved(Event, frozen=True, kw_only=True):
    """An activity type is no more."""

    package: Slug
    id: Slug


@topic("workload.v1.{package}.programme_changed")
class ProgrammeChanged(Event, frozen=True, kw_only=True):
    """A programme is new or has changed: its name, directors or examiners."""

    package: Slug
    programme: Programme


@topic("workload.v1.{package}.programme_removed")
class ProgrammeRemoved(Event, frozen=True, kw_only=True):
    """A programme is no more in the package."""

    package: Slug
    id: Slug


@topic("workload.v1.{package}.module_changed")
class ModuleChanged(Event, frozen=True, kw_only=True):
    """A module is new or has changed: who coordinates, moderates or teaches it, or anything else about it."""

    package: Slug
    module: Module


@topic("workload.v1.{package}.module_removed")
class ModuleRemoved(Event, frozen=True, kw_only=True):
    """A module is no more in the package."""

    package: Slug
    id: Slug


@topic("workload.v1.{package}.activity_changed")
class ActivityChanged(Event, frozen=True, kw_only=True):
    """An activity is new or has changed. Of a confidential one it says no name."""

    package: Slug
    activity: Activity


@topic("workload.v1.{package}.activity_removed")
class ActivityRemoved(Event, frozen=True, kw_only=True):
    """An activity is no more."""

    package: Slug
    id: Slug


@topic("workload.v1.{package}.post_changed")
class PostChanged(Event, frozen=True, kw_only=True):
    """Somebody's FTE, job title or school in the package is new or has changed."""

    package: Slug
    post: Post


@topic("workload.v1.{package}.post_removed")
class PostRemoved(Event, frozen=True, kw_only=True):
    """Somebody has no post in the package any more."""

    package: Slug
    person: PersonId
