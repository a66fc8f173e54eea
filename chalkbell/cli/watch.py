"""`chalkbell watch`: events as they happen, or from where they are kept."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from chalkbell.cli import _out, app
from chalkbell.cli._who import AsJson, AsPerson, Data, Token, Url, Who
from chalkbell.contracts.shared import SERVICES


def complete_service(incomplete: str) -> list[str]:
    """For the shell: services that begin so."""
    return [name for name in SERVICES if name.startswith(incomplete)]


@app.command()
def watch(
    service: Annotated[
        str,
        typer.Argument(help=f"One of {', '.join(SERVICES)}; without it all are watched.", autocompletion=complete_service),
    ] = "",
    scope: Annotated[str, typer.Argument(help="A package, person or room; without it all scopes are.")] = "",
    since: Annotated[
        int | None, typer.Option("--from", min=1, metavar="SEQ", help="First replay the scope's events from this number on.")
    ] = None,
    count: Annotated[int, typer.Option(min=0, help="End after so many events; 0: watch until interrupted.")] = 0,
    passing: Annotated[bool, typer.Option(help="Also show passing events, which have no record.")] = False,
    json: AsJson = False,
    person: AsPerson = "",
    token: Token = "",
    url: Url = "",
    data: Data = None,
) -> None:
    """Print events, each once and in order, until interrupted; with --json one envelope a line. Survives restarts of the campus."""
    from chalkbell.cli._campus import surroundings
    from chalkbell.cli._reactor import run
    from chalkbell.cli._watching import Watching
    from chalkbell.contracts import Refusal

    who = Who(person, token, url)
    who.check()
    if service and service not in SERVICES:
        _out.fail(f"There is no service {service}.", f"Services: {', '.join(SERVICES)}.", code=_out.USAGE)
    if since is not None and not scope:
        _out.fail("--from counts in one scope's stream: name the service and the scope.", code=_out.USAGE)
    if who.person and not scope:
        _out.fail("People watch one scope: name the service and the scope.", code=_out.USAGE)
    where = surroundings(data)
    watching = Watching([service] if service else list(SERVICES), scope, since, count, passing=passing, as_json=json)

    async def main(reactor: Any) -> None:
        await watching.run(reactor, where, who)

    try:
        run(main)
    except Refusal as refused:
        _out.refused(refused)
