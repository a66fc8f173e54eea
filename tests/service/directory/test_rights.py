"""Who may do what: every procedure of the directory, asked by every kind of caller."""

import pytest

from chalkbell.contracts import PROCEDURES, Refusal
from chalkbell.contracts.directory import MakeToken
from tests.service.campus import ServiceCampus
from tests.service.directory.signing import PASSWORD, give_password
from tests.service.people import administrator, external, person, populate, student

CALLERS = {
    "administrator": ("root-ann", "administrator"),
    "operator": ("operator", "operator"),
    "staff": ("ada-stone", "person"),
    "student": ("bo-lind", "person"),
    "external": ("eve-dale", "person"),
    "disabled": ("old-tom", "person"),
    "gateway": ("service.gateway", "service-gateway"),
    "service": ("service.workload", "service-workload"),
}
EVERYBODY = frozenset(CALLERS)
PEOPLE = frozenset({"administrator", "staff", "student", "external", "disabled"})
ADMINISTRATORS = frozenset({"administrator", "operator"})
SERVICES = frozenset({"gateway", "service"})

REFUSED = {"not_allowed", "not_found", "not_signed_in", "wrong_password"}

# what is asked (as somebody else's or on somebody else), and who is not refused
TABLE: dict[str, tuple[dict[str, object], frozenset[str]]] = {
    "campus.read": ({}, ADMINISTRATORS | SERVICES),
    "people.named": ({"ids": ["cy-marsh"]}, EVERYBODY),
    "people.list": ({}, ADMINISTRATORS | SERVICES | {"staff"}),
    "person.read": ({"id": "cy-marsh"}, ADMINISTRATORS | SERVICES),
    "person.add": ({"id": "new-one", "name": "New", "email": "new@example.edu"}, ADMINISTRATORS | SERVICES),
    "person.change": ({"id": "cy-marsh", "seen": 1, "name": "Cy"}, ADMINISTRATORS | SERVICES),
    "person.disable": ({"id": "cy-marsh"}, ADMINISTRATORS | SERVICES),
    "person.enable": ({"id": "cy-marsh"}, ADMINISTRATORS | SERVICES),
    "person.set_password": ({"id": "cy-marsh", "password": "a riddle of the sands"}, ADMINISTRATORS),
    "people.import": ({"csv": "id,name,email\n"}, ADMINISTRATORS | SERVICES),
    "groups.list": ({}, EVERYBODY),
    "group.read": ({"id": "cs-staff"}, ADMINISTRATORS | SERVICES | {"staff"}),
    "group.add": ({"id": "new-group", "name": "New"}, ADMINISTRATORS | SERVICES),
    "group.change": ({"id": "cs-staff", "seen": 1, "name": "CS"}, ADMINISTRATORS | SERVICES),
    "members.change": ({"group": "cs-staff", "add": ["cy-marsh"]}, ADMINISTRATORS | SERVICES),
    "group.remove": ({"id": "cs-staff"}, ADMINISTRATORS | SERVICES),
    "sign_in": ({"email": "cy-marsh@example.edu", "password": PASSWORD, "address": "192.0.2.7"}, frozenset({"gateway"})),
    "sign_out": ({"session": "cs_x"}, frozenset({"gateway"})),
    "ticket.make": ({"credential": "SECRET"}, frozenset({"gateway"})),
    "profile.read": ({}, PEOPLE),
    "password.change": ({"current": PASSWORD, "new": "a riddle of the sands"}, PEOPLE),
    "sessions.end": ({"person": "cy-marsh"}, ADMINISTRATORS),
    "token.make": ({"name": "x", "person": "cy-marsh"}, frozenset({"operator"})),
    "token.list": ({"person": "cy-marsh"}, ADMINISTRATORS),
    "token.revoke": ({"id": "TOKEN"}, ADMINISTRATORS),
}  # fmt: skip


@pytest.fixture
def placeholders(campus: ServiceCampus) -> dict[str, str]:
    people = [
        "ada-stone",
        "cy-marsh",
        student("bo-lind"),
        external("eve-dale"),
        administrator("root-ann"),
        person("old-tom", active=False),
    ]
    populate(campus, people, {"cs-staff": ["ada-stone"]})
    for one in ("cy-marsh", "ada-stone", "bo-lind", "eve-dale", "root-ann"):
        give_password(campus, one)
    made = campus.call(MakeToken(name="mine"), by="cy-marsh")
    return {"SECRET": made.secret, "TOKEN": made.token.id}


def test_the_table_is_complete() -> None:
    """Every procedure of the directory's own is in it."""
    own = {uri.removeprefix("chalkbell.directory.v1.") for uri in PROCEDURES if uri.startswith("chalkbell.directory.v1.")}
    assert set(TABLE) == {name for name in own if not name.startswith(("meta.", "events."))}


@pytest.mark.parametrize("caller", CALLERS)
def test_who_may_do_what(campus: ServiceCampus, placeholders: dict[str, str], caller: str) -> None:
    """Everybody tries everything on somebody else's things; who has no right is told so, or that there is no such thing."""
    by, role = CALLERS[caller]
    allowed: set[str] = set()
    for name, (fields, _) in TABLE.items():
        given = {key: placeholders.get(str(value), value) for key, value in fields.items()}
        if name == "person.change":
            given["seen"] = campus.within("directory", lambda store: store.person("cy-marsh").version)
        try:
            campus.call_uri(f"chalkbell.directory.v1.{name}", given, by=by, role=role)
        except Refusal as refused:
            if refused.uri.rpartition(".")[2] not in REFUSED:
                raise
            if name in ("password.change", "ticket.make", "sign_in") and refused.http_status == 401:
                allowed.add(name)  # let in, and there is no such password or person any more
        else:
            allowed.add(name)
    assert allowed == {name for name, (_, who) in TABLE.items() if caller in who}
