"""What workload does when people come into groups or leave them: look again at who follows the packages."""

from __future__ import annotations

from chalkbell.contracts import Envelope
from chalkbell.contracts.directory import Campus, GroupRemoved, MembersChanged, PersonChanged, PersonKind, ReadCampus
from chalkbell.contracts.workload import AudienceChanged
from chalkbell.handlers import listen, resync
from services.workload.store import Store


@listen(MembersChanged)
def members_changed(event: MembersChanged, envelope: Envelope, store: Store) -> None:
    """People came into a group or left it: the packages that name it have other people."""
    _tell(event.group, bool(event.removed), store)


@listen(GroupRemoved)
def group_removed(event: GroupRemoved, envelope: Envelope, store: Store) -> None:
    """A group is no more. Packages go on naming it until somebody changes them, but nobody is in it."""
    _tell(event.id, True, store)


@listen(PersonChanged)
def person_changed(event: PersonChanged, envelope: Envelope, store: Store) -> None:
    """Who has become a student sees no package any more. (Somebody new follows none.)"""
    if event.person.kind is PersonKind.STUDENT and event.person.version > 1:
        for package in store.packages():
            store.audit_subscriptions(package.id)


@resync("directory", lambda scope: ReadCampus())
def look_at_all(snapshot: Campus, scope: str, store: Store) -> None:
    """Whatever has changed while we did not hear: look again at who follows any package."""
    for package in store.packages():
        store.audit_subscriptions(package.id)


def _tell(group: str, left: bool, store: Store) -> None:
    for package in store.packages_that_name(group):
        store.record(AudienceChanged(package=package, group=group))
        if left:
            store.audit_subscriptions(package)
