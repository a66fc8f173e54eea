"""What a page does with the events of a room's stream."""

from typing import Any

import msgspec

from chalkbell.contracts import Envelope
from chalkbell.contracts.classroom import RoomState


def apply(snapshot: dict[str, Any], event: Envelope) -> None:
    """What a page does with an event: no more than put in place what it says."""
    data = event.data
    match event.name:
        case "room_changed":
            snapshot["room"] = data["details"]
        case "joined" | "participant_changed":
            snapshot["participants"][data["participant"]["person"]] = data["participant"]
        case "left":
            del snapshot["participants"][data["person"]]
        case "switched":
            assert data["mode"]["number"] == snapshot["mode"].get("number", 0) + 1, "the number of the mode grows by one"
            snapshot["mode"] = data["mode"]
        case "groups_changed":
            assert data["number"] == snapshot["mode"]["number"]
            snapshot["mode"]["groups"] = data["groups"]
        case _:
            raise AssertionError(event.name)


def plain(state: RoomState) -> dict[str, Any]:
    """A snapshot as a page holds it."""
    found = msgspec.to_builtins(state)
    return {
        "room": found["room"],
        "participants": {participant["person"]: participant for participant in found["participants"]},
        "mode": found["mode"],
    }
