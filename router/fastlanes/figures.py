"""What the lanes count, for whoever watches the router. One object for the worker; counts only grow."""

from dataclasses import asdict, dataclass


@dataclass
class Figures:
    """`installed` is 1 or 0. `cut_off` are sessions ended because too much waited for them; `missed` are events that could not be
    handed to a session, mostly because it was going away.
    """

    installed: int = 0
    cut_off: int = 0
    missed: int = 0


FIGURES = Figures()


def figures() -> dict[str, int]:
    """The counts as they are now."""
    return asdict(FIGURES)
