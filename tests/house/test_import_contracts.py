"""The two kinds of rule about who imports whom."""

import pytest
from grimp import ImportGraph

from tools.import_contracts import ImportedBy, MayImport


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


def is_kept(contract: type[MayImport] | type[ImportedBy], made: ImportGraph, **options: list[str]) -> bool:
    return contract("rule", {}, options).check(made, verbose=False).kept


RULES = {"modules": ["services.<service>.rules"], "ours": ["chalkbell.contracts", "services.<service>.rules"], "theirs": []}


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
    assert is_kept(MayImport, graph(("services.workflow.rules.sign_off", imported)), **RULES) is kept


def test_a_rule_without_theirs_leaves_other_packages_alone() -> None:
    rule = {name: value for name, value in RULES.items() if name != "theirs"}
    assert is_kept(MayImport, graph(("services.workflow.rules", "sqlalchemy")), **rule)


def test_a_rule_says_nothing_of_other_rooms() -> None:
    assert is_kept(MayImport, graph(("services.workflow.store", "sqlalchemy")), **RULES)


@pytest.mark.parametrize(
    ("importer", "kept"), [("chalkbell.bus", True), ("chalkbell.bus.session", True), ("chalkbell.business", False)]
)
def test_a_package_is_imported_only_by_those_its_rule_names(importer: str, kept: bool) -> None:
    assert is_kept(ImportedBy, graph((importer, "autobahn")), packages=["autobahn"], importers=["chalkbell.bus"]) is kept
