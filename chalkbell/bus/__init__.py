"""The router as the rest of Chalkbell sees it. The only package that imports autobahn."""

from chalkbell.bus.bus import CALL_TIMEOUT, Bus, EventHandler, RouterLost, connect
from chalkbell.bus.connecting import REALM, Key, Ticket

__all__ = ["CALL_TIMEOUT", "REALM", "Bus", "EventHandler", "Key", "RouterLost", "Ticket", "connect"]
