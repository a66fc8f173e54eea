"""Passwords, tokens, browser sessions, tickets and failed sign-ins. Of secrets only hashes come here."""

from __future__ import annotations

from sqlalchemy import delete

from chalkbell.store import Store
from services.directory import model


class AccessStore(Store):
    """What the directory remembers of what people sign in with."""

    def forget_browsers(self, person: str) -> None:
        """Sign somebody out of all browsers: no ticket can be made any more, and those made are void."""
        for table in (model.browser_session, model.ticket):
            self.execute(delete(table).where(table.c.person == person))
