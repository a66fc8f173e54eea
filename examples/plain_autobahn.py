"""Call one procedure and follow one stream with autobahn alone: nothing of Chalkbell's is imported.

    CHALKBELL_TOKEN=cb_... python examples/plain_autobahn.py ada-stone cs-2026

Signs in with a personal access token as its ticket, prints where the package's assessments stand, then each event as it happens, one
JSON object a line. A third argument ends it after so many events. CHALKBELL_URL says where the campus is. What happens while the
connection is lost is not told here: see follow_with_chalkbell.py for how to miss nothing.
"""
# pyright: basic

import asyncio
import json
import os
import sys

from autobahn.asyncio.component import Component
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import SubscribeOptions


def say(**what: object) -> None:
    """Print one thing."""
    print(json.dumps(what), flush=True)


async def main(person: str, package: str, count: int | None) -> int:
    """Call, then follow. The exit code."""
    url = os.environ.get("CHALKBELL_URL", "http://127.0.0.1:8080").rstrip("/")
    campus = Component(
        transports=[{"type": "websocket", "url": f"{url.replace('http', 'ws', 1)}/ws", "serializers": ["json"], "max_retries": 0}],
        realm="campus",
        authentication={"ticket": {"authid": person, "ticket": os.environ["CHALKBELL_TOKEN"]}},
        is_fatal=lambda error: True,
    )
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    seen = 0

    def heard(event: dict) -> None:
        nonlocal seen
        if event["seq"] == 0:
            return  # announcements, which tell nothing new
        seen += 1
        say(event=event["name"], seq=event["seq"], by=event["by"], correlation_id=event["correlation_id"], data=event["data"])
        if seen == count and not done.done():
            done.set_result(0)

    @campus.on_join
    async def joined(session, details) -> None:
        try:
            # Subscribe first, then ask: what happens in between is heard.
            topic = f"chalkbell.workflow.v1.{package}."
            await session.subscribe(heard, topic, options=SubscribeOptions(match="prefix"))
            found = await session.call("chalkbell.workflow.v1.assessments.list", package=package)
        except ApplicationError as refusal:
            say(refused=refusal.error, message=refusal.args[0] if refusal.args else "")
            done.set_result(1)
            return
        for one in found["assessments"]:
            say(assessment=one["id"], module=one["module_code"], state=one["state"])
        say(following=topic, **{"from": found["position"]["seq"]})

    @campus.on_leave
    async def left(session, details) -> None:
        if not done.done():
            say(closed=details.reason, message=details.message)
            done.set_result(1)

    running = asyncio.ensure_future(campus.start(asyncio.get_running_loop()))
    running.add_done_callback(lambda ended: done.done() or done.set_result(1 if ended.exception() else 0))
    code = await done
    await campus.stop()
    return code


if __name__ == "__main__":
    if len(sys.argv) < 3 or "CHALKBELL_TOKEN" not in os.environ:
        sys.exit("usage: CHALKBELL_TOKEN=cb_... python examples/plain_autobahn.py PERSON PACKAGE [EVENTS]")
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None)))
