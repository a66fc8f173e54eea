"""Where messages go: a folder, the log, or a mail server."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

import structlog

from services.notifier.jobs.letters import Letter
from services.notifier.jobs.smtp import SmtpPost
from services.notifier.rules.deliveries import Outcome, Verdict

log = structlog.get_logger()
TEST_MODE = "Test mode: nothing is sent."


class Post(Protocol):
    """Takes messages."""

    def ready(self) -> None:
        """Make ready to send. Raises `ServerDown` when that cannot be at the moment."""
        ...

    def send(self, letter: Letter, message: EmailMessage) -> Outcome:
        """Send one message and tell how that ended; never raises because of one message."""
        ...

    def close(self) -> None:
        """No more messages come."""
        ...


@contextlib.contextmanager
def opened(settings: Any) -> Iterator[Post]:
    """The post that the settings name, closed at the end."""
    kinds: dict[str, Any] = {"smtp": SmtpPost, "file": FilePost, "print": PrintPost}
    post: Post = kinds[settings.mail](settings)
    try:
        yield post
    finally:
        post.close()


class FilePost:
    """Lays each message into a folder, as a file that mail programs open."""

    def __init__(self, settings: Any) -> None:
        self.folder = Path(settings.outbox or Path(settings.data_directory) / "outbox")

    def ready(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def send(self, letter: Letter, message: EmailMessage) -> Outcome:
        # the name is the message's own: sent again it lies where it lay
        target = self.folder / f"{letter.decided:%Y%m%d-%H%M%S}-{letter.person}-{letter.id[:12]}.eml"
        draft = target.with_suffix(".part")
        try:
            with draft.open("wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError as error:
            return Outcome(Verdict.NOT_NOW, f"{target}: {error.strerror}")
        return Outcome(Verdict.TAKEN)

    def close(self) -> None:
        pass


class PrintPost:
    """Sends nothing, and says what it would have sent."""

    def __init__(self, settings: Any) -> None:
        pass

    def ready(self) -> None:
        pass

    def send(self, letter: Letter, message: EmailMessage) -> Outcome:
        log.info("would send", to=str(message["To"]), subject=letter.subject, message_id=letter.message_id, text=letter.text)
        return Outcome(Verdict.NOT_WANTED, TEST_MODE)

    def close(self) -> None:
        pass
