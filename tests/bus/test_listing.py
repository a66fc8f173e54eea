"""Services learn from the router who is there and who follows what of theirs."""

from collections.abc import Callable

from chalkbell.router.configuration import SESSIONS, SUBSCRIBERS
from tests.routing import StandIns

Name = Callable[[str], str]


def test_the_open_sessions_of_people_are_listed_and_no_services(stand_ins: StandIns, fresh: Name) -> None:
    ada, bea = fresh("ada"), fresh("bea")
    first, second, other = (stand_ins.join(*who) for who in ((ada, "person"), (ada, "person"), (bea, "administrator")))
    listed = stand_ins.services["classroom"].call(SESSIONS)
    assert {(one["session"], one["person"], one["role"]) for one in listed if one["person"] in (ada, bea)} == {
        (first.id, ada, "person"),
        (second.id, ada, "person"),
        (other.id, bea, "administrator"),
    }
    assert {one["role"] for one in listed} <= {"person", "administrator"}
    first.close()
    assert first.id not in {one["session"] for one in stand_ins.services["classroom"].call(SESSIONS)}


def test_a_service_sees_who_follows_its_scopes_and_nothing_of_others(stand_ins: StandIns, fresh: Name) -> None:
    ada, scope = fresh("ada"), fresh("scope")
    stand_ins.readers.add((scope, ada))
    session = stand_ins.join(ada, "person")
    session.subscribe(f"chalkbell.workflow.v1.{scope}.", "prefix")
    session.subscribe(f"chalkbell.workflow.v1.{scope}.signed_off")
    seen = stand_ins.services["workflow"].call(SUBSCRIBERS, scope=scope)
    assert scope in seen["scopes"]
    assert seen["subscribers"] == [{"person": ada, "role": "person"}]
    other = stand_ins.services["workload"].call(SUBSCRIBERS, scope=scope)
    assert scope not in other["scopes"]
    assert other["subscribers"] == []
