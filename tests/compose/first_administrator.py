"""Run inside the network, with the operator's key: make an administrator and print a token of theirs."""

from __future__ import annotations

import os
from typing import Any

from twisted.internet.task import react

from chalkbell.bus import connect
from chalkbell.contracts import load_all
from chalkbell.contracts.directory import AddPerson, MakeToken
from chalkbell.surroundings import Surroundings

NAME = "vera-lind"


async def main(reactor: Any) -> None:
    surroundings = Surroundings.of(dict(os.environ))
    bus = await connect(reactor, surroundings.router_address(), surroundings.key("operator"))
    person = AddPerson(id=NAME, name="Vera Lind", email="vera-lind@example.edu", administrator=True, request_id=NAME)
    await bus.ask(person)
    print((await bus.ask(MakeToken(name="ring", person=NAME))).secret)
    await bus.stop()


if __name__ == "__main__":
    load_all()
    react(main)
