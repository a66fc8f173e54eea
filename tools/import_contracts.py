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


class _DirectImports(Contract):
    """What both kinds share: a list of direct imports that break the rule, and how to show them."""

    def _result(self, graph: ImportGraph, broken: list[tuple[str, str]]) -> ContractCheck:
        lines: list[str] = []
        for importer, imported in sorted(broken):
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

    modules = fields.ListField(subfield=fields.StringField())
    ours = fields.ListField(subfield=fields.StringField())
    theirs = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        patterns = [_expression(pattern) for pattern in _strings(self.modules)]
        broken: list[tuple[str, str]] = []
        for importer in graph.modules:
            match = next((found for pattern in patterns if (found := pattern.fullmatch(importer))), None)
            if match is None:
                continue
            for imported in graph.find_modules_directly_imported_by(importer):
                if not self._allows(imported, match.groupdict()):
                    broken.append((importer, imported))
        return self._result(graph, broken)

    def _allows(self, imported: str, names: dict[str, str | Any]) -> bool:
        if _is_ours(imported):
            allowed = [re.sub(r"<(\w+)>", lambda found: names[found[1]], pattern) for pattern in _strings(self.ours)]
            return any(_is_under(imported, package) for package in allowed)
        theirs = _strings(self.theirs)
        if imported.split(".")[0] in sys.stdlib_module_names or theirs is None:
            return True
        return any(_is_under(imported, package) for package in theirs)


class ImportedBy(_DirectImports):
    """Only the modules under `importers` may import the packages of others that `packages` names."""

    type_name = "imported_by"

    packages = fields.ListField(subfield=fields.StringField())
    importers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        patterns = [_expression(pattern) for pattern in _strings(self.importers)]
        broken = [
            (importer, package)
            for package in _strings(self.packages)
            if package in graph.modules
            for importer in graph.find_modules_that_directly_import(package)
            if not any(pattern.fullmatch(importer) for pattern in patterns)
        ]
        return self._result(graph, broken)


def _strings(field: Any) -> Any:
    """A field's value, a list of names or None: import-linter puts it in the place of the field's declaration."""
    return field
