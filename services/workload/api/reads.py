"""Reading packages."""

from __future__ import annotations

from chalkbell.contracts.workload import ListedPackage, ListPackages, PackageContents, Packages, ReadPackage
from chalkbell.handlers import Call, procedure
from services.workload.api.rights import accessible, to_read
from services.workload.rules.rights import Access
from services.workload.rules.tidy import for_everybody
from services.workload.store import Store


@procedure(ListPackages)
def list_packages(ask: ListPackages, call: Call, store: Store) -> Packages:
    """The packages that the caller may see."""
    found = accessible(call.caller, store)
    return Packages(packages=[ListedPackage(package=one, may_change=granted is Access.CHANGE) for one, granted in found])


@procedure(ReadPackage)
def read_package(ask: ReadPackage, call: Call, store: Store) -> PackageContents:
    """A package and all in it."""
    package, granted = to_read(ask.package, call, store)
    return PackageContents(
        position=store.position(package.id),
        package=package,
        categories=store.categories(package.id),
        activity_types=store.activity_types(package.id),
        programmes=store.programmes(package.id),
        modules=store.modules(package.id),
        activities=[for_everybody(activity) for activity in store.activities(package.id)],
        posts=store.posts(package.id),
        may_change=granted is Access.CHANGE,
    )
