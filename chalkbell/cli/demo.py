"""`chalkbell demo`: fill a running campus with the demo university."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from chalkbell.cli import _out, app


@app.command()
def demo(
    seed: Annotated[int, typer.Option(min=1, help="Another number makes another university.")] = 1,
    students: Annotated[
        int,
        typer.Option(
            "--class", min=0, max=60, metavar="COUNT", help="Let so many students sit in the room CS1001 until interrupted."
        ),
    ] = 0,
    data: Annotated[str | None, typer.Option(help="The data folder of the campus. [CHALKBELL_DATA]")] = None,
) -> None:
    """Fill a running campus that has nobody yet with a university made by chance: people, packages, sign-offs, tasks, a class.

    Prints who can sign in. A filling that was interrupted is finished. With --class students come to the demo's class.
    """
    from chalkbell.cli._campus import operators_key, surroundings
    from chalkbell.cli._demo import NotEmpty, accounts, fill_empty_campus, sit_in_class
    from chalkbell.cli._reactor import run
    from chalkbell.contracts import Refusal

    where = surroundings(data)
    key = operators_key(where)

    async def teach(reactor: Any) -> None:
        await sit_in_class(where, reactor, key, students)

    if students:
        try:
            run(teach)
        except Refusal as refused:
            _out.refused(refused)
        return

    async def main(reactor: Any) -> str | None:
        return await fill_empty_campus(where, reactor, key, seed)

    try:
        table = run(main)
    except NotEmpty as error:
        _out.fail(str(error))
    except Refusal as refused:
        _out.refused(refused)
    file = where.campus.data_directory / accounts.FILE
    if table is None:
        _out.say(f"The demo is there already. Who can sign in: {file}")
        table = file.read_text() if file.exists() else ""
    sys.stdout.write(table)
