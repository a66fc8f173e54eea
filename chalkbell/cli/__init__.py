"""The command line. Each command is a module of its own; `main` is the console script `chalkbell`.

Exit codes: 0 ok, 1 failed, 2 usage, 3 unhealthy, 130 interrupted. Data on stdout, talk on stderr.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import typer

from chalkbell.settings import SettingsError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich")


@app.callback()
def chalkbell() -> None:
    """Campus services that speak in events."""


def main() -> None:
    """Run the command line."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"{__name__}.{module.name}")
    try:
        app()
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
