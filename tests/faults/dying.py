"""`chalkbell` with a weakness: the process kills itself after the commit of a sign-off, before anybody is told.

`CHALKBELL_TEST_DIES_AT` says at which recorded `signed_off`; with `sign-out` it does so before somebody's sessions are ended.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from chalkbell import endings
from chalkbell.cli import main
from chalkbell.contracts import Envelope
from chalkbell.stream.relay import Relay

WHEN = os.environ.pop("CHALKBELL_TEST_DIES_AT")
LEFT = [int(WHEN) if WHEN.isdecimal() else 1]
offer = Relay.offer


def dying_offer(relay: Relay, envelopes: Sequence[Envelope]) -> None:
    """Die instead of publishing."""
    LEFT[0] -= sum(envelope.name == "signed_off" for envelope in envelopes)
    if LEFT[0] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
    offer(relay, envelopes)


async def dying_end(*_: object) -> None:
    """Die instead of ending sessions."""
    os.kill(os.getpid(), signal.SIGKILL)


if WHEN == "sign-out":
    endings.end_sessions = dying_end
else:
    Relay.offer = dying_offer  # type: ignore[method-assign]
main()
