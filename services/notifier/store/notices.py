"""Sign-offs as workflow told of them, and whom they were told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, select, update

from chalkbell.contracts.notifier import Channel, Notice
from services.notifier.model import notice, sign_off
from services.notifier.store.people import Recipients


@dataclass(frozen=True)
class SignOffCopy:
    """What a message says of a sign-off. That there are notes is said, what they say is not known here."""

    id: str
    package: str
    assessment: str
    module: str
    module_name: str
    kind: str
    title: str
    state: str
    signer: str
    on_behalf_of: str
    guidance: str
    has_notes: bool
    at: datetime
    correlation_id: str


class Notices(Recipients):
    """Rows of sign-offs and notices."""

    def keep_sign_off(self, kept: SignOffCopy) -> None:
        """Take over a sign-off."""
        self.upsert(sign_off, asdict(kept))

    def sign_off(self, id: str) -> SignOffCopy | None:
        """One sign-off, or None."""
        row = self.row(select(sign_off).where(sign_off.c.id == id))
        return SignOffCopy(**row) if row else None

    def history(self, package: str, assessment: str, until: datetime, at_most: int) -> list[SignOffCopy]:
        """An assessment's sign-offs up to a moment, newest first."""
        same = (sign_off.c.package == package, sign_off.c.assessment == assessment, sign_off.c.at <= until)
        question = select(sign_off).where(*same)
        rows = self.rows(question.order_by(sign_off.c.at.desc(), sign_off.c.id.desc()).limit(at_most))
        return [SignOffCopy(**row) for row in rows]

    def go_on_from(self, copy: SignOffCopy) -> None:
        """Let what this transaction records belong to the call by which the sign-off was made."""
        self.transaction.correlation_id = copy.correlation_id

    def forget_notices(self, sign_off: str) -> None:
        """Forget whom a sign-off was told to: its id has come to stand for another."""
        self.execute(delete(notice).where(notice.c.sign_off == sign_off))

    def told_of(self, sign_off: str) -> set[str]:
        """Who has been told of a sign-off, or will be."""
        return {row["person"] for row in self.rows(select(notice.c.person).where(notice.c.sign_off == sign_off))}

    def add_notices(self, sign_off: str, people: Mapping[str, int]) -> None:
        """Write that these people are told of a sign-off: each with the number of the event that tells them."""
        rows = ({"sign_off": sign_off, "person": person, "at": self.now, "seq": seq} for person, seq in sorted(people.items()))
        self.insert(notice, *rows)

    def mark_notice_sent(self, sign_off: str, person: str, channel: Channel) -> bool:
        """Write that somebody has been told; False when that was known."""
        same = (notice.c.sign_off == sign_off, notice.c.person == person, notice.c.sent_at.is_(None))
        return bool(self.execute(update(notice).where(*same).values(sent_at=self.now, channel=channel.value)))

    def notices(self, person: str, limit: int) -> list[Notice]:
        """The last notices that somebody was given, newest first."""
        question = select(sign_off, notice.c.at.label("noticed_at"), notice.c.sent_at, notice.c.channel).join(
            notice, notice.c.sign_off == sign_off.c.id
        )
        newest = question.where(notice.c.person == person).order_by(notice.c.seq.desc())
        return [notice_of(SignOffCopy(**_only(row)), row["sent_at"], row["channel"]) for row in self.rows(newest.limit(limit))]


def notice_of(copy: SignOffCopy, sent_at: datetime | None = None, channel: str | None = None) -> Notice:
    """A sign-off as it is told to somebody."""
    values = asdict(copy)
    fields: Sequence[str] = Notice.__struct_fields__
    told = {name: values[name] for name in fields if name in values}
    return Notice(sign_off=copy.id, **told, sent_at=sent_at, channel=Channel(channel) if channel else None)


def _only(row: RowMapping) -> dict[str, Any]:
    return {column.name: row[column.name] for column in sign_off.columns}
