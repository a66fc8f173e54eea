"""The component of the router worker that installs the lanes before the first connection."""

import traceback
from typing import Any

from autobahn.twisted.wamp import ApplicationSession

from fastlanes.figures import FIGURES
from fastlanes.tested import differences


class FastLanes(ApplicationSession):
    """Installs the lanes, or says in the log why they stay out. `extra` has `wanted`, and `queue_size` in bytes, by transport:
    `{"websocket": …, "rawsocket": …}`.

    Nothing here may raise: a component that does keeps the whole node from starting.
    """

    def onJoin(self, details):
        """Install them, or say why not."""
        try:
            reason = install(self.config.extra or {})
        except Exception:
            reason = f"they could not be installed:\n{traceback.format_exc()}"
        FIGURES.installed = int(reason is None)
        if reason is None:
            self.log.info("fast lanes: installed")
        else:
            # At this level, because an operator who wonders about the router's speed should find it.
            self.log.warn("fast lanes: staying out, {reason}; everything works, only slower", reason=reason)


def install(extra: dict[str, Any]) -> str | None:
    """Install the lanes; why not, or None. What raises leaves everything as it was."""
    if not extra.get("wanted", True):
        return "switched off by CHALKBELL_ROUTER_FASTLANES"
    different = differences()
    if different:
        return "; ".join(different)
    # Only now: these modules reach into what may have moved in another version.
    from fastlanes import inside

    return inside.install(extra.get("queue_size", {}))
