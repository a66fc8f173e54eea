"""One connection to the router: where it goes, who signs in over it, and what is told of its beginning and end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import txaio
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, UNIXClientEndpoint, wrapClientTLS
from twisted.internet.ssl import optionsForClientTLS
from twisted.python.failure import Failure

txaio.use_twisted()

from autobahn.twisted.rawsocket import WampRawSocketClientFactory  # noqa: E402  (txaio must know its framework first)
from autobahn.twisted.wamp import ApplicationSession  # noqa: E402
from autobahn.twisted.websocket import WampWebSocketClientFactory  # noqa: E402
from autobahn.wamp.cryptosign import CryptosignKey  # noqa: E402
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer  # noqa: E402
from autobahn.wamp.types import ComponentConfig  # noqa: E402

REALM = "campus"
MESSAGE_SIZE = 16 * 1024 * 1024
CONNECT_SECONDS = 10
PING_SECONDS = 10


@dataclass(frozen=True)
class Key:
    """Sign in with a key made at first start: services and the operator."""

    authid: str
    seed: str


@dataclass(frozen=True)
class Ticket:
    """Sign in as a person, with a ticket or a personal access token."""

    authid: str
    ticket: str


class Session(ApplicationSession):  # pyright: ignore[reportUntypedBaseClass]
    """Signs in and tells when it has joined and why it left."""

    def __init__(
        self,
        credentials: Key | Ticket,
        joined: Callable[[Session, Any], None],
        left: Callable[[Session, str, str], None],
    ) -> None:
        super().__init__(ComponentConfig(REALM))
        self._credentials = credentials
        self._key = CryptosignKey.from_bytes(bytes.fromhex(credentials.seed)) if isinstance(credentials, Key) else None
        self._joined = joined
        self._left = left

    def onConnect(self) -> None:
        """Say who we are."""
        if self._key is not None:
            extra = {"pubkey": self._key.public_key(), "channel_binding": None, "challenge": None, "trustroot": None}
            self.join(REALM, ["cryptosign"], self._credentials.authid, authextra=extra)
        else:
            self.join(REALM, ["ticket"], self._credentials.authid)

    def onChallenge(self, challenge: Any) -> Any:
        """Prove it."""
        if self._key is not None:
            return self._key.sign_challenge(challenge)
        assert isinstance(self._credentials, Ticket)
        return self._credentials.ticket

    def onJoin(self, details: Any) -> None:
        """We are in."""
        self._joined(self, details)

    def onLeave(self, details: Any) -> None:
        """We were refused, or the router says goodbye, or we do."""
        self._left(self, details.reason or "", details.message or "")
        self.disconnect()

    def onUserError(self, fail: Failure, msg: str) -> None:
        """What our procedures raise goes to the caller; there is nothing to log here."""


def check_address(address: str) -> None:
    """Raise `ValueError`, saying what an address looks like, for what is none."""
    kind, _, rest = address.partition(":")
    good = kind in ("ws", "wss") or (kind == "unix" and rest) or (kind == "tcp" and rest.rpartition(":")[2].isdigit())
    if not good:
        raise ValueError(f"{address!r} is no address of a router: unix:<path>, tcp:<host>:<port>, ws://... or wss://...")


def open_connection(reactor: Any, address: str, session: Session, lost: Callable[[], None]) -> Deferred[Any]:
    """Connect a session. `unix:<path>` and `tcp:<host>:<port>` are rawsockets with CBOR, `ws://...` and `wss://...` websockets.

    Fires with the protocol, or fails when nobody listens. After it has fired `lost` is called once, when the connection is gone
    for whatever reason, also before anybody has joined.
    """
    check_address(address)
    kind, _, rest = address.partition(":")
    endpoint: Any
    if kind in ("ws", "wss"):
        factory: Any = WampWebSocketClientFactory(lambda: session, url=address, serializers=[CBORSerializer(), JsonSerializer()])
        factory.setProtocolOptions(
            maxMessagePayloadSize=MESSAGE_SIZE,
            maxFramePayloadSize=MESSAGE_SIZE,
            openHandshakeTimeout=CONNECT_SECONDS,
            autoPingInterval=PING_SECONDS,
            autoPingTimeout=PING_SECONDS,
        )
        parts = urlsplit(address)
        host = parts.hostname or "127.0.0.1"
        endpoint = HostnameEndpoint(reactor, host, parts.port or (443 if kind == "wss" else 80), timeout=CONNECT_SECONDS)
        if kind == "wss":
            endpoint = wrapClientTLS(optionsForClientTLS(host), endpoint)
    else:
        factory = WampRawSocketClientFactory(lambda: session, serializer=CBORSerializer())
        if kind == "unix":
            endpoint = UNIXClientEndpoint(reactor, str(Path(rest).absolute()), timeout=CONNECT_SECONDS)
        else:
            host, _, port = rest.rpartition(":")
            endpoint = HostnameEndpoint(reactor, host, int(port), timeout=CONNECT_SECONDS)
    connecting: Deferred[Any] = endpoint.connect(factory)

    def connected(protocol: Any) -> Any:
        connection_lost = protocol.connectionLost

        def told(reason: Any) -> None:
            connection_lost(reason)
            lost()

        protocol.connectionLost = told
        if kind == "tcp" and hasattr(protocol.transport, "setTcpKeepAlive"):
            protocol.transport.setTcpKeepAlive(1)
        return protocol

    return connecting.addCallback(connected)
