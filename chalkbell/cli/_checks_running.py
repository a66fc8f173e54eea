"""What `chalkbell doctor` asks of a campus that runs."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from chalkbell.cli._campus import connect
from chalkbell.cli._checks import Finding, Findings, fine, note, wrong
from chalkbell.cli._health import healths
from chalkbell.cli._reactor import later, run
from chalkbell.cli._services import databases, definition_of
from chalkbell.contracts import Refusal
from chalkbell.contracts.directory import ReadCampus
from chalkbell.contracts.notifier import ListDeliveries
from chalkbell.database import Database
from chalkbell.router.process import answers
from chalkbell.stream import tables
from chalkbell.surroundings import Surroundings

A_WHILE = timedelta(seconds=10)
"""After so long an event has reached whom it concerns."""


def running(where: Surroundings) -> Findings:
    """The router, the services, what follows what, the pages and the gateway."""
    from chalkbell.cli.up import router_settings

    settings = router_settings(where)
    if not where.campus.router and not answers(settings):
        yield note("router", "not running", "Start the campus with `chalkbell up`.")
        return
    found = run(lambda reactor: _ask(reactor, where))
    if found["router"]:
        yield wrong("router", found["router"], "Start the campus with `chalkbell up`; see its log.")
        return
    yield fine("router", "takes sessions")
    for one in found["services"]:
        if one["healthy"]:
            yield fine(one["service"], "well")
        else:
            yield wrong(one["service"], "; ".join(one["problems"]), "See its log; `chalkbell status` shows it again.")
    yield from _unpublished(found)
    yield from followers(where)
    yield from found["more"]
    if not where.campus.router:
        yield from _doors(where.campus.url if not where.campus.public_url else f"http://{settings.host}:{settings.port}")


async def _ask(reactor: Any, where: Surroundings) -> dict[str, Any]:
    key = where.key("operator")
    found = await healths(reactor, where.router_address(), key)
    if found["router"]:
        return found
    if any(one["unpublished"] for one in found["services"]):
        # on their way, or stuck: a moment tells
        await later(reactor, 2.0)
        found = await healths(reactor, where.router_address(), key)
    bus = await connect(reactor, where.router_address(), key)
    try:
        found["more"] = [*await _people(bus), *await _mail(bus)]
    finally:
        await bus.stop()
    return found


def _unpublished(found: dict[str, Any]) -> Findings:
    stuck = {one["service"]: one["unpublished"] for one in found["services"] if one["unpublished"]}
    for service, count in stuck.items():
        yield wrong(
            "events", f"{count} of {service} are recorded and not published", "See its log: no process may hold its leases."
        )
    if not stuck:
        yield fine("events", "all that is recorded is published")


def followers(where: Surroundings) -> Findings:
    """Whether every service has heard what the others have told, by its own notes."""
    opened = databases(where)
    there = {name: one for name, one in opened.items() if not (one.file and not one.file.exists())}
    behind: list[str] = []
    try:
        for name, one in there.items():
            with one.transaction(write=False) as connection:
                cursors = connection.execute(select(tables.cursor)).mappings().all()
            for cursor in cursors:
                source = there.get(cursor["service"])
                problem = _behind(name, cursor["scope"], cursor["epoch"], cursor["seq"], source) if source else ""
                if problem:
                    behind.append(f"{name} {problem} of {cursor['service']}, {cursor['scope']}")
    finally:
        for one in opened.values():
            one.dispose()
    for problem in behind:
        yield wrong("followers", problem, "Its log says why; it goes on by itself when that is mended.")
    if not behind:
        yield fine("followers", "nobody is behind")


def _behind(service: str, scope: str, epoch: str, seq: int, source: Database) -> str:
    """What a service has not heard of a stream for a while. Events that it does nothing on count for nothing."""
    names = [name for of, name in definition_of(service).handlers.listeners if of == source.schema]
    event = tables.event
    with source.transaction(write=False) as connection:
        if source.epoch(connection) != epoch:
            return "follows another history"
        question = select(func.count()).where(
            event.c.scope == scope, event.c.seq > seq, event.c.name.in_(names), event.c.at < datetime.now(UTC) - A_WHILE
        )
        missing = connection.execute(question).scalar_one()
    return f"has not heard {missing} events" if missing else ""


async def _people(bus: Any) -> list[Finding]:
    try:
        people = (await bus.ask(ReadCampus())).people
    except Refusal:
        return []
    if any(person.administrator and person.active for person in people):
        return [fine("administrators", "there is one")]
    return [note("administrators", "there is none", "chalkbell person add ada-stone 'Ada Stone' ada@example.edu --administrator")]


async def _mail(bus: Any) -> list[Finding]:
    try:
        mail = await bus.ask(ListDeliveries(limit=1))
    except Refusal:
        return []
    if mail.problem:
        return [wrong("mail", mail.problem, "See CHALKBELL_NOTIFIER_SMTP_HOST and its neighbours; mail waits and is sent then.")]
    dead = mail.counts.get("dead", 0)
    if dead:
        return [note("mail", f"{dead} messages were given up", "chalkbell call notifier.v1.deliveries.list state=dead")]
    return [fine("mail", "goes out")]


def _doors(url: str) -> Findings:
    page = look_at_page(f"{url}/")
    yield (
        fine("pages", f"{url} answers")
        if page == "200"
        else wrong("pages", f"{url} answers {page}", "Run `make build-web`; see the router's log.")
    )
    # without a cookie the gateway says that nobody is signed in; a proxy without a gateway behind says something else
    api = look_at_page(f"{url}/api/openapi.json")
    if api in ("200", "401", "403", "404", "405"):
        yield fine("gateway", "answers over HTTP")
    else:
        yield wrong("gateway", f"{url}/api answers {api}", "Is the gateway running, and CHALKBELL_GATEWAY_PORT the router's?")


def look_at_page(url: str) -> str:
    """The status that a page answers with, or why it does not."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            answer.read()
            return str(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return str(error.code)
    except OSError as error:
        return str(error)
