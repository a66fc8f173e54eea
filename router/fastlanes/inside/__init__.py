"""The one place that touches private parts of Twisted, autobahn and Crossbar.

`fastlanes.parts` names each of them, with the reason and what it looked like when this was written. All are compared before anything
is replaced; then all replacements are made, or none.
"""

from collections.abc import Mapping

from fastlanes.inside import logs, protocols, routing, transports
from fastlanes.inside.replacing import Replacements
from fastlanes.parts import changed


def install(queue_size: Mapping[str, int]) -> str | None:
    """Install all lanes; why not, or None. What raises leaves everything as it was."""
    different = changed()
    if different:
        return "these are not as they were tested: " + ", ".join(different)
    replacements = Replacements()
    try:
        logs.install(replacements)
        transports.install(replacements)
        protocols.install(replacements, queue_size)
        routing.install(replacements)
    except BaseException:
        replacements.undo()
        raise
    return None
