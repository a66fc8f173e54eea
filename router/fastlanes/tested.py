"""With which versions the lanes were tested. On any other they stay out."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

TESTED = {"crossbar": "26.10.1", "autobahn": "26.10.2", "twisted": "26.10.0", "txaio": "26.6.1"}


def differences(tested: dict[str, str] = TESTED, installed: Callable[[str], str] = version) -> list[str]:
    """What is not as it was tested, in words; an empty list means that all is."""
    found: list[str] = []
    for name, wanted in tested.items():
        try:
            there = installed(name)
        except PackageNotFoundError:
            there = "none"
        if there != wanted:
            found.append(f"{name} is {there}, tested with {wanted}")
    return found
