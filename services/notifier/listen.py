"""What the notifier does when others' events arrive."""

from __future__ import annotations

from collections.abc import Collection

from chalkbell.contracts import Envelope
from chalkbell.contracts.directory import Campus, GroupRemoved, MembersChanged, PersonChanged, ReadCampus
from chalkbell.contracts.notifier import Channel, DeliveryKind, NoticeSent, PersonNoticed
from chalkbell.contracts.workflow import SignedOff
from chalkbell.handlers import listen, resync
from services.notifier.rules import deliveries, telling
from services.notifier.store import SignOffCopy, Store, notice_of


@listen(PersonChanged)
def meet_person(event: PersonChanged, envelope: Envelope, store: Store) -> None:
    """Everybody has a row to be locked by."""
    store.add_recipients([event.person.id])


@listen(MembersChanged)
def follow_members(event: MembersChanged, envelope: Envelope, store: Store) -> None:
    """A group's tasks are for its members, whoever they are now."""
    # who sets a task for the group holds this lock too: one of us sees what the other wrote
    store.lock_groups([event.group])
    tell(store, *store.assignment_changes(groups=[event.group], people=[*event.added, *event.removed]))


@listen(GroupRemoved)
def follow_removal(event: GroupRemoved, envelope: Envelope, store: Store) -> None:
    """A task is not for a group that is no more."""
    tell(store, *store.assignment_changes(tasks=store.drop_group_targets(event.id)))


@resync("directory", lambda scope: ReadCampus())
def look_again(snapshot: Campus, scope: str, store: Store) -> None:
    """All people and memberships may be others than we knew."""
    store.replace_directory(snapshot.people, snapshot.groups)
    store.add_recipients([person.id for person in snapshot.people])
    tell(store, *store.assignment_changes())


def tell(store: Store, came: Collection[telling.Pair], went: Collection[telling.Pair]) -> None:
    """Record for each person which tasks came to be for them and which no longer are."""
    tasks = {id for id, _ in (*came, *went)}
    mine = store.assigned_to({id for id, _ in came}, {person for _, person in came})
    store.record_all(telling.assignment_events(came, went, mine, archived=store.archived(tasks)))


@listen(SignedOff)
def tell_of_sign_off(event: SignedOff, envelope: Envelope, store: Store) -> None:
    """Tell each person whom workflow names, once, by event and, if they want it, by mail."""
    copy = _copy(event, envelope.correlation_id)
    earlier = store.sign_off(copy.id)
    if earlier is not None and earlier.at != copy.at:
        # workflow's history is another one, in which this id was given anew
        store.forget_notices(copy.id)
    store.keep_sign_off(copy)
    people = set(event.notify) - store.told_of(copy.id)
    store.add_recipients(people)
    preferences = store.lock_recipients(people)
    event_of = {person: store.record(PersonNoticed(person=person, notice=notice_of(copy))).seq for person in sorted(people)}
    store.add_notices(copy.id, event_of)
    store.add_deliveries(
        [_delivery(store, envelope.epoch, copy, person) for person in sorted(people) if preferences[person].notice_mail]
    )
    for person in event_of:
        if not preferences[person].notice_mail:
            store.mark_notice_sent(copy.id, person, Channel.PAGE)
            store.record(notice_sent(copy, person, store, Channel.PAGE))
    store.wake_jobs()


def notice_sent(copy: SignOffCopy, person: str, store: Store, channel: Channel) -> NoticeSent:
    """The event by which workflow learns that somebody was told."""
    return NoticeSent(
        person=person, package=copy.package, assessment=copy.assessment, sign_off=copy.id, at=store.now, channel=channel
    )


def _delivery(store: Store, epoch: str, copy: SignOffCopy, person: str) -> dict[str, str]:
    id = deliveries.delivery_id(DeliveryKind.NOTICE, epoch, copy.id, person)
    return {
        "id": id,
        "kind": DeliveryKind.NOTICE.value,
        "about": copy.id,
        "person": person,
        "subject": deliveries.notice_subject(copy.module, copy.kind, copy.title, copy.state),
        "message_id": deliveries.message_id(id, store.settings.sender),
    }


def _copy(event: SignedOff, correlation_id: str) -> SignOffCopy:
    def name(person: str | None) -> str:
        return event.names.get(person, person)[:200] if person else ""

    return SignOffCopy(
        id=event.sign_off,
        package=event.package,
        assessment=event.assessment,
        module=event.module_code[:200],
        module_name=event.module_name[:200],
        kind=event.kind.value,
        title=event.title,
        state=event.state_title[:200],
        signer=name(event.signer),
        on_behalf_of=name(event.on_behalf_of),
        guidance=event.guidance,
        has_notes=event.has_notes,
        at=event.at,
        correlation_id=correlation_id,
    )
