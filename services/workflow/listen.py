"""What workflow does when others' events arrive: keep its copies true, and tell what that makes different."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from chalkbell.contracts import Envelope
from chalkbell.contracts.directory import GroupRemoved, MembersChanged
from chalkbell.contracts.notifier import NoticeSent
from chalkbell.contracts.workflow import ActorKind, SignOffNotified, is_reserved
from chalkbell.contracts.workload import (
    Module,
    ModuleChanged,
    ModuleRemoved,
    Package,
    PackageChanged,
    PackageContents,
    Programme,
    ProgrammeChanged,
    ProgrammeRemoved,
    ReadPackage,
)
from chalkbell.handlers import listen, resync
from services.workflow.api import facts
from services.workflow.api.telling import telling_what_changes
from services.workflow.rules import actors, names
from services.workflow.store import Store

Parts = list[tuple[str, str]]


@listen(PackageChanged)
def package_changed(event: PackageChanged, envelope: Envelope, store: Store) -> None:
    """A package is new or different: its name, whether it is open, its groups."""
    if is_reserved(event.package):
        return  # it would share a stream with examiners or definitions: workload refuses such ids
    with telling_what_changes(store, event.package):
        store.keep_package(_package_row(event.state))
    store.audit_subscriptions(event.package)


@listen(ModuleChanged)
def module_changed(event: ModuleChanged, envelope: Envelope, store: Store) -> None:
    """A module is new or different: its name, or who has which part in it."""
    with telling_what_changes(store, event.package, [event.module.id]):
        _keep_modules(store, event.package, [event.module], store.programmes(event.package))


@listen(ModuleRemoved)
def module_removed(event: ModuleRemoved, envelope: Envelope, store: Store) -> None:
    """A module is no more. Its assessments go too, but for those with sign-offs, which nobody can continue."""
    with telling_what_changes(store, event.package, [event.id]):
        rows = store.assessments_of(event.package, [event.id])
        store.remove_assessments([row["id"] for row in rows if not row["sign_offs"]])
        store.drop_module(event.package, event.id)
    store.audit_subscriptions(event.package)


@listen(ProgrammeChanged)
def programme_changed(event: ProgrammeChanged, envelope: Envelope, store: Store) -> None:
    """A programme's examiners may be others: so may those of its modules."""
    programmes = store.programmes(event.package)
    programme = event.programme
    store.keep_programme(event.package, programme.id, programme.examiners)
    if programmes.get(programme.id, []) != programme.examiners:
        _examine_anew(store, event.package, programme.id)


@listen(ProgrammeRemoved)
def programme_removed(event: ProgrammeRemoved, envelope: Envelope, store: Store) -> None:
    """A programme is no more, and its examiners examine no more."""
    store.drop_programme(event.package, event.id)
    _examine_anew(store, event.package, event.id)


@resync("workload", lambda scope: ReadPackage(package=scope))
def copy_package(snapshot: PackageContents, scope: str, store: Store) -> None:
    """Take over a package as it is now."""
    if is_reserved(scope):
        return
    with telling_what_changes(store, scope):
        store.keep_package(_package_row(snapshot.package))
        _copy_programmes(store, scope, snapshot.programmes)
        gone = {row["id"] for row in store.modules(scope)} - {module.id for module in snapshot.modules}
        rows = store.assessments_of(scope, gone)
        store.remove_assessments([row["id"] for row in rows if not row["sign_offs"]])
        for id in sorted(gone):
            store.drop_module(scope, id)
        _keep_modules(store, scope, snapshot.modules, store.programmes(scope))
    store.audit_subscriptions(scope)


@listen(MembersChanged)
def members_changed(event: MembersChanged, envelope: Envelope, store: Store) -> None:
    """Who left a group may have lost the right to a package. (The copy of the directory was changed before.)"""
    if event.removed:
        _audit(store, {event.group})


@listen(GroupRemoved)
def group_removed(event: GroupRemoved, envelope: Envelope, store: Store) -> None:
    """Who was in the group may have lost the right to a package."""
    _audit(store, {event.id})


@listen(NoticeSent)
def notice_sent(event: NoticeSent, envelope: Envelope, store: Store) -> None:
    """Somebody was told of a sign-off: remember when, and tell it."""
    parts = names.parts_of_sign_off(event.sign_off)
    if parts is None or parts[0] != event.assessment or store.sign_off(*parts) is None:
        return
    assessment = store.assessment(event.assessment)
    if assessment and store.keep_told(*parts, event.person, event.at):
        store.record(
            SignOffNotified(
                package=assessment["package"],
                assessment=event.assessment,
                sign_off=event.sign_off,
                person=event.person,
                at=event.at,
            )
        )


def _package_row(package: Package) -> dict[str, object]:
    return {
        "id": package.id,
        "name": package.name,
        "status": package.status.value,
        "groups": package.groups,
        "managers": package.managers,
        "assessment_team": package.assessment_team,
        "exams_office": package.exams_office,
    }


def _keep_modules(store: Store, package: str, modules: Iterable[Module], programmes: dict[str, list[str]]) -> None:
    modules = list(modules)
    before = store.staff_parts(package, actors.STAFF_ROLES, [module.id for module in modules])
    lost = False
    parts: dict[str, Parts] = {}
    for module in modules:
        staff = _staff_parts(module)
        lost = lost or bool(set(before.get(module.id, [])) - set(staff))
        parts[module.id] = [*staff, *_examiner_parts(module.programmes, module.lead_programme, programmes)]
        store.keep_module(
            {
                "package": package,
                "id": module.id,
                "code": module.code,
                "name": module.name,
                "programmes": module.programmes,
                "lead_programme": module.lead_programme,
                "removed": False,
            }
        )
    store.keep_parts(package, parts)
    if lost:
        store.audit_subscriptions(package)


def _staff_parts(module: Module) -> Parts:
    coordinator = [module.coordinator] if module.coordinator else []
    people = (
        (ActorKind.COORDINATOR, coordinator),
        (ActorKind.MODERATOR, module.moderators),
        (ActorKind.TEAM, module.team),
    )
    return [(role.value, person) for role, them in people for person in them]


def _examiner_parts(on: list[str], lead: str | None, programmes: dict[str, list[str]]) -> Parts:
    leading = [examiner for id in actors.lead_programmes(on, lead) for examiner in programmes.get(id, [])]
    everybody = [examiner for id in on for examiner in programmes.get(id, [])]
    return [
        *((ActorKind.LEAD_EXAMINER.value, person) for person in leading),
        *((ActorKind.EXAMINER.value, person) for person in everybody),
    ]


def _copy_programmes(store: Store, package: str, programmes: Iterable[Programme]) -> None:
    now = {programme.id: programme.examiners for programme in programmes}
    for id in store.programmes(package).keys() - now.keys():
        store.drop_programme(package, id)
    for id, examiners in now.items():
        store.keep_programme(package, id, examiners)


def _examine_anew(store: Store, package: str, programme: str) -> None:
    """Work out anew who examines the modules on a programme."""
    modules = [row for row in store.modules(package) if programme in row["programmes"]]
    ids = [row["id"] for row in modules]
    with telling_what_changes(store, package, ids):
        programmes = store.programmes(package)
        staff = store.staff_parts(package, actors.STAFF_ROLES, ids)
        parts = {
            row["id"]: [*staff.get(row["id"], []), *_examiner_parts(row["programmes"], row["lead_programme"], programmes)]
            for row in modules
        }
        store.keep_parts(package, parts)


def _audit(store: Store, groups: Collection[str]) -> None:
    """Look again at who follows the packages that these groups have to do with, or a definition names."""
    kinds = ("groups", "managers", "assessment_team", "exams_office")
    definitions = facts.graphs(store, store.definition_ids()).values()
    is_named = any(not graph.groups().isdisjoint(groups) for graph in definitions)
    for row in store.packages():
        if is_named or any(not set(groups).isdisjoint(row[kind]) for kind in kinds):
            store.audit_subscriptions(row["id"])
