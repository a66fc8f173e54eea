"""The two kinds of rule about who imports whom."""

import pytest
from grimp import ImportGraph

from tools.import_contracts import imported_elsewhere, not_allowed


def graph(*imports: tuple[str, str]) -> ImportGraph:
    """A graph of these imports: (importer, imported)."""
    made = ImportGraph()
    for importer, imported in imports:
        for module in (importer, imported):
            if module not in made.modules:
                ours = module.startswith(("chalkbell", "services"))
                made.add_module(module, is_squashed=not ours)
        made.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
    return made


ROOMS, OURS = ["services.<service>.rules"], ["chalkbell.contracts", "services.<service>.rules"]


@pytest.mark.parametrize(
    ("imported", "kept"),
    [
        ("chalkbell.contracts.workflow", True),
        ("services.workflow.rules.graph", True),
        ("datetime", True),
        ("services.workflow.store", False),
        ("services.workload.rules", False),
        ("chalkbell.contracts_of_old", False),
        ("chalkbell", False),
        ("sqlalchemy", False),
    ],
)
def test_a_room_may_import_only_what_its_rule_names(imported: str, kept: bool) -> None:
    made = graph(("services.workflow.rules.sign_off", imported))
    assert bool(not_allowed(made, ROOMS, OURS, [])) is not kept


def test_a_rule_without_theirs_leaves_other_packages_alone() -> None:
    assert not not_allowed(graph(("services.workflow.rules", "sqlalchemy")), ROOMS, OURS, None)


def test_a_rule_says_nothing_of_other_rooms() -> None:
    assert not not_allowed(graph(("services.workflow.store", "sqlalchemy")), ROOMS, OURS, [])


@pytest.mark.parametrize(
    ("importer", "kept"), [("chalkbell.bus", True), ("chalkbell.bus.session", True), ("chalkbell.business", False)]
)
def test_a_package_is_imported_only_by_those_its_rule_names(importer: str, kept: bool) -> None:
    broken = imported_elsewhere(graph((importer, "autobahn")), ["autobahn"], ["chalkbell.bus"])
    assert bool(broken) is not kept
