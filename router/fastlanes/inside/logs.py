"""Crossbar, autobahn, txaio: no work for log lines that are not written.

They colour the arguments of debug and trace messages before the logger throws the message away; a fifth of the router's time went
there. Here the colouring waits until somebody formats the message.
"""

from collections.abc import Callable
from typing import Any

import autobahn.twisted.websocket
import autobahn.wamp.websocket
import autobahn.websocket.protocol
import crossbar.router.broker
import crossbar.router.dealer
import crossbar.router.protocol
import crossbar.router.role
import crossbar.router.router
import crossbar.router.session
from txaio.tx import _no_op

from fastlanes.inside.replacing import Replacements

#: What a txaio logger has in the place of a method whose level is not written.
silent = _no_op
COLOURING = ("hl", "hltype", "hlid", "hlval", "hlflag", "hlcontract", "hluserid")
MODULES = (
    autobahn.twisted.websocket,
    autobahn.wamp.websocket,
    autobahn.websocket.protocol,
    crossbar.router.broker,
    crossbar.router.dealer,
    crossbar.router.protocol,
    crossbar.router.role,
    crossbar.router.router,
    crossbar.router.session,
)


class Later:
    """A text that is made when it is formatted. In these modules such texts are only ever formatted, never joined or compared."""

    __slots__ = ("_arguments", "_make", "_options")

    def __init__(self, make: Callable[..., str], arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._make = make
        self._arguments = arguments
        self._options = options

    def __str__(self) -> str:
        return self._make(*self._arguments, **self._options)

    def __repr__(self) -> str:
        return repr(str(self))

    def __format__(self, form: str) -> str:
        return format(str(self), form)


def later(make: Callable[..., str]) -> Callable[..., Later]:
    """A function that puts off what `make` does."""

    def put_off(*arguments: Any, **options: Any) -> Later:
        return Later(make, arguments, options)

    return put_off


def install(replacements: Replacements) -> None:
    """Put off the colouring, and the printing of a connection's fifty options."""
    for module in MODULES:
        for name in COLOURING:
            if name in vars(module):
                replacements.replace(module, name, later(vars(module)[name]))
    replacements.replace(autobahn.websocket.protocol, "pformat", later(autobahn.websocket.protocol.pformat))
