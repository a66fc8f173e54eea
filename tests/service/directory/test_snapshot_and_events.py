"""The old snapshot and the events since make the new snapshot, for every procedure that changes something."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from chalkbell.contracts import PROCEDURES, Envelope
from chalkbell.contracts.directory import (
    AddGroup,
    AddPerson,
    Campus,
    ChangeGroup,
    ChangeMembers,
    ChangePassword,
    ChangePerson,
    DisablePerson,
    EnablePerson,
    EndSessions,
    ImportPeople,
    MakeTicket,
    MakeToken,
    ReadCampus,
    RemoveGroup,
    RevokeToken,
    SetPassword,
    SignIn,
    SignOut,
)
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import GATEWAY, PASSWORD, give_password, sign_in
from tests.service.people import OPERATOR, administrator, populate

State = dict[str, Any]
CSV = "id,name,email,kind,groups\nada-stone,Ada Moss,a@example.edu,,maths\nnew-one,New,new@example.edu,student,maths\n"

# a change, and who asks for it; a function where it needs what is there
CHANGES: dict[str, Any] = {
    "person.add": (AddPerson(id="fay-hill", name="Fay", email="fay@example.edu", administrator=True), OPERATOR),
    "person.change": (ChangePerson(id="ada-stone", seen=1, name="Ada Moss", email="moss@example.edu"), OPERATOR),
    "person.disable": (DisablePerson(id="ada-stone"), OPERATOR),
    "person.enable": (EnablePerson(id="ada-stone"), OPERATOR),
    "person.set_password": (SetPassword(id="ada-stone", password="a riddle of the sands"), OPERATOR),
    "people.import": (ImportPeople(csv=CSV), OPERATOR),
    "group.add": (AddGroup(id="chess", name="Chess", members=["bo-lind", "ada-stone"]), OPERATOR),
    "group.change": (ChangeGroup(id="cs-staff", seen=1, name="Computing"), OPERATOR),
    "group.remove": (RemoveGroup(id="cs-staff"), OPERATOR),
    "members.change": (ChangeMembers(group="cs-staff", add=["bo-lind"], remove=["ada-stone"]), OPERATOR),
    "sign_in": (SignIn(email="ada-stone@example.edu", password=PASSWORD, address="192.0.2.7"), GATEWAY),
    "sign_out": (lambda campus: SignOut(session=sign_in(campus, "ada-stone").session), GATEWAY),
    "ticket.make": (lambda campus: MakeTicket(credential=sign_in(campus, "ada-stone").session), GATEWAY),
    "password.change": (ChangePassword(current=PASSWORD, new="a riddle of the sands"), {"by": "ada-stone"}),
    "sessions.end": (EndSessions(), {"by": "ada-stone"}),
    "token.make": (MakeToken(name="mine"), {"by": "ada-stone"}),
    "token.revoke": (
        lambda campus: RevokeToken(id=campus.call(MakeToken(name="mine"), by="ada-stone").token.id),
        {"by": "ada-stone"},
    ),
}


def test_every_changing_procedure_is_here() -> None:
    changing = {
        uri.removeprefix("chalkbell.directory.v1.") for uri, p in PROCEDURES.items() if p.service == "directory" and p.changes
    }
    assert set(CHANGES) == changing


@pytest.mark.parametrize("name", CHANGES)
def test_old_snapshot_and_events_make_the_new_snapshot(campus: ServiceCampus, name: str) -> None:
    populate(campus, ["ada-stone", "bo-lind", administrator("root-ann")], {"cs-staff": ["ada-stone"], "maths": []})
    give_password(campus, "ada-stone")
    if name == "person.enable":
        campus.call(DisablePerson(id="ada-stone"), **OPERATOR)
    old = campus.call(ReadCampus(), **OPERATOR)
    ask, caller = CHANGES[name]
    campus.call(ask(campus) if isinstance(ask, Callable) else ask, **caller)
    new = campus.call(ReadCampus(), **OPERATOR)
    state = folded(old)
    for envelope in campus.events("directory", "campus", after=old.position.seq):
        apply(envelope, state)
        assert envelope.seq <= new.position.seq
    assert state == folded(new)
    recorded = new.position.seq - old.position.seq
    assert (recorded > 0) == (name.partition(".")[0] in ("person", "people", "group", "members") and name != "person.set_password")


def folded(campus: Campus) -> State:
    """A snapshot as a page holds it."""
    return {
        "people": {person.id: msgspec.to_builtins(person) for person in campus.people},
        "groups": {
            group.id: {"name": group.name, "version": group.version, "members": set(group.members)} for group in campus.groups
        },
    }


def apply(envelope: Envelope, state: State) -> None:
    """What a page does on each event."""
    data, groups = envelope.data, state["groups"]
    if envelope.name == "person_changed":
        state["people"][data["person"]["id"]] = data["person"]
    elif envelope.name == "group_changed":
        group = groups.setdefault(data["id"], {"members": set()})
        group.update(name=data["name"], version=data["version"])
    elif envelope.name == "group_removed":
        del groups[data["id"]]
    elif envelope.name == "members_changed":
        members = groups[data["group"]]["members"]
        assert members.isdisjoint(data["added"])
        assert members.issuperset(data["removed"])
        groups[data["group"]]["members"] = (members | set(data["added"])) - set(data["removed"])
    else:
        raise AssertionError(envelope.name)
