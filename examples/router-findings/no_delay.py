"""autobahn: `tcpNoDelay=True` is not set on a server's connections. Run it with a Python that has autobahn.

`WebSocketAdapterProtocol.connectionMade` reads `self.tcpNoDelay` before `_connectionMade` copies the options from the factory. The
AttributeError is swallowed by a bare `except`, so Nagle's delay stays on. Exits with 0 when it is so, with 1 when it is not any more.
"""

import sys

import txaio

txaio.use_twisted()

from autobahn.twisted.websocket import (  # noqa: E402
    WebSocketClientFactory,
    WebSocketClientProtocol,
    WebSocketServerFactory,
    WebSocketServerProtocol,
)
from twisted.internet import reactor  # noqa: E402

found: list[bool] = []


class Server(WebSocketServerProtocol):
    """Looks at its own socket when the connection is open."""

    def onOpen(self) -> None:
        print("asked for:", self.factory.tcpNoDelay)
        print("on the socket:", self.transport.getTcpNoDelay())
        found.append(self.factory.tcpNoDelay and not self.transport.getTcpNoDelay())
        reactor.stop()


server = WebSocketServerFactory()
server.protocol = Server
server.setProtocolOptions(tcpNoDelay=True)
port = reactor.listenTCP(0, server, interface="127.0.0.1")
client = WebSocketClientFactory(f"ws://127.0.0.1:{port.getHost().port}")
client.protocol = WebSocketClientProtocol
reactor.connectTCP("127.0.0.1", port.getHost().port, client)
reactor.callLater(10, reactor.stop)
reactor.run()
sys.exit(0 if found == [True] else 1)
