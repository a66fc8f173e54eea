"""As whom a command asks: the operator with the key in the data folder, or somebody with a token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from chalkbell.cli import _out
from chalkbell.contracts.refusals import Refusal

if TYPE_CHECKING:  # imported where it is needed: most commands never touch the router
    from chalkbell.bus import Bus, Key, Ticket
    from chalkbell.surroundings import Surroundings

A = TypeVar("A")

AsPerson = Annotated[str, typer.Option("--as", metavar="PERSON", help="Ask as this person instead of as the operator.")]
Token = Annotated[
    str,
    typer.Option(
        envvar="CHALKBELL_TOKEN", show_envvar=True, help="Their personal access token. At the campus's machine it is not needed."
    ),
]
Url = Annotated[str, typer.Option(help="Another campus, such as https://bell.example.edu; with --as and --token.")]
Data = Annotated[str | None, typer.Option(help="The data folder of the campus. [CHALKBELL_DATA]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@dataclass(frozen=True)
class Who:
    """As whom, and where."""

    person: str = ""
    token: str = ""
    url: str = ""

    def check(self) -> None:
        """End the command when the options do not go together."""
        if self.url and not (self.person and self.token):
            _out.fail("Another campus asks who you are: give --as and --token (or CHALKBELL_TOKEN).", code=_out.USAGE)
        if self.token and not self.person:
            _out.fail("Say whose token it is with --as.", code=_out.USAGE)


async def joined(reactor: Any, where: Surroundings, who: Who) -> tuple[str, Key | Ticket, Callable[[], Awaitable[None]]]:
    """Address and credentials for `Bus`, and what is to be awaited when all is done."""
    from chalkbell.bus import Ticket
    from chalkbell.cli._campus import RunningCampus, operators_key, websocket

    async def nothing() -> None:
        return None

    address = websocket(who.url) if who.url else where.router_address()
    if who.token:
        return address, Ticket(who.person, who.token), nothing
    key = operators_key(where)
    if not who.person:
        return address, key, nothing
    campus = await RunningCampus(reactor, address, key).start()
    return address, await campus.credentials(who.person), campus.stop


def with_session(who: Who, data: str | None, work: Callable[[Bus], Awaitable[A]]) -> A:
    """Join, do the work, leave. Ends the command with the refusal where there is one."""
    from chalkbell.cli._campus import connect, surroundings
    from chalkbell.cli._reactor import run

    who.check()
    where = surroundings(data)

    async def main(reactor: Any) -> A:
        address, credentials, leave = await joined(reactor, where, who)
        try:
            bus = await connect(reactor, address, credentials)
            try:
                return await work(bus)
            finally:
                await bus.stop()
        finally:
            await leave()

    try:
        return run(main)
    except Refusal as refused:
        _out.refused(refused)
