"""What became of messages, for administrators."""

from __future__ import annotations

from chalkbell.contracts import Conflict, NotFound
from chalkbell.contracts.notifier import (
    Delivery,
    DeliveryList,
    DeliveryPreview,
    DeliveryState,
    ListDeliveries,
    ReadDelivery,
    SendAgain,
)
from chalkbell.handlers import Call, procedure
from services.notifier.jobs.letters import NoLetter, compose
from services.notifier.store import Store, delivery_of

AGAIN = (DeliveryState.DEAD, DeliveryState.FAILED, DeliveryState.UNKNOWN)


@procedure(ListDeliveries)
def list_deliveries(ask: ListDeliveries, call: Call, store: Store) -> DeliveryList:
    """Messages, newest first."""
    found = store.deliveries(state=ask.state, person=ask.person, before=ask.before, limit=ask.limit + 1)
    page = found[: ask.limit]
    return DeliveryList(
        deliveries=page,
        before=page[-1].id if len(found) > ask.limit else None,
        counts=store.delivery_counts(),
        problem=store.server_state().error,
    )


@procedure(ReadDelivery)
def read_delivery(ask: ReadDelivery, call: Call, store: Store) -> DeliveryPreview:
    """One message as it looks."""
    row = store.delivery_row(ask.delivery)
    if row is None:
        raise NotFound(path="delivery")
    delivery = delivery_of(row)
    letter = compose(store, row, now=delivery.sent or call.now, as_decided=True)
    if isinstance(letter, NoLetter):
        return DeliveryPreview(delivery=delivery, to="", text=letter.why, html="")
    return DeliveryPreview(delivery=delivery, to=letter.address, text=letter.text, html=letter.html)


@procedure(SendAgain)
def send_again(ask: SendAgain, call: Call, store: Store) -> Delivery:
    """Send a message that did not go, or of which that is not known, under its old Message-ID."""
    row = store.delivery_row(ask.delivery, lock=True)
    if row is None:
        raise NotFound(path="delivery")
    state = DeliveryState(row["state"])
    if state not in AGAIN:
        raise Conflict(
            f"This message is {state.value}. Only one that is dead, failed or unknown can be sent again.", state=state.value
        )
    store.send_again(ask.delivery)
    store.wake_jobs()
    again = store.delivery_row(ask.delivery)
    assert again is not None
    return delivery_of(again)
