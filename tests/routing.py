"""A started router for tests, and plain sessions on it: autobahn alone, nothing of our own client.

The reactor runs in a thread of its own, begun at first use; everything here blocks and can be called from a test.
"""

import json
import os
import queue
import shutil
import socket
import tempfile
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import txaio

txaio.use_twisted()

from autobahn.twisted.rawsocket import WampRawSocketClientFactory  # noqa: E402
from autobahn.twisted.wamp import ApplicationSession  # noqa: E402
from autobahn.twisted.websocket import WampWebSocketClientFactory  # noqa: E402
from autobahn.wamp.cryptosign import CryptosignKey  # noqa: E402
from autobahn.wamp.exception import ApplicationError  # noqa: E402
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer  # noqa: E402
from autobahn.wamp.types import ComponentConfig, PublishOptions, RegisterOptions, SubscribeOptions  # noqa: E402
from twisted.internet import reactor, threads  # noqa: E402
from twisted.internet.defer import maybeDeferred  # noqa: E402
from twisted.internet.endpoints import TCP4ClientEndpoint, UNIXClientEndpoint  # noqa: E402

from chalkbell.router.configuration import AUTHENTICATE, REALM, RouterSettings, authid  # noqa: E402
from chalkbell.router.keys import OPERATOR, SERVICES, read_seed  # noqa: E402
from chalkbell.router.process import RouterProcess  # noqa: E402

#: Seconds that anything here may take before it counts as not happening.
PATIENCE = 10.0
TICKET = "the right ticket"
#: Everything must hold with the router's fast lanes and without: `FASTLANES=off make test`.
FASTLANES = os.environ.get("FASTLANES", "on") != "off"

_running = threading.Lock()


def in_reactor(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call `function` in the reactor's thread, wait for what it returns, and return or raise that."""
    with _running:
        if not reactor.running:
            begun = threading.Event()
            reactor.callWhenRunning(begun.set)
            threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False}, name="reactor", daemon=True).start()
            assert begun.wait(PATIENCE)
    return threads.blockingCallFromThread(reactor, function, *args, **kwargs)


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Router:
    """A router of the tests' own in a short-named directory of its own: `start`, `kill`, `restart`, `stop`, `close`.

    `settings` takes whatever `RouterSettings` has. `ticket` and `key` join a session on it.
    """

    def __init__(self, **settings: Any) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="chalkbell-"))
        given = {
            "data": self.directory,
            "port": free_port(),
            "gateway_port": free_port(),
            "fastlanes": FASTLANES,
            "metrics_port": free_port(),
            **settings,
        }
        self.settings = RouterSettings(**given)
        self.process = RouterProcess(self.settings)
        self._sessions: list[Session] = []

    @property
    def url(self) -> str:
        """Where pages and the HTTP face are."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def websocket_url(self) -> str:
        """Where browsers open their websocket."""
        return f"ws://127.0.0.1:{self.settings.port}/ws"

    def start(self) -> None:
        self.process.start()

    def metrics(self) -> dict[str, float]:
        """What the router tells Prometheus: each sample by its name with its labels."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.settings.metrics_port}/metrics", timeout=PATIENCE) as page:
            lines = page.read().decode().splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))}

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()

    def restart(self) -> None:
        """Kill it and start it again on the same addresses."""
        self.process.restart()

    def close(self) -> None:
        """End every session joined through this and the router, and remove its directory."""
        self.leave()
        self.process.stop()
        shutil.rmtree(self.directory)

    def leave(self) -> None:
        """End every session that was joined through this."""
        sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.close()

    def ticket(self, person: str, ticket: str = TICKET, methods: tuple[str, ...] = ("ticket",), **join: Any) -> "Session":
        """Join as a person over the websocket with JSON, or over the services' rawsocket with `rawsocket=True`."""
        return self._join(Session({"authid": person, "ticket": ticket, "methods": methods}), **join)

    def key(self, name: str, seed: str | None = None, **join: Any) -> "Session":
        """Join as a service, or as the operator, over the rawsocket with its key; or with another `seed`."""
        seed = seed or read_seed(self.settings.keys, name)
        return self._join(Session({"authid": authid(name), "key": seed}), rawsocket=True, **join)

    def _join(self, session: "Session", *, rawsocket: bool = False, **options: Any) -> "Session":
        in_reactor(self._connect, session, rawsocket, options)
        session.wait_joined()
        self._sessions.append(session)
        return session

    def _connect(self, session: "Session", rawsocket: bool, options: dict[str, Any]) -> Any:
        if rawsocket:
            factory = WampRawSocketClientFactory(lambda: session.inner, serializer=CBORSerializer())
            endpoint: Any = UNIXClientEndpoint(reactor, str(self.settings.services_socket))
        else:
            factory = WampWebSocketClientFactory(
                lambda: session.inner, url=self.websocket_url, serializers=[JsonSerializer()], **options
            )
            endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", self.settings.port)
        return endpoint.connect(factory)


class Refused(Exception):
    """The router refused a session. `reason` is the URI it gave."""

    def __init__(self, reason: str, message: str | None) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason


class Listener:
    """What arrives on one subscription."""

    def __init__(self) -> None:
        self.arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def next(self, patience: float = PATIENCE) -> Any:
        """The next event's first argument; fails when none comes."""
        return self.arrived.get(timeout=patience)

    @property
    def silent(self) -> bool:
        """Whether nothing has come that was not taken."""
        return self.arrived.empty()


class Session:
    """One joined WAMP session."""

    def __init__(self, credentials: dict[str, Any]) -> None:
        self.inner = _Inner(credentials)

    def wait_joined(self) -> None:
        joined = self.inner.events.get(timeout=PATIENCE)
        if isinstance(joined, Refused):
            raise joined
        if joined != "joined":
            raise Refused(joined, "the connection was lost")

    @property
    def role(self) -> str:
        """The role that the router gave it."""
        return str(self.inner.role)

    @property
    def id(self) -> int:
        """Its number on the router."""
        return int(self.inner.number)

    def call(self, uri: str, *args: Any, **kwargs: Any) -> Any:
        """Call a procedure; raises autobahn's `ApplicationError`."""
        return in_reactor(lambda: self.inner.call(uri, *args, **kwargs).addTimeout(PATIENCE, reactor))

    def register(self, uri: str, procedure: Callable[..., Any], **options: Any) -> None:
        """Register `procedure`, which is called in the reactor's thread with its call's details as `details`."""
        in_reactor(lambda: self.inner.register(procedure, uri, RegisterOptions(details_arg="details", **options)))

    def publish(self, topic: str, *args: Any, **kwargs: Any) -> None:
        """Publish and wait until the router has taken it."""
        in_reactor(lambda: self.inner.publish(topic, *args, options=PublishOptions(acknowledge=True), **kwargs))

    def subscribe(self, topic: str, match: str | None = None) -> Listener:
        """Subscribe and return what listens."""
        listener = Listener()
        options = SubscribeOptions(match=match) if match else None
        in_reactor(lambda: self.inner.subscribe(lambda *args, **_: listener.arrived.put(args[0]), topic, options))
        return listener

    def wait_ended(self, patience: float = PATIENCE) -> str:
        """Wait until it is disconnected; the reason URI it was given before that."""
        return str(self.inner.events.get(timeout=patience))

    def close(self) -> None:
        """Leave, whatever state it is in, and wait until it is disconnected."""
        in_reactor(self.inner.drop)
        assert self.inner.gone.wait(PATIENCE)


class _Inner(ApplicationSession):
    """The autobahn side of a session. `events`: first joined or why not, then why it ended."""

    def __init__(self, credentials: dict[str, Any]) -> None:
        super().__init__(ComponentConfig(REALM))
        self.credentials = credentials
        self.events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.gone = threading.Event()
        self.role: str | None = None
        self.number: int | None = None
        self.reason = "wamp.close.transport_lost"

    def onConnect(self) -> None:
        if "key" in self.credentials:
            self.key = CryptosignKey.from_bytes(bytes.fromhex(self.credentials["key"]))
            extra = {"pubkey": self.key.public_key(), "channel_binding": None, "challenge": None, "trustroot": None}
            self.join(REALM, ["cryptosign"], self.credentials["authid"], authextra=extra)
        else:
            self.join(REALM, list(self.credentials["methods"]), self.credentials["authid"])

    def onChallenge(self, challenge: Any) -> Any:
        if challenge.method == "cryptosign":
            return self.key.sign_challenge(challenge)
        return self.credentials["ticket"]

    def onJoin(self, details: Any) -> None:
        self.role, self.number = details.authrole, details.session
        self.events.put("joined")

    def onLeave(self, details: Any) -> None:
        self.reason = details.reason
        if self.role is None:
            self.events.put(Refused(details.reason, details.message))
        self.disconnect()

    def onDisconnect(self) -> None:
        self.gone.set()
        self.events.put(self.reason)

    def drop(self) -> None:
        if self.is_attached():
            self.leave()
        elif self._transport is not None:
            self.disconnect()
        else:
            self.gone.set()

    def onUserError(self, failure: Any, message: str) -> None:
        """A refusal raised by a stand-in goes to its caller; there is nothing to log."""


class StandIns:
    """The six services in miniature: they answer who someone is, what may be read, and whatever procedure is asked for.

    `people` maps who may join with `TICKET` to their role; `readers` is the set of (scope, person) who may read it.
    """

    def __init__(self, router: Router) -> None:
        self.router = router
        self.people: dict[str, str] = {}
        self.readers: set[tuple[str, str]] = set()
        self.asked: queue.SimpleQueue[tuple[str, str, str, str]] = queue.SimpleQueue()
        self.services: dict[str, Session] = {}
        calls = json.loads(router.settings.permissions.read_text())["calls"]
        self._procedures = [uri for uri in calls if uri != AUTHENTICATE and not uri.endswith(".meta.may_read")]
        for name in SERVICES:
            self.arrive(name)

    def arrive(self, name: str) -> None:
        """Let a service join and answer. Every procedure of the table returns its caller's authid and role."""
        session = self.services[name] = self.router.key(name)
        session.register(f"chalkbell.{name}.v1.meta.may_read", self._may_read)
        if name == "directory":
            session.register(AUTHENTICATE, self._authenticate)
        for uri in self._procedures:
            if uri.startswith(f"chalkbell.{name}."):
                session.register(uri, lambda details, *_, **__: [details.caller_authid, details.caller_authrole])

    def leave(self, name: str) -> None:
        """Let a service go away."""
        self.services.pop(name).close()

    def decide(self, scope: str, person: str) -> Any:
        """Whether a person may read a scope, or a Deferred of that. A test may put its own in the place of this."""
        return (scope, person) in self.readers

    def join(self, person: str, role: str, **join: Any) -> Session:
        """Let a person in with a role, and join as that person."""
        if role == OPERATOR:
            return self.router.key(OPERATOR)
        self.people[person] = role
        return self.router.ticket(person, **join)

    def _authenticate(self, realm: str, who: str, ask: dict[str, Any], details: Any) -> dict[str, Any]:
        if details.caller_authrole != "trusted":
            raise ApplicationError("chalkbell.error.not_allowed", "only the router asks this")
        if ask["ticket"] != TICKET or who not in self.people:
            raise ApplicationError("chalkbell.directory.v1.error.not_signed_in", "sign in again")
        return {"realm": realm, "role": self.people[who], "authid": who, "extra": {}}

    def _may_read(self, scope: str, person: str, role: str, details: Any) -> Any:
        self.asked.put((details.procedure, scope, person, role))
        return maybeDeferred(self.decide, scope, person).addCallback(lambda may: {"may": may})


__all__ = ["ApplicationError", "Listener", "Refused", "Router", "Session", "StandIns", "in_reactor"]
