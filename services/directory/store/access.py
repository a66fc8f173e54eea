"""Passwords, tokens, browser sessions, tickets and failed sign-ins. Of secrets only hashes come here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from chalkbell.contracts.directory import Token
from chalkbell.store import Store
from services.directory import model

T = model.token
B = model.browser_session
F = model.failed_sign_in
S = model.sign_out


class AccessStore(Store):
    """What the directory remembers of what people sign in with."""

    # passwords

    def password_hash(self, person: str) -> str | None:
        """The hash of somebody's password, or None where there is none."""
        return self.value(select(model.password.c.hash).where(model.password.c.person == person))

    def keep_password(self, person: str, digest: str) -> None:
        """Give somebody a password."""
        self.upsert(model.password, {"person": person, "hash": digest, "changed": self.now})

    # browsers and tickets

    def keep_browser(self, person: str, digest: str, expires: datetime) -> None:
        """Remember that a browser is signed in."""
        self.insert(B, {"hash": digest, "person": person, "made": self.now, "expires": expires, "last_seen": self.now})

    def person_of_browser(self, digest: str, idle: timedelta) -> str | None:
        """Whose browser this is, if it is still signed in; it counts as used now."""
        found = (B.c.hash == digest, B.c.expires > self.now, B.c.last_seen > self.now - idle)
        person = self.value(select(B.c.person).where(*found))
        if person:
            self.execute(update(B).where(B.c.hash == digest).values(last_seen=self.now))
        return person

    def forget_browser(self, digest: str) -> str | None:
        """Sign a browser out; whose it was."""
        person = self.value(select(B.c.person).where(B.c.hash == digest))
        self.execute(delete(B).where(B.c.hash == digest))
        return person

    def forget_browsers(self, person: str) -> None:
        """Sign somebody out of all browsers: no ticket can be made any more, and those made are void."""
        self.execute(delete(B).where(B.c.person == person))
        self.forget_tickets(person)

    def keep_ticket(self, person: str, digest: str, expires: datetime) -> None:
        """Remember a ticket."""
        self.insert(model.ticket, {"hash": digest, "person": person, "expires": expires})

    def use_ticket(self, digest: str) -> str | None:
        """Whose ticket this is, once: it is gone then."""
        table = model.ticket
        person = self.value(select(table.c.person).where(table.c.hash == digest, table.c.expires > self.now))
        used = self.execute(delete(table).where(table.c.hash == digest)) if person else 0
        return person if used == 1 else None

    def forget_tickets(self, person: str) -> None:
        """Make somebody's open tickets void."""
        self.execute(delete(model.ticket).where(model.ticket.c.person == person))

    # tokens

    def keep_token(self, person: str, token: Token, digest: str) -> None:
        """Remember a new token."""
        row = {"id": token.id, "person": person, "name": token.name, "made": token.made, "expires": token.expires}
        self.insert(T, {**row, "hash": digest, "last_used": None})

    def tokens(self, person: str) -> list[Token]:
        """Somebody's tokens, newest first."""
        question = select(T.c.id, T.c.name, T.c.made, T.c.expires, T.c.last_used).where(T.c.person == person)
        return [Token(**row) for row in self.rows(question.order_by(T.c.made.desc(), T.c.id))]

    def owner_of_token(self, id: str) -> str | None:
        """Whose token has this id."""
        return self.value(select(T.c.person).where(T.c.id == id))

    def use_token(self, digest: str) -> str | None:
        """Whose token this is, if it has not expired; it counts as used now."""
        person = self.value(select(T.c.person).where(T.c.hash == digest, T.c.expires > self.now))
        if person:
            # to the minute is enough, and saves a write for each of a program's many joins
            stale = or_(T.c.last_used.is_(None), T.c.last_used < self.now - timedelta(minutes=1))
            self.execute(update(T).where(T.c.hash == digest, stale).values(last_used=self.now))
        return person

    def drop_token(self, id: str) -> None:
        """Forget a token: it is worthless from now on."""
        self.execute(delete(T).where(T.c.id == id))

    # failed sign-ins

    def failures(self, keys: Sequence[str], *, lock: Collection[str]) -> dict[str, tuple[float, datetime]]:
        """How full these buckets were, and when that was. Those to `lock` are held until the commit, so that nobody guesses in parallel."""
        self.insert_if_absent(F, *({"key": key, "level": 0.0, "last": self.now} for key in sorted(lock)))
        held = self.rows(select(F).where(F.c.key.in_(lock)).order_by(F.c.key).with_for_update())
        others = self.rows(select(F).where(F.c.key.in_([key for key in keys if key not in lock])))
        return {row["key"]: (row["level"], row["last"]) for row in [*held, *others]}

    def keep_failures(self, levels: Mapping[str, float]) -> None:
        """Remember how full buckets are now."""
        self.upsert(F, *({"key": key, "level": level, "last": self.now} for key, level in sorted(levels.items())))

    def forget_failures(self, key: str) -> None:
        """Empty a bucket."""
        self.execute(delete(F).where(F.c.key == key))

    # sessions at the router

    def end_sessions(self, person: str) -> None:
        """After the commit, end all sessions of this person; kept until the router has done it, for this process may not live so long."""
        super().end_sessions(person)
        self.upsert(S, {"person": person, "at": self.now})

    def keep_signed_out(self, person: str, asked: datetime) -> None:
        """The router has ended the sessions that there were at this moment."""
        self.execute(delete(S).where(S.c.person == person, S.c.at <= asked))

    def still_signed_in(self, before: datetime) -> list[str]:
        """Those whose sessions were to be ended by a moment, and nobody has said that they are."""
        return [row["person"] for row in self.rows(select(S.c.person).where(S.c.at <= before).order_by(S.c.person))]

    # what is over

    def drop_expired(self, idle: timedelta) -> set[str]:
        """Forget what has expired; whose sessions and tokens that were."""
        over = or_(B.c.expires <= self.now, B.c.last_seen <= self.now - idle)
        people: set[Any] = {row["person"] for row in self.rows(select(B.c.person).where(over))}
        people |= {row["person"] for row in self.rows(select(T.c.person).where(T.c.expires <= self.now))}
        self.execute(delete(B).where(over))
        self.execute(delete(T).where(T.c.expires <= self.now))
        self.execute(delete(model.ticket).where(model.ticket.c.expires <= self.now))
        self.execute(delete(F).where(F.c.last < self.now - timedelta(hours=2)))
        return people

    def next_expiry(self, idle: timedelta) -> datetime | None:
        """When the next session or token expires."""
        moments = [self.value(select(func.min(B.c.expires))), self.value(select(func.min(T.c.expires)))]
        seen: datetime | None = self.value(select(func.min(B.c.last_seen)))
        return min((moment for moment in [*moments, seen + idle if seen else None] if moment), default=None)
