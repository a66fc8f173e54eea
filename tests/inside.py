"""Reads modules of the router's worker that need nothing of Crossbar, which is not installed here."""

import importlib.util
from typing import Any

from chalkbell.router.configuration import ROUTER_DIRECTORY


def router_module(path: str) -> Any:
    """The module in a file below `router/`."""
    name = path.removesuffix(".py").replace("/", ".")
    specification = importlib.util.spec_from_file_location(name, ROUTER_DIRECTORY / path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
