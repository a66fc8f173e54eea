"""Two kinds of import-linter contract: what a room may import, and who may import a part.

import-linter's own contracts list what is forbidden. The house's rules list what is allowed (see the table in
CONTRIBUTING), so a new module is refused until someone says where it belongs. Rules speak of direct imports only:
what a room uses may use things of its own.

A pattern is a dotted name. It means that module and all beneath it. `<service>` stands for one part of a name and
must be the same wherever it occurs in one contract.
"""

import re
import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

OUR_PACKAGES = ("chalkbell", "services")


def _expression(pattern: str) -> re.Pattern[str]:
    """A regular expression for a pattern: the module named and its descendants."""
    parts = [f"(?P<{part[1:-1]}>[^.]+)" if part.startswith("<") else re.escape(part) for part in pattern.split(".")]
    return re.compile(r"\.".join(parts) + r"(\..+)?")


def _is_under(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _is_ours(module: str) -> bool:
    return any(_is_under(module, package) for package in OUR_PACKAGES)


def not_allowed(graph: ImportGraph, modules: list[str], ours: list[str], theirs: list[str] | None) -> list[tuple[str, str]]:
    """Direct imports by `modules` that neither `ours` nor `theirs` names: (importer, imported)."""
    patterns = [_expression(pattern) for pattern in modules]
    broken: list[tuple[str, str]] = []
    for importer in sorted(graph.modules):
        match = next((found for pattern in patterns if (found := pattern.fullmatch(importer))), None)
        if match is None:
            continue
        names = match.groupdict()
        allowed = [re.sub(r"<(\w+)>", lambda found, names=names: str(names[found[1]]), pattern) for pattern in ours]
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if _is_ours(imported):
                known = allowed
            elif imported.split(".")[0] in sys.stdlib_module_names or theirs is None:
                continue
            else:
                known = theirs
            if not any(_is_under(imported, package) for package in known):
                broken.append((importer, imported))
    return broken


def imported_elsewhere(graph: ImportGraph, packages: list[str], importers: list[str]) -> list[tuple[str, str]]:
    """Direct imports of `packages` by others than `importers`: (importer, imported)."""
    patterns = [_expression(pattern) for pattern in importers]
    return [
        (importer, package)
        for package in packages
        if package in graph.modules
        for importer in sorted(graph.find_modules_that_directly_import(package))
        if not any(pattern.fullmatch(importer) for pattern in patterns)
    ]


class _DirectImports(Contract):
    """What both kinds share: how direct imports that break the rule are shown."""

    def _result(self, graph: ImportGraph, broken: list[tuple[str, str]]) -> ContractCheck:
        lines: list[str] = []
        for importer, imported in broken:
            details = graph.get_import_details(importer=importer, imported=imported)
            where = ", ".join(str(detail["line_number"]) for detail in details)
            lines.append(f"{importer} imports {imported} (line {where})")
        return ContractCheck(kept=not lines, metadata={"lines": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["lines"]:
            output.print_error(f"- {line}", bold=False)
        output.new_line()


class MayImport(_DirectImports):
    """Modules may import of ours only what `ours` names and, if `theirs` is given, of others only those packages.

    The standard library is always allowed.
    """

    type_name = "may_import"

    modules: Any = fields.ListField(subfield=fields.StringField())
    ours: Any = fields.ListField(subfield=fields.StringField())
    theirs: Any = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        return self._result(graph, not_allowed(graph, self.modules, self.ours, self.theirs))


class ImportedBy(_DirectImports):
    """Only the modules under `importers` may import the packages of others that `packages` names."""

    type_name = "imported_by"

    packages: Any = fields.ListField(subfield=fields.StringField())
    importers: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        return self._result(graph, imported_elsewhere(graph, self.packages, self.importers))
