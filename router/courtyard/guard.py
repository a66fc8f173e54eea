"""What arrives from outside is looked at before the router acts on it.

Crossbar takes more on trust than a campus can, each of these tried and seen:

- `forward_for`, with which linked routers tell for whom they act, is believed from anybody: a person who sends it is somebody
  else to every callee. There are no linked routers here, so it is dropped.
- A list nested some hundred deep passes the router and breaks the decoder of the service that it reaches, whose whole session is
  then lost: one person's call takes a service off the bus. An unpaired surrogate cannot be written on, and the call is never
  answered. Such values are refused here, with their path.
- JSON is decoded in Python, twenty times slower than by the standard library's own decoder, and a frame of opening brackets
  occupies the router for seconds.
- A connection that never says hello may stay for ever.
"""

import json
import math
from typing import Any

from autobahn.wamp import message, serializer
from autobahn.wamp.exception import ProtocolError
from crossbar.router.session import RouterSession
from twisted.internet import reactor

INVALID = "chalkbell.error.invalid"
#: How deep lists and objects may be nested in each other; contracts need less than ten.
DEEPEST = 32


def install(join_seconds: float) -> None:
    """Look at everything that arrives from now on; a connection has `join_seconds` to sign in. Call it once."""
    serializer._loads = decode_json
    opened, received = RouterSession.onOpen, RouterSession.onMessage

    def on_open(session: Any, transport: Any) -> Any:
        reactor.callLater(join_seconds, _end_unless_joined, session, transport)
        return opened(session, transport)

    def on_message(session: Any, arrived: Any) -> Any:
        refusal = inspect(session, arrived)
        if refusal is not None:
            session._transport.send(refusal)
            return None
        return received(session, arrived)

    RouterSession.onOpen, RouterSession.onMessage = on_open, on_message


def decode_json(text: str, **_: Any) -> Any:
    """Decode with the standard library's fast decoder. Text that begins with NUL stays text: nothing here is binary."""
    return json.loads(text)


def _end_unless_joined(session: Any, transport: Any) -> None:
    if session._session_id is None and getattr(transport, "transport", None) is not None:
        transport.transport.abortConnection()


def inspect(session: Any, arrived: Any) -> Any:
    """Clean a message, and return the error to answer it with, or None. Raises `ProtocolError`, which ends the connection."""
    if isinstance(arrived, message.MessageWithForwardFor):
        arrived.forward_for = None
    if str(session._authrole).startswith("service-"):
        return None
    if isinstance(arrived, message.Call):
        if arrived.payload is not None:
            return _invalid(arrived, "", "an encrypted payload")
        found = trouble([arrived.args, arrived.kwargs])
        if found:
            path, what = found
            return _invalid(arrived, path.partition(".")[2], what)
    elif isinstance(arrived, message.Hello):
        found = trouble([arrived.realm, arrived.authid, arrived.authrole, arrived.authextra])
    elif isinstance(arrived, message.Authenticate):
        found = trouble([arrived.signature, arrived.extra])
    else:
        return None
    if found:
        raise ProtocolError(f"refused {found[1]}")
    return None


def _invalid(call: Any, path: str, what: str) -> Any:
    text = f"The request has {what} in it{f' at {path}' if path else ''}; leave it out."
    return message.Error(message.Call.MESSAGE_TYPE, call.request, INVALID, args=[text], kwargs={"path": path})


def trouble(value: Any, path: str = "", depth: int = 0) -> tuple[str, str] | None:
    """The path and the name of the first thing in `value` that cannot be passed on safely, or None."""
    kind = type(value)
    if kind is str:
        if value.isascii():
            return (path, "a NUL character") if "\0" in value else None
        if "\0" in value:
            return path, "a NUL character"
        try:
            value.encode()
        except UnicodeEncodeError:
            return path, "half a character (an unpaired surrogate)"
        return None
    if value is None or kind is bool:
        return None
    if kind is int:
        return None if -(2**63) <= value < 2**63 else (path, "a number of more than 64 bits")
    if kind is float:
        return None if math.isfinite(value) else (path, "a number that is none")
    if kind is not list and kind is not dict and kind is not tuple:
        return path, "a value that JSON does not have"
    if depth > DEEPEST:
        return path, "too many things inside each other"
    items = value.items() if kind is dict else enumerate(value)
    for key, item in items:
        if kind is dict and type(key) is not str:
            return path, "a key that is no text"
        where = f"{path}.{key}" if path else str(key)
        found = trouble(item, where, depth + 1) or (trouble(key, path) if kind is dict else None)
        if found:
            return found
    return None
