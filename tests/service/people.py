"""People and groups for tests, brought in as an administrator would."""

from collections.abc import Iterable, Mapping

from chalkbell.contracts.directory import AddGroup, AddPerson, ChangeMembers, DisablePerson, Person, PersonKind
from chalkbell.testing import MemoryCampus

OPERATOR = {"by": "operator", "role": "operator"}


def person(
    id: str, kind: PersonKind = PersonKind.STAFF, *, name: str = "", active: bool = True, administrator: bool = False
) -> Person:
    """Somebody, named after the id: ada-stone is Ada Stone with the address ada-stone@example.edu."""
    name = name or id.replace("-", " ").title()
    return Person(id=id, name=name, email=f"{id}@example.edu", kind=kind, active=active, administrator=administrator)


def student(id: str) -> Person:
    """A student named after the id."""
    return person(id, PersonKind.STUDENT)


def external(id: str) -> Person:
    """An external examiner named after the id."""
    return person(id, PersonKind.EXTERNAL)


def administrator(id: str) -> Person:
    """An administrator of the campus named after the id. Calls need `role="administrator"` besides."""
    return person(id, administrator=True)


def populate(campus: MemoryCampus, people: Iterable[Person | str] = (), groups: Mapping[str, Iterable[str]] | None = None) -> None:
    """Add people (a plain id is a member of staff) and groups (id to members) to the directory, and let all services hear.

    A person with `active=False` is added and disabled. A group that is there already gets the members added.
    """
    for given in people:
        one = person(given) if isinstance(given, str) else given
        campus.call(
            AddPerson(id=one.id, name=one.name, email=one.email, kind=one.kind, administrator=one.administrator), **OPERATOR
        )
        if not one.active:
            campus.call(DisablePerson(id=one.id), **OPERATOR)
    known = {group.id for group in campus.within("directory", lambda store: store.all_groups())}
    for id, members in (groups or {}).items():
        if id in known:
            campus.call(ChangeMembers(group=id, add=list(members)), **OPERATOR)
        else:
            campus.call(AddGroup(id=id, name=id.replace("-", " ").title(), members=list(members)), **OPERATOR)
    campus.settle()
