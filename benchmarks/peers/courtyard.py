"""Our own router as a campus starts it, with its rights, its limits and its doors, with the fast lanes and without.

Who people are and what they may read is answered by stand-ins for the services, on the other core: the router is what is measured.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.peers import protocols as speak
from benchmarks.peers import rawsocket
from benchmarks.peers.cores import SERVER
from benchmarks.peers.protocols import Step
from benchmarks.peers.server import Missing, Server
from chalkbell import __version__
from chalkbell.router.configuration import AUTHENTICATE, REALM, Limits, authid
from chalkbell.router.keys import read_seed
from chalkbell.router.process import RouterNotStarted
from tests.routing import TICKET, Router

PERSON, SCOPE = "ada-stone", "bell"
EVENT = f"chalkbell.workflow.v1.{SCOPE}.signed_off"
ECHO = "chalkbell.workflow.v1.assessment.read"
#: More websockets than a campus is given by default, for the largest number of subscribers and the publisher.
LIMITS = Limits(connections=6_000)


def pin(group: int, core: int) -> None:
    """Put every thread of a group of processes on a core."""
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and os.getpgid(int(process.name)) == group:
                for thread in (process / "task").iterdir():
                    os.sched_setaffinity(int(thread.name), {core})
        except (ProcessLookupError, FileNotFoundError):
            continue


class Courtyard(Server):
    """Our router."""

    name, what = "chalkbell", "our router with its fast lanes; callee: a Python program on the other core"
    fastlanes: ClassVar[bool] = True

    def start(self) -> None:
        self.version = __version__
        self.router = Router(port=self.port, fastlanes=self.fastlanes, limits=LIMITS)
        self._open.callback(self.router.close)
        try:
            self.router.start()
        except RouterNotStarted as error:
            raise Missing(str(error)) from error
        assert self.router.process.pid is not None
        self._groups.append(self.router.process.pid)
        pin(self.router.process.pid, SERVER)
        directory, workflow = self.router.key("directory"), self.router.key("workflow")
        directory.register(AUTHENTICATE, authenticate)
        workflow.register("chalkbell.workflow.v1.meta.may_read", lambda scope, **_: {"may": scope == SCOPE})
        workflow.register(ECHO, lambda details, **fields: fields)

    def subscriber(self) -> list[Step]:
        return [*speak.wamp_join("/ws", REALM, PERSON, TICKET), speak.wamp_subscribe(EVENT)]

    def publisher(self) -> list[Step] | socket.socket:
        settings = self.router.settings
        return rawsocket.join(str(settings.services_socket), REALM, authid("workflow"), read_seed(settings.keys, "workflow"))

    def event(self, payload: str) -> bytes:
        return rawsocket.frame([16, int(payload[1:9]) + 1, {}, EVENT, [payload]])

    def caller(self) -> list[Step] | None:
        return speak.wamp_join("/ws", REALM, PERSON, TICKET)

    def call(self, payload: str) -> bytes:
        return speak.wamp([48, int(payload[1:9]) + 1, {}, ECHO, [], {"said": payload}])


class WithoutLanes(Courtyard):
    """Our router with the fast lanes switched off."""

    name, what, fastlanes = "chalkbell, lanes off", "our router, its fast lanes switched off", False


def authenticate(realm: str, who: str, ask: dict[str, Any], details: Any) -> dict[str, Any]:
    """Everybody is who they say."""
    return {"realm": realm, "role": "person", "authid": who, "extra": {}}
