"""Who can sign in to a demo campus: passwords drawn at first start, printed, and kept in a file for its owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from chalkbell.demo import words
from chalkbell.demo.university import Account

FILE = "demo-accounts.txt"


def draw_passwords(accounts: Sequence[Account]) -> dict[str, str]:
    """A password for each, by person id: three words and two digits, easily typed and read out, hard to guess."""
    return {
        one.person.id: "-".join([*(secrets.choice(words.PASSWORD_WORDS) for _ in range(3)), f"{secrets.randbelow(90) + 10}"])
        for one in accounts
    }


def table(accounts: Sequence[Account], passwords: Mapping[str, str]) -> str:
    """The accounts as a table in plain text: role, address, password, and what there is to see."""
    rows = [(one.role, one.person.email, passwords[one.person.id], one.sees) for one in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "".join(
        f"{role:{widths[0]}}  {email:{widths[1]}}  {password:{widths[2]}}  {sees}\n" for role, email, password, sees in rows
    )


def write(path: Path, text: str) -> None:
    """Write a file that only its owner can read; whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
