"""A router in memory: it delivers at once, or loses and doubles what a test tells it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock

from chalkbell.bus import RouterLost
from chalkbell.contracts import Request, procedure_of
from chalkbell.testing.campus import MemoryCampus

A = TypeVar("A")


@dataclass(eq=False)
class _Subscription:
    bus: MemoryBus
    topic: str
    prefix: bool
    handler: Callable[[str, Any], None]

    def matches(self, topic: str) -> bool:
        return topic.startswith(self.topic) if self.prefix else topic == self.topic


class MemoryRouter:
    """Carries calls to a `MemoryCampus` and events to subscribers.

    `fate(topic, event)` says how often an event reaches each subscriber: 0 loses it, 2 doubles it. `up` false is a router that is away.
    Time is `reactor`, which moves only when told (`reactor.advance(seconds)`).
    """

    def __init__(self, campus: MemoryCampus | None = None) -> None:
        self.campus = campus or MemoryCampus()
        self.reactor = Clock()
        self.fate: Callable[[str, Any], int] = lambda topic, event: 1
        self.up = True
        self.published: list[tuple[str, Any]] = []
        self._subscriptions: list[_Subscription] = []

    def bus(self, person: str, role: str = "person") -> MemoryBus:
        """A session for somebody."""
        return MemoryBus(self, person, role)

    def restart(self) -> None:
        """Forget all subscriptions, as a router that was killed does. Every bus has to join again."""
        self._subscriptions.clear()

    def deliver(self, topic: str, event: Any) -> None:
        """Hand an event to those who subscribed, as often as fate wants."""
        self.published.append((topic, event))
        for subscription in list(self._subscriptions):
            if subscription.matches(topic) and subscription.bus.joined:
                for _ in range(self.fate(topic, event)):
                    subscription.handler(topic, event)

    def subscribe(self, subscription: _Subscription) -> None:
        """Enter a subscription."""
        self._subscriptions.append(subscription)

    def unsubscribe(self, bus: MemoryBus) -> None:
        """Forget what a session subscribed to."""
        self._subscriptions = [subscription for subscription in self._subscriptions if subscription.bus is not bus]


class MemoryBus:
    """What `chalkbell.bus.Bus` is to programs, over a `MemoryRouter`."""

    def __init__(self, router: MemoryRouter, person: str, role: str) -> None:
        self.router = router
        self.reactor: Any = router.reactor
        self.person = person
        self.role = role
        self.present = True

    @property
    def joined(self) -> bool:
        """Whether there is a session."""
        return self.present and self.router.up

    def leave(self) -> None:
        """Lose the session and its subscriptions."""
        self.present = False
        self.router.unsubscribe(self)

    def join(self) -> None:
        """Have a session again, with no subscriptions."""
        self.router.unsubscribe(self)
        self.present = True

    async def ask(self, request: Request[A], *, service: str | None = None, timeout: float = 15, correlation_id: str = "") -> A:
        """Call the procedure of a request. Raises the `Refusal` that was given."""
        if not self.joined:
            raise RouterLost
        declared = procedure_of(type(request), service)
        fields = {name: value for name, value in msgspec.to_builtins(request).items() if value is not None}
        answer: A = msgspec.convert(
            self.router.campus.call_uri(declared.uri, fields, by=self.person, role=self.role), declared.answer
        )
        return answer

    async def subscribe(self, topic: str, handler: Callable[[str, Any], None], *, prefix: bool = False) -> Any:
        """Hear a topic, or with `prefix` all that begin so."""
        if not self.joined:
            raise RouterLost
        subscription = _Subscription(self, topic, prefix, handler)
        self.router.subscribe(subscription)
        return subscription

    def publish(self, topic: str, event: Any) -> Deferred[Any]:
        """Publish; fires when the router has it."""
        if not self.joined:
            return fail(RouterLost())
        self.router.deliver(topic, event)
        return succeed(None)

    def publish_passing(self, topic: str, event: Any) -> None:
        """Publish what nothing depends on."""
        if self.joined:
            self.router.deliver(topic, event)
