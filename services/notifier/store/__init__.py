"""What the notifier remembers: one module per noun."""

from services.notifier.store.deliveries import Deliveries, Due, ServerState, delivery_of
from services.notifier.store.notices import Notices, SignOffCopy, notice_of
from services.notifier.store.reminders import Reminders
from services.notifier.store.tasks import Tasks


class Store(Tasks, Reminders, Notices, Deliveries):
    """All of it."""


__all__ = ["Due", "ServerState", "SignOffCopy", "Store", "delivery_of", "notice_of"]
