"""Messages on their way: one row per recipient and logical message."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select, update

from chalkbell.contracts.notifier import Delivery, DeliveryKind, DeliveryState
from services.notifier.model import delivery, mail_server
from services.notifier.store.people import Recipients

_WAITING = (DeliveryState.PENDING, DeliveryState.FAILED)


@dataclass(frozen=True)
class Due:
    """A message that is to be sent, with the lease that lets us."""

    id: str
    lease: str


@dataclass(frozen=True)
class ServerState:
    """How the mail server has been: failures in a row, the last one's words, when to try again."""

    failures: int = 0
    error: str = ""
    retry_at: datetime | None = None


class Deliveries(Recipients):
    """Rows of deliveries, and the one row about the mail server."""

    def add_deliveries(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write messages that are to be sent; one that is there already stays as it is."""
        fresh = {"decided": self.now, **self._pending()}
        self.insert_if_absent(delivery, *({**fresh, **row} for row in rows))

    def _pending(self) -> dict[str, Any]:
        return {
            "state": DeliveryState.PENDING.value,
            "due": self.now,
            "attempts": 0,
            "error": "",
            "lease": "",
            "lease_until": None,
        }

    def expire_sending(self) -> int:
        """What was being sent when its sender's lease ran out is unknown; how many were."""
        gone = (delivery.c.state == DeliveryState.SENDING.value, delivery.c.lease_until < self.now)
        error = "We stopped while it was being sent: the mail server may have taken it."
        values = {"state": DeliveryState.UNKNOWN.value, "due": self.now, "lease": "", "lease_until": None, "error": error}
        return self.execute(update(delivery).where(*gone).values(values))

    def claim_due(self, *, limit: int, lease: timedelta, also_unknown: bool) -> list[Due]:
        """Take messages that are due, the longest waiting first; nobody else takes them until the lease is over."""
        free = or_(delivery.c.lease_until.is_(None), delivery.c.lease_until < self.now)
        question = select(delivery.c.id).where(_waiting(also_unknown), delivery.c.due <= self.now, free)
        question = question.order_by(delivery.c.due, delivery.c.id).limit(limit).with_for_update(skip_locked=True)
        ids = [row["id"] for row in self.rows(question)]
        token = uuid.uuid4().hex
        if ids:
            values = {"lease": token, "lease_until": self.now + lease}
            self.execute(update(delivery).where(delivery.c.id.in_(ids)).values(values))
        return [Due(id, token) for id in ids]

    def next_due(self, *, also_unknown: bool) -> datetime | None:
        """When the next message is due, or a lease runs out; None when nothing waits."""
        due = self.value(select(func.min(delivery.c.due)).where(_waiting(also_unknown), delivery.c.lease_until.is_(None)))
        until = self.value(select(func.min(delivery.c.lease_until)))
        return min((moment for moment in (due, until) if moment), default=None)

    def lock_delivery(self, due: Due) -> RowMapping | None:
        """The message's row, if the lease is still ours."""
        return self.row(select(delivery).where(delivery.c.id == due.id, delivery.c.lease == due.lease).with_for_update())

    def mark_sending(self, due: Due, subject: str, lease: timedelta) -> None:
        """From here until its end is written, the message may have been sent."""
        values = {
            "state": DeliveryState.SENDING.value,
            "attempts": delivery.c.attempts + 1,
            "subject": subject,
            "lease_until": self.now + lease,
        }
        self.execute(update(delivery).where(delivery.c.id == due.id).values(values))

    def count_attempt(self, due: Due) -> None:
        """An attempt that ended before anything was sent."""
        self.execute(update(delivery).where(delivery.c.id == due.id).values(attempts=delivery.c.attempts + 1))

    def finish(self, due: Due, state: DeliveryState, error: str, retry_at: datetime) -> bool:
        """Write how an attempt ended; False when the lease was lost meanwhile and another decides."""
        values: dict[str, Any] = {"state": state.value, "error": error[:500], "due": retry_at, "lease": "", "lease_until": None}
        if state is DeliveryState.SENT:
            values["sent"] = self.now
        same = (delivery.c.id == due.id, delivery.c.lease == due.lease)
        return bool(self.execute(update(delivery).where(*same).values(values)))

    def release(self, dues: Sequence[Due]) -> None:
        """Give back what was taken and not begun."""
        ids = [due.id for due in dues]
        if ids:
            same = (delivery.c.id.in_(ids), delivery.c.lease == dues[0].lease, delivery.c.state != DeliveryState.SENDING.value)
            self.execute(update(delivery).where(*same).values(lease="", lease_until=None))

    def sent_since(self, moment: datetime) -> tuple[int, datetime | None]:
        """How many messages were sent since a moment, and when the first of them."""
        counted, first = self.connection.execute(
            select(func.count(), func.min(delivery.c.sent)).where(delivery.c.sent > moment)
        ).one()
        return counted, first

    def send_again(self, id: str) -> None:
        """Put a message back among those that wait, due now, with all its attempts before it."""
        self.execute(update(delivery).where(delivery.c.id == id).values(self._pending()))

    def delivery_row(self, id: str, *, lock: bool = False) -> RowMapping | None:
        """One message's row."""
        question = select(delivery).where(delivery.c.id == id)
        return self.row(question.with_for_update() if lock else question)

    def deliveries(self, *, state: DeliveryState | None, person: str | None, before: str | None, limit: int) -> list[Delivery]:
        """Messages, newest first, from the one after `before` on."""
        conditions: list[ColumnElement[bool]] = []
        if state is not None:
            conditions.append(delivery.c.state == state.value)
        if person is not None:
            conditions.append(delivery.c.person == person)
        if before is not None:
            start = select(delivery.c.decided).where(delivery.c.id == before).scalar_subquery()
            conditions.append(or_(delivery.c.decided < start, and_(delivery.c.decided == start, delivery.c.id < before)))
        question = select(delivery).where(*conditions).order_by(delivery.c.decided.desc(), delivery.c.id.desc())
        return [delivery_of(row) for row in self.rows(question.limit(limit))]

    def delivery_counts(self) -> dict[str, int]:
        """How many messages there are in each state."""
        question = select(delivery.c.state, func.count()).group_by(delivery.c.state)
        return self.two_columns(question)

    def states_of(self, person: str, kind: DeliveryKind) -> dict[str, RowMapping]:
        """Somebody's messages of a kind, by what they are about."""
        question = select(delivery).where(delivery.c.person == person, delivery.c.kind == kind.value)
        return {row["about"]: row for row in self.rows(question)}

    def server_state(self) -> ServerState:
        """How the mail server has been."""
        row = self.row(select(mail_server).where(mail_server.c.id == 1))
        return ServerState(row["failures"], row["error"], row["retry_at"]) if row else ServerState()

    def keep_server_state(self, state: ServerState) -> None:
        """Write how the mail server is."""
        self.upsert(mail_server, {"id": 1, "failures": state.failures, "error": state.error[:500], "retry_at": state.retry_at})


def delivery_of(row: RowMapping) -> Delivery:
    """A message's row as administrators see it."""
    return Delivery(
        id=row["id"],
        person=row["person"],
        kind=DeliveryKind(row["kind"]),
        state=DeliveryState(row["state"]),
        subject=row["subject"],
        decided=row["decided"],
        due=row["due"],
        attempts=row["attempts"],
        sent=row["sent"],
        error=row["error"],
        message_id=row["message_id"],
    )


def _waiting(also_unknown: bool) -> ColumnElement[bool]:
    states = (*_WAITING, DeliveryState.UNKNOWN) if also_unknown else _WAITING
    return delivery.c.state.in_([state.value for state in states])
