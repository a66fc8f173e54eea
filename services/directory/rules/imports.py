"""Reading a list of people from a CSV file, as spreadsheets write them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

from chalkbell.contracts.directory import RefusedRow

COLUMNS = ("id", "name", "email", "kind", "groups")
NEEDED = ("id", "name", "email")
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Row:
    """One line with something in it: where it stands, and its cells by column. Empty cells are left out."""

    line: int
    cells: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def groups(self) -> set[str]:
        """The groups that the person is to come into."""
        return {group for group in re.split(r"[;,\s]+", self.cells.get("groups", "")) if group}


def read(text: str) -> tuple[list[Row], list[RefusedRow]]:
    """The rows of a file, and those that can be refused by looking at the file alone. Wrong columns refuse the whole."""
    text = text.removeprefix("\ufeff")
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    refused: list[RefusedRow] = []
    columns: list[str] = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            line = reader.line_num - sum(cell.count("\n") for cell in cells)
            if not any(stripped):
                continue
            if not columns:
                columns = [cell.lower() for cell in stripped]
                if wrong := _wrong_columns(columns, line):
                    return [], wrong
            elif len(stripped) != len(columns):
                reason = f"There are {len(stripped)} cells where the heading has {len(columns)} columns."
                refused.append(RefusedRow(line=line, reason=reason))
            elif len(rows) + len(refused) >= MOST_ROWS:
                return [], [RefusedRow(line=line, reason=f"More than {MOST_ROWS} rows: split the file.")]
            else:
                rows.append(Row(line, {name: cell for name, cell in zip(columns, stripped, strict=True) if cell}))
    except csv.Error as error:
        refused.append(RefusedRow(line=reader.line_num, reason=f"Cannot be read as CSV: {error}."))
    if not columns:
        refused.append(RefusedRow(line=1, reason="The file is empty."))
    return rows, [*refused, *_missing(rows), *_repeated(rows)]


def _wrong_columns(columns: list[str], line: int) -> list[RefusedRow]:
    wrong = [(name, "There must be a column of this name.") for name in NEEDED if name not in columns]
    for name in dict.fromkeys(columns):
        if name not in COLUMNS:
            wrong.append((name[:40], f"Unknown column. Known are: {', '.join(COLUMNS)}."))
        elif columns.count(name) > 1:
            wrong.append((name, "The column is there twice."))
    return [RefusedRow(line=line, column=name, reason=reason) for name, reason in wrong]


def _missing(rows: list[Row]) -> list[RefusedRow]:
    return [
        RefusedRow(line=row.line, column=name, reason="Is missing.") for row in rows for name in NEEDED if name not in row.cells
    ]


def _repeated(rows: list[Row]) -> list[RefusedRow]:
    refused: list[RefusedRow] = []
    for name in ("id", "email"):
        first: dict[str, int] = {}
        for row in rows:
            value = row.cells.get(name, "").casefold()
            if value and first.setdefault(value, row.line) != row.line:
                refused.append(RefusedRow(line=row.line, column=name, reason=f"The same as in line {first[value]}."))
    return refused
