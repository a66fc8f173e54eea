"""Who is there: the open sessions of people, and who follows which scope. Read from Crossbar's own objects, as `endings` does."""

import re
from typing import Any

PEOPLE = ("person", "administrator")
_SCOPE = re.compile(r"^chalkbell\.([a-z][a-z0-9]*)\.v[0-9]+\.([^.]+)\.")


def sessions(component: Any) -> list[dict[str, Any]]:
    """Every open session of a person: `session`, `person` and `role`."""
    router = component._transport._router
    return [
        {"session": session._session_id, "person": authid, "role": session._session_details.authrole}
        for authid, found in router._authid_to_sessions.items()
        for session in found
        if session._session_details.authrole in PEOPLE
    ]


def subscribers(component: Any, service: str, scope: str | None) -> dict[str, list[Any]]:
    """Who follows scopes of `service`: the `scopes` with any people, and the `subscribers` of the one named."""
    broker = component._transport._router._broker
    scopes: set[str] = set()
    people: dict[str, str] = {}
    for session, subscriptions in broker._session_to_subscriptions.items():
        details = getattr(session, "_session_details", None)
        if details is None or details.authrole not in PEOPLE:
            continue
        for subscription in subscriptions:
            found = _SCOPE.match(subscription.uri)
            if found and found[1] == service:
                scopes.add(found[2])
                if found[2] == scope:
                    people[details.authid] = details.authrole
    return {
        "scopes": sorted(scopes),
        "subscribers": [{"person": person, "role": role} for person, role in sorted(people.items())],
    }
