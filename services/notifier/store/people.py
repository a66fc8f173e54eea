"""What people want mail of, and the lock by which what concerns one person takes turns."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Executable, RowMapping, select, update

from chalkbell.contracts.notifier import Preferences
from chalkbell.directory_copy import DirectoryCopy
from services.notifier.model import recipient


class Recipients(DirectoryCopy):
    """One row a person."""

    def two_columns(self, statement: Executable) -> dict[str, Any]:
        """The second column of each row by its first."""
        return {row[0]: row[1] for row in self.connection.execute(statement).all()}

    def lock_recipients(self, people: Collection[str]) -> dict[str, Preferences]:
        """Let nobody else decide anything about these people until the end of the transaction; what they want mail of.

        Taken in the order of their ids, so that no two transactions wait for each other. Ids that are nobody's are left out.
        """
        question = select(recipient).where(recipient.c.person.in_(people)).order_by(recipient.c.person).with_for_update()
        return {row["person"]: _preferences(row) for row in self.rows(question)} if people else {}

    def add_recipients(self, people: Collection[str]) -> None:
        """Make the rows of people who are new here."""
        rows = ({"person": person, "reminder_mail": True, "notice_mail": True} for person in sorted(people))
        self.insert_if_absent(recipient, *rows)

    def preferences(self, person: str) -> Preferences:
        """What somebody wants mail of."""
        row = self.row(select(recipient).where(recipient.c.person == person))
        return _preferences(row) if row else Preferences()

    def keep_preferences(self, person: str, preferences: Preferences) -> None:
        """Write what somebody wants mail of."""
        values = {"reminder_mail": preferences.reminder_mail, "notice_mail": preferences.notice_mail}
        self.execute(update(recipient).where(recipient.c.person == person).values(values))


def _preferences(row: RowMapping) -> Preferences:
    return Preferences(reminder_mail=row["reminder_mail"], notice_mail=row["notice_mail"])
