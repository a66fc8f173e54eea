"""Opening a package: who may see it, who may change it, and that it is not closed."""

from __future__ import annotations

from chalkbell.contracts import NotAllowed, NotFound
from chalkbell.contracts.directory import PersonKind
from chalkbell.contracts.workload import Package, PackageClosed, Status
from chalkbell.handlers import Call, Caller, may_read
from services.workload.rules.rights import Access, access
from services.workload.store import Store


def access_to(package: Package, caller: Caller, store: Store) -> Access:
    """How far a caller may go in a package. Services see all, and change nothing."""
    if caller.is_service:
        return Access.READ
    if _is_shut_out(caller, store):
        return Access.NONE
    if caller.is_administrator:
        return Access.CHANGE
    groups = store.groups_of(caller.person)
    return access(package, administrator=False, groups=groups, takes_part=store.takes_part(package.id, caller.person))


def accessible(caller: Caller, store: Store) -> list[tuple[Package, Access]]:
    """The packages that a caller may see, and how far they may go in each; the latest first."""
    if not caller.is_service and _is_shut_out(caller, store):
        return []
    packages = store.packages()
    if caller.is_service or caller.is_administrator:
        return [(package, Access.READ if caller.is_service else Access.CHANGE) for package in packages]
    groups = store.groups_of(caller.person)
    parts = store.packages_with_part_for(caller.person)
    found = [(one, access(one, administrator=False, groups=groups, takes_part=one.id in parts)) for one in packages]
    return [(package, granted) for package, granted in found if granted]


def _is_shut_out(caller: Caller, store: Store) -> bool:
    # the session of somebody disabled ends at once; what is on its way must not slip in. Students have no part in any package, also
    # where they are in a group that a package names.
    known = store.person(caller.person)
    return known is not None and (not known.active or known.kind is PersonKind.STUDENT)


def to_read(id: str, call: Call, store: Store) -> tuple[Package, Access]:
    """A package that the caller may see. Refused with `not_found`."""
    package = store.package(id)
    granted = access_to(package, call.caller, store) if package else Access.NONE
    if package is None or not granted:
        raise NotFound(path="package")
    return package, granted


def to_change(id: str, call: Call, store: Store, *, closed: bool = False) -> Package:
    """A package that the caller may change, locked until the commit.

    Refused with `not_found`, `not_allowed`, or `package_closed` unless `closed` ones are wanted too.
    """
    package = store.package(id, lock=True)
    granted = access_to(package, call.caller, store) if package else Access.NONE
    if package is None or not granted:
        raise NotFound(path="package")
    if granted is not Access.CHANGE:
        raise NotAllowed
    if package.status is Status.CLOSED and not closed:
        raise PackageClosed
    return package


@may_read
def may_read_package(scope: str, caller: Caller, store: Store) -> bool:
    """Whether a caller may follow a package: whoever may see it."""
    package = store.package(scope)
    return package is not None and bool(access_to(package, caller, store))
