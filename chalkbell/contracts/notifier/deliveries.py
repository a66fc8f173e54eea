"""Messages on their way, as administrators see them."""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta

from chalkbell.contracts.core import Allow, Ask, Change, Message, PersonId, rpc
from chalkbell.contracts.notifier.tasks import Count, Limit, Moment

DeliveryId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)", max_length=32, description="A delivery's id.")]


class DeliveryState(enum.StrEnum):
    """Where a message is.

    `failed` is tried again at `due`. `unknown`: we stopped between handing it over and hearing that it was taken. `dead`:
    given up; it can be sent again. `dropped`: left out on purpose (done meanwhile, mail not wanted, test mode); `error`
    says why.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DEAD = "dead"
    DROPPED = "dropped"


class DeliveryKind(enum.StrEnum):
    """What a message is about."""

    REMINDER = "reminder"
    NOTICE = "notice"


class Delivery(Message, frozen=True, kw_only=True):
    """One message to one recipient."""

    id: DeliveryId
    person: PersonId
    kind: DeliveryKind
    state: DeliveryState
    subject: str
    decided: Moment
    due: Moment
    attempts: Count
    sent: Moment | None = None
    error: str = ""
    message_id: str


class DeliveryList(Message, frozen=True, kw_only=True):
    """Messages, newest first, and how many there are in each state. Ask again with `before` for more, unless it is null.

    `problem` says what is wrong with the mail server, if anything is.
    """

    deliveries: list[Delivery]
    before: DeliveryId | None
    counts: dict[str, Count]
    problem: str


@rpc("notifier.v1.deliveries.list", allow=Allow.ADMINISTRATOR)
class ListDeliveries(Ask[DeliveryList], frozen=True, kw_only=True):
    """What was sent and what was not, for administrators."""

    state: DeliveryState | None = None
    person: PersonId | None = None
    limit: Limit = 50
    before: DeliveryId | None = None


class DeliveryPreview(Message, frozen=True, kw_only=True):
    """A message as it looks: its delivery, recipient's address and both its bodies."""

    delivery: Delivery
    to: str
    text: str
    html: str


@rpc("notifier.v1.delivery.read", allow=Allow.ADMINISTRATOR)
class ReadDelivery(Ask[DeliveryPreview], frozen=True, kw_only=True):
    """One message with its content, for administrators."""

    delivery: DeliveryId


@rpc("notifier.v1.delivery.send_again", allow=Allow.ADMINISTRATOR)
class SendAgain(Change[Delivery], frozen=True, kw_only=True):
    """Send a message that is dead, failed or unknown once more, under its old Message-ID. Others are a `conflict`."""

    delivery: DeliveryId
