"""`chalkbell status`: how the services are."""

from __future__ import annotations

from typing import Any

from chalkbell.cli import _out, app
from chalkbell.cli._who import AsJson, Data


@app.command()
def status(json: AsJson = False, data: Data = None) -> None:
    """Ask every service how it is. Exit code 3 when one is not well, or does not answer."""
    from chalkbell.cli._campus import operators_key, surroundings
    from chalkbell.cli._health import healths
    from chalkbell.cli._reactor import run

    where = surroundings(data)
    key = operators_key(where)

    async def main(reactor: Any) -> dict[str, Any]:
        return await healths(reactor, where.router_address(), key)

    found = run(main)
    well = not found["router"] and all(one["healthy"] for one in found["services"])
    if json:
        _out.data({"healthy": well, **found})
    elif found["router"]:
        _out.say(found["router"], style="red")
        _out.say("`chalkbell doctor` may know more.")
    else:
        rows = [
            (
                one["service"],
                "well" if one["healthy"] else "unwell",
                one["version"],
                str(one["streams"]),
                str(one["unpublished"]),
                "; ".join(one["problems"]),
            )
            for one in found["services"]
        ]
        _out.table(("service", "is", "version", "streams", "unpublished", "problems"), rows)
    if not well:
        raise SystemExit(_out.UNHEALTHY)
