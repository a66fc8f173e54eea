"""Filling a running campus with the demo university: at first start, or by hand."""

from __future__ import annotations

import contextlib
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalkbell.bus import Key
from chalkbell.cli import _out
from chalkbell.cli._campus import RunningCampus, operators_key
from chalkbell.cli._reactor import later
from chalkbell.contracts import Refusal
from chalkbell.contracts.classroom import Join
from chalkbell.contracts.directory import ListPeople, ReadGroup
from chalkbell.demo import accounts, draw_passwords, fill, make_university
from chalkbell.demo.people import CLASS
from chalkbell.demo.university import ROOM
from chalkbell.surroundings import Surroundings

MARK = "demo.json"
SEED = 1


class NotEmpty(Exception):
    """There are people on this campus already: a demo would mix with them. Start one in another data folder (CHALKBELL_DATA)."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Mark:
    """What is being filled, kept beside the data: an interrupted filling is finished as it was begun."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / MARK

    def read(self) -> dict[str, Any] | None:
        """Seed, day and whether it is done; None when no demo was begun here."""
        return json.loads(self.path.read_text()) if self.path.exists() else None

    def write(self, seed: int, today: date, *, done: bool) -> None:
        """Remember."""
        accounts.write(self.path, json.dumps({"seed": seed, "today": today.isoformat(), "done": done}) + "\n")


async def fill_empty_campus(surroundings: Surroundings, reactor: Any, key: Key, seed: int = SEED) -> str | None:
    """Fill a campus that has nobody yet, or one whose filling was interrupted; answers the table of accounts.

    None when a demo is there and complete. Raises `NotEmpty` where other people are, and the `Refusal` of a service that says no.
    """
    folder = surroundings.campus.data_directory
    mark = Mark(folder)
    begun = mark.read()
    campus = await RunningCampus(reactor, surroundings.router_address(), key).start()
    try:
        anybody = (await campus.ask(ListPeople(limit=1))).total
        if anybody and begun is None:
            raise NotEmpty
        if anybody and begun and begun["done"]:
            return None
        zone = surroundings.campus.timezone
        if anybody and begun:
            seed, today = begun["seed"], date.fromisoformat(begun["today"])
        else:
            today = datetime.now(ZoneInfo(zone)).date()
        mark.write(seed, today, done=False)
        university = make_university(seed, today, zone)
        passwords = draw_passwords(university.accounts)
        table = accounts.table(university.accounts, passwords)
        accounts.write(folder / accounts.FILE, table)
        with _out.progress() as progress:
            await fill(campus, university, passwords, progress)
        mark.write(seed, today, done=True)
        return table
    finally:
        await campus.stop()


async def sit_in_class(surroundings: Surroundings, reactor: Any, key: Key, count: int) -> None:
    """Let students of the demo's class come into its room and stay, so that one who teaches has somebody to teach."""
    campus = await RunningCampus(reactor, surroundings.router_address(), key).start()
    try:
        group = (await campus.ask(ReadGroup(id=CLASS))).group
        students = group.members[:count]
        with _out.progress() as progress:
            for number, student in enumerate(students, start=1):
                await campus.ask(Join(room=ROOM), student)
                progress("Students", number, len(students))
        _out.say(f"{len(students)} students are in the room {ROOM}. Ctrl-C sends them home.")
        while True:
            await later(reactor, 5.0)
            for student in students:
                if not campus.is_there(student):
                    with contextlib.suppress(Refusal):  # the campus is away: they try again
                        await campus.ask(Join(room=ROOM), student)
    finally:
        await campus.stop()


async def at_first_start(surroundings: Surroundings, reactor: Any) -> None:
    """What `chalkbell up --demo` does when all services are ready. Says what it does, and never stops the campus."""
    file = surroundings.campus.data_directory / accounts.FILE
    try:
        table = await fill_empty_campus(surroundings, reactor, operators_key(surroundings))
    except NotEmpty:
        return
    except Refusal as refused:
        _out.say(f"The demo campus could not be completed: {refused.message}", style="red")
        _out.say("The services run. Start again, or call `chalkbell demo`, to go on where it stopped.")
        return
    if table is None and file.exists():
        table = file.read_text()
    if table:
        sys.stderr.write(f"\nWho can sign in to the demo campus (also in {file}):\n\n{table}\n")
        sys.stderr.flush()
