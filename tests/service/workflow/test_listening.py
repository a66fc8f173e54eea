"""What workflow does when others' events arrive: copies, notices reported back, rights lost."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from chalkbell.contracts import NotFound
from chalkbell.contracts.directory import ChangeMembers, RemoveGroup
from chalkbell.contracts.notifier import NoticeSent
from chalkbell.contracts.workflow import is_reserved
from chalkbell.contracts.workload import PackageChanged, ReadPackage
from services.notifier.__main__ import definition as notifier
from services.workflow import model
from tests.service.people import OPERATOR
from tests.service.workflow.scenario import (
    ACCEPTED,
    COORDINATOR,
    INITIAL,
    MODERATOR,
    OTHER,
    PACKAGE,
    UNRELATED_STAFF,
    Scenario,
)


def test_who_was_told_is_kept_with_the_sign_off(scenario: Scenario) -> None:
    """Once for each person, however often it is reported; for nothing that was never signed."""
    scenario.campus.join(notifier)
    happened = scenario.sign(COORDINATOR, INITIAL)
    before = len(scenario.campus.events("workflow", PACKAGE))
    fields = {"package": PACKAGE, "assessment": scenario.exam, "at": scenario.campus.clock.now()}
    for id in (happened.sign_off, happened.sign_off, f"{scenario.exam}-9", "nothing-1", "nothing"):
        notice = NoticeSent(person=MODERATOR, sign_off=id, **fields)
        scenario.campus.within("notifier", lambda store, notice=notice: store.record(notice), write=True)
    scenario.campus.settle()
    (told,) = scenario.read().history[0].notified
    assert told.person == MODERATOR
    events = scenario.campus.events("workflow", PACKAGE)[before:]
    assert [(one.name, one.data["sign_off"]) for one in events] == [("sign_off_notified", happened.sign_off)]


def test_the_database_itself_refuses_to_change_the_ledger(scenario: Scenario) -> None:
    """No update, no delete, and no assessment taken away under its entries."""
    scenario.bring_to(INITIAL)
    table = model.sign_off
    forbidden = [update(table).values(notes="Never said"), delete(table), delete(model.assessment)]
    if scenario.campus.engine == "postgresql":
        forbidden.append(text("truncate sign_off"))
    for statement in forbidden:
        with pytest.raises(DBAPIError):
            scenario.campus.within("workflow", lambda store, statement=statement: store.execute(statement), write=True)
    assert len(scenario.read().history) == 1


@pytest.mark.parametrize(
    ("change", "audited"),
    [
        pytest.param(lambda it: it.change_package(groups=[]), {PACKAGE}, id="fewer groups"),
        pytest.param(lambda it: it.change_module(coordinator=None), {PACKAGE}, id="no coordinator"),
        pytest.param(lambda it: it.change_module(name="Other"), set(), id="another name"),
        pytest.param(lambda it: leave(it, "cs-staff", UNRELATED_STAFF), {PACKAGE}, id="out of a group"),
        pytest.param(lambda it: leave(it, "law-staff", "lou-law"), {OTHER}, id="out of another's group"),
    ],
)
def test_rights_that_may_be_lost_are_looked_at_again(scenario: Scenario, change: object, audited: set[str]) -> None:
    """Those of the packages concerned, and only then."""
    member = scenario.campus.members["workflow"]
    member.transactions.clear()
    change(scenario)  # type: ignore[operator]
    assert member.audited_scopes == audited


def leave(scenario: Scenario, group: str, person: str) -> None:
    """Take somebody out of a group, and let workflow hear."""
    scenario.campus.call(ChangeMembers(group=group, remove=[person]), **OPERATOR)
    scenario.campus.settle()


def test_who_leaves_the_group_sees_the_package_no_more(scenario: Scenario) -> None:
    """From the moment that workflow has heard of it."""
    assert scenario.list(UNRELATED_STAFF).assessments
    leave(scenario, "cs-staff", UNRELATED_STAFF)
    with pytest.raises(NotFound):
        scenario.list(UNRELATED_STAFF)


def test_a_group_that_is_removed_takes_its_rights_with_it(scenario: Scenario) -> None:
    """As if everybody had left it."""
    member = scenario.campus.members["workflow"]
    member.transactions.clear()
    scenario.campus.call(RemoveGroup(id="cs-staff"), **OPERATOR)
    scenario.campus.settle()
    assert PACKAGE in member.audited_scopes
    with pytest.raises(NotFound):
        scenario.list(UNRELATED_STAFF)


def test_a_fresh_copy_is_what_the_events_made(scenario: Scenario) -> None:
    """Taking a package or the directory anew changes nothing and tells nothing."""
    scenario.bring_to(INITIAL, ACCEPTED)
    before = scenario.list("operator")
    scenario.campus.resync("workflow", "workload", PACKAGE)
    scenario.campus.resync("workflow", "directory", "campus")
    assert scenario.list("operator") == before


def test_a_fresh_copy_makes_good_for_what_was_not_heard(scenario: Scenario) -> None:
    """And tells what is different, as the events would have."""
    before = scenario.list("operator")
    scenario.campus.within("workflow", lambda store: store.keep_parts(PACKAGE, {"cs101": []}), write=True)
    scenario.campus.within("workflow", lambda store: store.drop_programme(PACKAGE, "bsc"), write=True)
    heard = len(scenario.campus.events("workflow", PACKAGE))
    scenario.campus.resync("workflow", "workload", PACKAGE)
    assert scenario.list("operator").assessments == before.assessments
    assert [one.name for one in scenario.campus.events("workflow", PACKAGE)[heard:]] == ["assessment_changed"]


def test_a_package_that_would_share_an_examiners_stream_is_not_taken_over(scenario: Scenario) -> None:
    """Workload refuses such ids; if one came all the same, nothing of it would be told to the examiner."""
    package = scenario.campus.call(ReadPackage(package=PACKAGE), **OPERATOR).package
    for id in ("examiner-ada", "definitions"):
        assert is_reserved(id)
        event = PackageChanged(package=id, state=package)
        scenario.campus.within("workload", lambda store, event=event: store.record(event), write=True)
    scenario.campus.settle()
    assert scenario.campus.within("workflow", lambda store: [row["id"] for row in store.packages()]) == [PACKAGE, OTHER]
