"""The one component of the router worker: it answers the authorizer's questions, ends sessions and subscriptions, and
sets the guards before the first connection.

It joins with the role `trusted`, which Crossbar keeps for itself: it may do anything, and nobody can sign in as it.
"""

import logging
import time
from importlib.metadata import version
from typing import Any

from autobahn.twisted.wamp import ApplicationSession
from autobahn.wamp.types import CallDetails, RegisterOptions
from twisted.internet.defer import inlineCallbacks

from courtyard import bodies, guard, metrics
from courtyard.answers import Answers, Asked
from courtyard.endings import end_session, end_subscriptions, sessions_of
from courtyard.listing import sessions, subscribers
from courtyard.rights import Ask, Granted, Table

AUTHORIZE = "chalkbell.router.v1.authorize"
END_SESSIONS = "chalkbell.router.v1.end_sessions"
END_SUBSCRIPTIONS = "chalkbell.router.v1.end_subscriptions"
SESSIONS = "chalkbell.router.v1.sessions"
SUBSCRIBERS = "chalkbell.router.v1.subscribers"

#: Seconds that the owner of a scope has to say whether a person may follow it.
PATIENCE = 5.0
#: `endings` and `guard` reach into Crossbar; they were tried with this version alone.
CROSSBAR = "26.10.1"

log = logging.getLogger(__name__)


class Unanswered(Exception):
    """The owner of the scope did not answer; nobody may follow it until it does. Try again later."""


class Courtyard(ApplicationSession):
    """Rights of people, and their end; and what every connection may cost.

    `extra` has `permissions`, the file of the permissions table, `join_seconds`, `body_size`, and `metrics`, a host and a port (0: none).
    """

    @inlineCallbacks
    def onJoin(self, details):
        """Read the table and register; a failure here stops the router's start, which is right: no rights, no
        router.
        """
        if version("crossbar") != CROSSBAR:
            raise RuntimeError(f"this router's extensions are made for crossbar {CROSSBAR}, not {version('crossbar')}")
        guard.install(self.config.extra["join_seconds"])
        bodies.install(self.config.extra["body_size"])
        host, port = self.config.extra["metrics"]
        if port:
            metrics.listen(self._reactor(), host, port, self)
        self.table = Table.read(self.config.extra["permissions"])
        self.answers = Answers(time.monotonic)
        self.asking: dict[Asked, list[list[bool]]] = {}
        yield self.register(self.authorize, AUTHORIZE)
        yield self.register(self.end_sessions, END_SESSIONS)
        yield self.register(self.end_subscriptions, END_SUBSCRIPTIONS, RegisterOptions(details_arg="call"))
        yield self.register(self.sessions, SESSIONS)
        yield self.register(self.subscribers, SUBSCRIBERS, RegisterOptions(details_arg="call"))

    def authorize(self, session: dict[str, Any], uri: str, action: str, options: dict[str, Any]) -> Any:
        """Crossbar asks for each call, subscription, registration and publication of a person.

        Never answers with `cache`: Crossbar's cache is keyed by role and URI, so one person's yes would be everybody's.
        """
        role = session["authrole"]
        if action == "call":
            return {"allow": self.table.may_call(role, uri), "disclose": True, "cache": False}
        if action == "subscribe":
            verdict = self.table.may_follow(role, uri, options.get("match") or "exact")
            if isinstance(verdict, Ask):
                return self.ask(verdict, session["authid"], role)
            return {"allow": isinstance(verdict, Granted), "cache": False}
        return {"allow": False, "cache": False}

    @inlineCallbacks
    def ask(self, question: Ask, person: str, role: str):
        """Ask the owner of a scope, unless it said yes a moment ago and is still there. Asked again when rights in that scope changed
        while the answer was on its way.
        """
        asked_of = Asked(question.service, question.scope, person, role)
        if self.answers.believed(asked_of) and self.is_there(question.service):
            return {"allow": True, "cache": False}
        while True:
            ended = [False]
            self.asking.setdefault(asked_of, []).append(ended)
            try:
                asked = self.call(question.procedure, scope=question.scope, person=person, role=role)
                answer = yield asked.addTimeout(PATIENCE, self._reactor())
            except Exception as problem:
                raise Unanswered(
                    f"{question.service} did not say whether {question.scope} may be followed; try again later"
                ) from problem
            finally:
                self.asking[asked_of].remove(ended)
                if not self.asking[asked_of]:
                    del self.asking[asked_of]
            if not ended[0]:
                may = isinstance(answer, dict) and answer.get("may") is True
                if may:
                    self.answers.remember(asked_of)
                return {"allow": may, "cache": False}

    def is_there(self, service: str) -> bool:
        """Whether a service has a session: of one that is away nobody knows what it would say now."""
        return bool(self._transport._router._authid_to_sessions.get(f"service.{service}"))

    def rights_changed(self, service: str | None = None, scope: str | None = None, person: str | None = None) -> None:
        """Believe no answer from before, and none that is on its way. What is None may be anything."""
        self.answers.forget(service, scope, person)
        for asked, waiting in self.asking.items():
            if service in (None, asked.service) and scope in (None, asked.scope) and person in (None, asked.person):
                for ended in waiting:
                    ended[0] = True

    def end_sessions(self, person: str, reason: str = "wamp.close.killed", message: str = "") -> int:
        """End every session of `person` at once; the number ended. For the directory alone."""
        self.rights_changed(person=person)
        sessions = sessions_of(self, person)
        for session in sessions:
            end_session(session, reason, message)
        return len(sessions)

    def end_subscriptions(self, scope: str, person: str, call: CallDetails) -> int:
        """End what `person` follows of a scope of the calling service; the number of subscriptions ended."""
        service = str(call.caller_authrole).removeprefix("service-")
        self.rights_changed(service, scope, person)
        return sum(end_subscriptions(self, session, service, scope) for session in sessions_of(self, person))

    def sessions(self) -> list[dict[str, Any]]:
        """Every open session of a person. For the services that act when people go."""
        return sessions(self)

    def subscribers(self, call: CallDetails, scope: str | None = None) -> dict[str, list[Any]]:
        """Who follows scopes of the calling service: the scopes, and the people of the one named.

        A service asks this when rights in the scope have changed, to look at everybody again; so what it said before counts no more.
        """
        service = str(call.caller_authrole).removeprefix("service-")
        self.rights_changed(service, scope)
        return subscribers(self, service, scope)

    def _reactor(self):
        from twisted.internet import reactor

        return reactor
