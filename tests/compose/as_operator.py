"""Run inside the network with the operator's key: make the administrator unless there, and print a token of each person named."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from twisted.internet.task import react

from chalkbell.bus import connect
from chalkbell.contracts import load_all
from chalkbell.contracts.directory import AddPerson, MakeToken
from chalkbell.surroundings import Surroundings

ADMINISTRATOR = "vera-lind"


async def main(reactor: Any, *people: str) -> None:
    surroundings = Surroundings.of(dict(os.environ))
    bus = await connect(reactor, surroundings.router_address(), surroundings.key("operator"))
    if ADMINISTRATOR in people:
        email = f"{ADMINISTRATOR}@example.edu"
        await bus.ask(AddPerson(id=ADMINISTRATOR, name="Vera Lind", email=email, administrator=True, request_id=ADMINISTRATOR))
    tokens = {person: (await bus.ask(MakeToken(name="ring", person=person))).secret for person in people}
    print(json.dumps(tokens))
    await bus.stop()


if __name__ == "__main__":
    load_all()
    react(main, sys.argv[1:])
