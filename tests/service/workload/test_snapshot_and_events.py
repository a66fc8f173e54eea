from collections.abc import Iterable
from typing import Any

import msgspec

from chalkbell.contracts import PROCEDURES, Change, Envelope, Event, procedure_of, topic_named
from chalkbell.contracts.workload import (
    ActivityChanged,
    ActivityRemoved,
    ActivityTypeChanged,
    ActivityTypeRemoved,
    AddPackage,
    AudienceChanged,
    CategoryChanged,
    CategoryRemoved,
    ModuleChanged,
    ModuleDetails,
    ModuleRemoved,
    PackageChanged,
    PackageContents,
    PostChanged,
    PostRemoved,
    ProgrammeChanged,
    ProgrammeRemoved,
    PutModule,
)
from chalkbell.contracts.workload.making import made
from tests.service.people import populate
from tests.service.workload.department import CS, Department, details
from tests.service.workload.steps import CHANGES

CHANGED: dict[type[Event], tuple[str, str]] = {
    CategoryChanged: ("categories", "category"),
    ActivityTypeChanged: ("activity_types", "activity_type"),
    ProgrammeChanged: ("programmes", "programme"),
    ModuleChanged: ("modules", "module"),
    ActivityChanged: ("activities", "activity"),
    PostChanged: ("posts", "post"),
}
REMOVED: dict[type[Event], str] = {
    CategoryRemoved: "categories",
    ActivityTypeRemoved: "activity_types",
    ProgrammeRemoved: "programmes",
    ModuleRemoved: "modules",
    ActivityRemoved: "activities",
    PostRemoved: "posts",
}


def key(thing: Any) -> str:
    return thing.person if hasattr(thing, "fte") else thing.id


def apply(snapshot: PackageContents, envelope: Envelope) -> PackageContents:
    """What a page does with an event: put in what changed, take out what is removed."""
    topic = topic_named(envelope.service, envelope.name)
    assert topic is not None
    event: Any = msgspec.convert(envelope.data, topic.event)
    changes: dict[str, Any] = {"position": msgspec.structs.replace(snapshot.position, seq=envelope.seq)}
    if isinstance(event, PackageChanged):
        changes["package"] = event.state
    elif type(event) in CHANGED:
        field, name = CHANGED[type(event)]
        new = getattr(event, name)
        others = [thing for thing in getattr(snapshot, field) if key(thing) != key(new)]
        changes[field] = sorted([*others, new], key=key)
    elif type(event) in REMOVED:
        field = REMOVED[type(event)]
        gone = event.person if isinstance(event, PostRemoved) else event.id
        changes[field] = [thing for thing in getattr(snapshot, field) if key(thing) != gone]
    else:
        assert isinstance(event, AudienceChanged)
    return msgspec.structs.replace(snapshot, **changes)


def fold(snapshot: PackageContents, envelopes: Iterable[Envelope]) -> PackageContents:
    for envelope in envelopes:
        assert envelope.seq == snapshot.position.seq + 1
        snapshot = apply(snapshot, envelope)
    return snapshot


def test_every_changing_procedure_is_tried_here() -> None:
    """One added to the contracts without a step here fails."""
    tried = {procedure_of(type(change)).uri for change in [*CHANGES, AddPackage(package=CS, values=details())]}
    assert tried == {uri for uri, p in PROCEDURES.items() if p.service == "workload" and issubclass(p.request, Change)}


def test_a_snapshot_with_the_events_since_is_the_next_snapshot(department: Department) -> None:
    """After every single change, and from the first snapshot to the last."""
    first = before = department.read("staff")
    for change in CHANGES:
        department.ask("boss", change)
        after = department.read("staff")
        events = department.campus.events("workload", CS, before.position.seq)
        assert events, f"{type(change).__name__} told nobody"
        assert fold(before, events) == after, type(change).__name__
        before = after
    assert fold(first, department.campus.events("workload", CS, first.position.seq)) == before


def test_a_package_begins_with_events_that_make_all_of_it(department: Department) -> None:
    """Who follows from the first event on needs no snapshot."""
    department.ask("dean", AddPackage(package="maths", values=details(groups=["cs-staff"])))
    after = department.read(package="maths")
    events = department.campus.events("workload", "maths")
    empty = msgspec.structs.replace(
        after,
        position=msgspec.structs.replace(after.position, seq=0),
        categories=[],
        package=msgspec.structs.replace(after.package, name=""),
    )
    assert fold(empty, events) == after


def test_people_who_come_into_a_group_are_told_of(department: Department) -> None:
    """The snapshot stays, but a page of loads knows that it must ask again."""
    before = department.read()
    populate(department.campus, ["newcomer"], {"cs-staff": ["newcomer"]})
    events = department.campus.events("workload", CS, before.position.seq)
    assert [event.name for event in events] == ["audience_changed"]
    assert fold(before, events) == department.read()


def test_no_event_says_what_is_confidential(department: Department) -> None:
    """Neither name nor comment of a confidential activity is in any event or snapshot."""
    for change in CHANGES:
        department.ask("boss", change)
    told = msgspec.json.encode([department.campus.events("workload", CS), department.read("dean")]).decode().lower()
    assert "illness" not in told
    assert "hush" not in told


def test_saying_again_what_is_so_already_changes_and_tells_nothing(department: Department) -> None:
    """No new version, no event."""
    before = department.read()
    module = before.modules[0]
    again = department.ask("boss", PutModule(package=CS, id=module.id, seen=1, values=made(ModuleDetails, module)))
    assert again == module
    assert department.read() == before
