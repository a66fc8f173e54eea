"""Every private part that the lanes replace, read, write or count on, why, and the fingerprint of its source.

`python -m fastlanes.parts`, run in `router/` with the router's Python, prints the fingerprints as they are now. Look at what
changed before you write a new one here.
"""

import hashlib
import importlib
import inspect
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """A function of somebody else: where it is, why it matters here, and the first 16 digits of its source's SHA-256."""

    path: str
    why: str
    fingerprint: str


PARTS = (
    Part("twisted.internet.abstract.FileDescriptor.__init__", "sets the buffers that the lanes fill", "6405435a8c04d4c9"),
    Part(
        "twisted.internet.abstract.FileDescriptor.write",
        "what the shortest way in does instead: the same buffers, the same order",
        "3e46c97fc173bc7e",
    ),
    Part("twisted.internet.abstract.FileDescriptor.writeSequence", "fills the same buffers", "1606f230d318191a"),
    Part(
        "twisted.internet.abstract.FileDescriptor.startWriting",
        "replaced for server connections; called for all that is unusual",
        "8e2f899b7d73a0f5",
    ),
    Part(
        "twisted.internet.abstract.FileDescriptor.stopWriting",
        "does nothing when the reactor was not asked to write",
        "3a6c0cff8fad8201",
    ),
    Part(
        "twisted.internet.abstract.FileDescriptor.doWrite",
        "what flushing does instead; picks up what flushing leaves over",
        "a986d7b1b1054e43",
    ),
    Part(
        "twisted.internet.abstract.FileDescriptor.loseConnection",
        "calls startWriting first and marks the connection afterwards",
        "e13b8468f05208ae",
    ),
    Part(
        "twisted.internet.abstract.FileDescriptor.loseWriteConnection",
        "marks the connection and calls startWriting",
        "cdbe2b064c75ec79",
    ),
    Part(
        "twisted.internet.abstract.FileDescriptor.connectionLost",
        "leaves `connected` false, and the buffers as they are",
        "1e0b14c7c3f9d02d",
    ),
    Part(
        "twisted.internet.abstract.FileDescriptor._maybePauseProducer",
        "the shortest way in is taken only where this does nothing",
        "529bd8438e1a279f",
    ),
    Part("twisted.internet.abstract.FileDescriptor._isSendBufferFull", "the same", "9d19c2cb703629f5"),
    Part(
        "twisted.internet.abstract._ConsumerMixin.registerProducer",
        "a pull producer is asked for more by doWrite alone",
        "7d7ad4f91234689d",
    ),
    Part(
        "twisted.internet.abstract._ConsumerMixin.unregisterProducer",
        "calls startWriting when the connection closes",
        "5f09066c8d7f05b0",
    ),
    Part(
        "twisted.internet.tcp.Connection.writeSomeData",
        "what flushing does instead: one send, and which errors it takes for no error",
        "2dd0d4209260b94e",
    ),
    Part("twisted.internet.tcp.Connection.connectionLost", "takes the socket away", "dd7a9a87035a2084"),
    Part(
        "twisted.internet.tcp._AbortingMixin.abortConnection",
        "marks the connection; nothing may be written after it",
        "c948f3ef21c1822c",
    ),
    Part("twisted.internet.tcp.Server.__init__", "the connections that are meant", "fbf83f6f693d6860"),
    Part("twisted.internet.unix.Server.__init__", "the connections that are meant", "45c33489a0267238"),
    Part(
        "twisted.internet.unix._SendmsgMixin.writeSomeData",
        "sends file descriptors first, which flushing leaves to it",
        "bea6b41b8609e7c9",
    ),
    Part("twisted.internet._newtls.ConnectionMixin.write", "passes through TLS when a connection was upgraded", "ea311df0946d3f99"),
    Part(
        "twisted.protocols.tls.TLSMemoryBIOProtocol._write",
        "what TLS has encrypted waits in the connection below, where it is counted",
        "b795cc8e83620d7d",
    ),
    Part("twisted.protocols.basic.IntNStringReceiver.sendString", "the rawsocket frame", "82616551e2f63715"),
    Part("autobahn.wamp.message.Message.__init__", "makes the cache in which the frame is kept", "853d6bf78660dd9a"),
    Part("autobahn.wamp.message.Message.serialize", "fills the same cache, by object serializer", "aa23f385e6f405c9"),
    Part("autobahn.wamp.message.Message.uncache", "empties it, and the frames with it", "599b4a3cd08dbd9a"),
    Part("autobahn.wamp.serializer.Serializer.serialize", "counts what it serialised, as the lanes do", "cd15fee2e94c1101"),
    Part(
        "autobahn.wamp.websocket.WampWebSocketProtocol.send",
        "what a lane does instead; called for all that is unusual and for every error",
        "811ed7bd88f1a2c9",
    ),
    Part("autobahn.wamp.websocket.WampWebSocketProtocol.isOpen", "what a lane looks at instead", "f34feb24b718f9c7"),
    Part(
        "autobahn.websocket.protocol.WebSocketProtocol._connectionMade",
        "sets the options that decide whether a websocket is plain",
        "7ac58d8bb6c3c752",
    ),
    Part("autobahn.websocket.protocol.WebSocketProtocol.sendMessage", "what a lane does instead", "048d6bcf0d712309"),
    Part(
        "autobahn.websocket.protocol.WebSocketProtocol.sendFrame", "what a lane does instead: the frame's bytes", "89cc8b024c413aa0"
    ),
    Part("autobahn.websocket.protocol.WebSocketProtocol.sendData", "what a lane does instead", "5dcca425b048b07e"),
    Part("autobahn.websocket.protocol.WebSocketProtocol.sendCloseFrame", "says why a slow reader is ended", "a511406d6b0d711e"),
    Part(
        "autobahn.twisted.websocket.WebSocketAdapterProtocol.connectionMade",
        "reads tcpNoDelay before it is set, which is why a lane sets it",
        "63ceb64088e44552",
    ),
    Part(
        "autobahn.twisted.rawsocket.WampRawSocketProtocol.send",
        "what a lane does instead; called for all that is unusual and for every error",
        "9c668744f3d2a8d6",
    ),
    Part("autobahn.twisted.rawsocket.WampRawSocketProtocol.isOpen", "what a lane looks at instead", "f34feb24b718f9c7"),
    Part(
        "autobahn.twisted.rawsocket.WampRawSocketServerProtocol.dataReceived",
        "knows the serializer before the handshake counts as complete",
        "c6ca3d45f4f29355",
    ),
    Part("crossbar.router.protocol.WampWebSocketServerProtocol.onOpen", "replaced: a lane is opened before it", "505d0f9b40bfb83a"),
    Part(
        "crossbar.router.protocol.WampRawSocketServerProtocol._on_handshake_complete",
        "replaced: a lane is opened before it",
        "dce290d0ea71e2a0",
    ),
    Part("crossbar.router.router.Router.send", "replaced for events", "4724a7e8f8ed7776"),
    Part(
        "crossbar.router.broker.Broker.processPublish",
        "hands events out by Router.send, and knows an event that is too large",
        "1dd9ade51c829929",
    ),
    Part("crossbar.router.session.RouterSession.leave", "what a slow reader's goodbye does instead", "4c67cc2a4de5c05f"),
    Part("crossbar._util.hl", "colours; put off", "2192d1ee5dfd4ba8"),
    Part("crossbar._util.hltype", "colours; put off", "61e8ae56f29b58de"),
    Part("crossbar._util.hlid", "colours; put off", "784a2c5f8d5585c9"),
    Part("crossbar._util.hlval", "colours; put off", "bf50c78f7ae3d82c"),
    Part("crossbar._util.hlflag", "colours; put off", "fa99dab7ed017258"),
    Part("autobahn.util.hltype", "colours; put off", "7db6418e1bc5e63a"),
    Part("autobahn.util.hlid", "colours; put off", "440dc57dccde3c9f"),
    Part("autobahn.util.hlval", "colours; put off", "c6a73ec8e6664a13"),
    Part("txaio.tx._no_op", "stands in the place of a level that is not written", "be0e6abca0ae92a4"),
    Part("txaio.tx.Logger.__get__", "a logger is the same object wherever it is read from", "8ec89199ae8faacf"),
    Part("txaio.tx.Logger._set_log_level", "puts it there", "674ffbcc3702cd37"),
)


def fingerprint(path: str) -> str:
    """The fingerprint of the function at `module.name.name` as it is installed; a word saying what is wrong when there is none."""
    try:
        source = inspect.getsource(found(path))
    except (ImportError, AttributeError):
        return "missing"
    except (OSError, TypeError):
        return "without source"
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def found(path: str) -> Any:
    """What is at a dotted path: the longest that is a module, then attributes, as they stand in the class's own body."""
    names = path.split(".")
    for end in range(len(names), 0, -1):
        try:
            thing: Any = importlib.import_module(".".join(names[:end]))
        except ModuleNotFoundError:
            continue
        for name in names[end:]:
            try:
                thing = vars(thing)[name]
            except KeyError:
                raise AttributeError(path) from None
        return thing
    raise ImportError(path)


def changed() -> list[str]:
    """The parts that are not as they were."""
    return [part.path for part in PARTS if fingerprint(part.path) != part.fingerprint]


if __name__ == "__main__":
    for part in PARTS:
        print(fingerprint(part.path), part.path)  # noqa: T201
