"""The router's permissions table: who may call and follow what, from the contracts."""

from __future__ import annotations

import json
import re

from chalkbell.contracts import PROCEDURES, TOPICS, load_all

AUTHENTICATE = "chalkbell.directory.v1.authenticate"


def permissions() -> str:
    """The table as JSON text. Calls by URI and topics (with `{scope}` for their scope) to the lowest level that may."""
    load_all()
    calls = {procedure.uri: procedure.allow.value for procedure in PROCEDURES.values()}
    calls[AUTHENTICATE] = "router"
    topics = {re.sub(r"\{[a-z_]+\}", "{scope}", pattern): "person" for pattern in TOPICS}
    return json.dumps({"calls": calls, "topics": topics}, indent=2, sort_keys=True) + "\n"
