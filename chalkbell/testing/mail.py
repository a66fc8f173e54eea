"""A mail server that sends nothing on: `python -m chalkbell.testing.mail FOLDER [--port 8025]`.

Every message becomes a file `<n>.eml` in the folder, with the recipient added as Delivered-To; it is there, whole, before
the sender hears that it was taken. A line on stderr says of each who got what.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Callable
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.protocol import Factory
from twisted.mail.smtp import ESMTP, IMessage, IMessageDelivery
from zope.interface import classImplements  # pyright: ignore[reportUnknownVariableType]  # it comes without types

LARGEST_BYTES = 16 * 1024 * 1024


class Caught:
    """A message on its way in, for one recipient."""

    def __init__(self, recipient: str, keep: Callable[[bytes], None]) -> None:
        self._lines = [b"Delivered-To: " + recipient.encode(errors="replace")]
        self._size = 0
        self._keep = keep

    def lineReceived(self, line: bytes) -> None:
        """Take a line."""
        self._size += len(line)
        if self._size > LARGEST_BYTES:
            raise ValueError("the message is too large")
        self._lines.append(line)

    def eomReceived(self) -> Deferred[None]:
        """The message is whole: keep it, then say that it was taken."""
        self._keep(b"\r\n".join(self._lines) + b"\r\n")
        return succeed(None)

    def connectionLost(self) -> None:
        """The sender is gone before the end: there is no message."""
        self._lines = []


class Catcher:
    """Takes mail from everybody for everybody. `caught` is told of each file."""

    def __init__(self, folder: Path, caught: Callable[[Path], None] = lambda path: None) -> None:
        self.folder = folder
        self._caught = caught
        taken = (int(path.stem) for path in folder.glob("*.eml") if path.stem.isdecimal())
        self._numbers = itertools.count(max(taken, default=0) + 1)

    def receivedHeader(self, helo: Any, origin: Any, recipients: Any) -> bytes:
        """No header of our own: what is kept is what was sent."""
        return b""

    def validateFrom(self, helo: Any, origin: Any) -> Any:
        """Anybody may send."""
        return origin

    def validateTo(self, user: Any) -> Callable[[], Caught]:
        """Anybody gets."""
        recipient = str(user.dest)
        return lambda: Caught(recipient, self.keep)

    def keep(self, content: bytes) -> None:
        """Write a message down; it is on disk when this returns."""
        path = self.folder / f"{next(self._numbers)}.eml"
        draft = path.with_suffix(".part")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        self._caught(path)


class MailServer(Factory):
    """The catcher as a server."""

    noisy = False

    def __init__(self, catcher: Catcher) -> None:
        self.catcher = catcher

    def buildProtocol(self, addr: Any) -> Any:
        """A conversation with a sender."""
        conversation: Any = ESMTP()
        conversation.delivery = self.catcher
        conversation.factory = self
        conversation.host = b"mail"
        return conversation


classImplements(Caught, IMessage)
classImplements(Catcher, IMessageDelivery)


def main() -> None:
    """Catch mail until SIGTERM or SIGINT."""
    from twisted.internet import reactor

    parser = argparse.ArgumentParser(description="A mail server that sends nothing on.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", default="0.0.0.0", help="the address that it listens on")
    parser.add_argument("--port", type=int, default=8025)
    where = parser.parse_args()
    where.folder.mkdir(parents=True, exist_ok=True)

    def caught(path: Path) -> None:
        with path.open("rb") as file:
            head = BytesHeaderParser().parse(file)
        sys.stderr.write(f"{path.name}: to {head['Delivered-To']}: {head['Subject']}\n")

    running: Any = reactor
    running.listenTCP(where.port, MailServer(Catcher(where.folder, caught)), interface=where.host)
    running.run()


if __name__ == "__main__":
    main()
