"""What is generated from the contracts is committed as it is, and says what its format demands."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from chalkbell import schema
from chalkbell.contracts import PROCEDURES, REFUSALS, TOPICS, Allow, load_all
from chalkbell.contracts.workflow import SignOff
from chalkbell.schema.language import Language

ROOT = Path(__file__).parents[2]
load_all()


@cache
def products() -> dict[str, str]:
    return schema.products()


def document(name: str) -> dict[str, Any]:
    return json.loads(products()[f"docs/reference/{name}"])


def references(found: Any) -> Iterator[str]:
    """Every `$ref` in a document."""
    if isinstance(found, dict):
        if isinstance(found.get("$ref"), str):
            yield found["$ref"]
        for value in found.values():
            yield from references(value)
    elif isinstance(found, list):
        for value in found:
            yield from references(value)


def follow(whole: dict[str, Any], reference: str) -> Any:
    found: Any = whole
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def test_the_committed_copies_are_what_the_contracts_say() -> None:
    """Otherwise: `make generate`, look at what changed, and commit it."""
    assert schema.check(ROOT) == []


def test_the_same_contracts_give_the_same_text() -> None:
    """In another process, with another order of sets."""
    program = "import hashlib\nfrom chalkbell import schema\nprint(hashlib.sha256(repr(schema.products()).encode()).hexdigest())"
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_writing_makes_the_differences_go_away(tmp_path: Path) -> None:
    """All are missing at first; a changed one is found and mended."""
    assert schema.write(tmp_path) == list(schema.products())
    assert schema.check(tmp_path) == []
    (tmp_path / "web/src/contracts.ts").write_text("something else")
    assert schema.write(tmp_path) == ["web/src/contracts.ts"]


@pytest.mark.parametrize("name", ["contracts.schema.json", "asyncapi.json", "openapi.json"])
def test_every_reference_leads_somewhere(name: str) -> None:
    """In one document, from its root."""
    whole = document(name)
    for reference in references(whole):
        assert follow(whole, reference) is not None


def test_every_type_of_the_contracts_has_a_sound_schema() -> None:
    """Under its one name, and what a service accepts is what the schema accepts."""
    whole = document("contracts.schema.json")
    language = Language.of_contracts()
    names = [language.name(kind) for kind in language.all]
    assert sorted(whole["$defs"]) == sorted(set(names))
    assert len(names) == len(set(names))
    jsonschema.Draft202012Validator.check_schema(whole)
    validator = jsonschema.Draft202012Validator({**whole, "$ref": "#/$defs/SignOff"})
    good: dict[str, Any] = {"assessment": "cs-101-exam", "state": "approved", "seen": 3}
    assert validator.is_valid(good)
    msgspec.convert(good, SignOff)
    for bad in (
        {**good, "seen": -1},
        {**good, "state": "UPPER"},
        {**good, "state": "a\n"},
        {"state": "approved"},
        {**good, "other": 1},
    ):
        assert not validator.is_valid(bad)
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(bad, SignOff)


def test_asyncapi_has_a_channel_and_an_operation_for_every_procedure_and_topic() -> None:
    """With what AsyncAPI 3 demands of each: an action, a channel, messages of that channel, and parameters for the braces."""
    whole = document("asyncapi.json")
    assert whole["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= whole["info"].keys()
    assert {channel["address"] for channel in whole["channels"].values()} == PROCEDURES.keys() | TOPICS.keys()
    for key, channel in whole["channels"].items():
        assert re.fullmatch(r"[A-Za-z0-9_-]+", key)
        assert set(re.findall(r"\{(\w+)\}", channel["address"])) == set(channel.get("parameters", {}))
    assert whole["operations"].keys() == whole["channels"].keys()
    for operation in whole["operations"].values():
        assert operation["action"] in ("send", "receive")
        for part in (operation, operation.get("reply")):
            if part:
                assert all(reference["$ref"].startswith(part["channel"]["$ref"] + "/messages/") for reference in part["messages"])


def test_openapi_has_every_procedure_that_people_may_call_and_no_other() -> None:
    """Each with what it is asked, its answer, and its refusals under the statuses that they have."""
    whole = document("openapi.json")
    outside = {uri for uri, procedure in PROCEDURES.items() if procedure.allow in (Allow.PERSON, Allow.ADMINISTRATOR)}
    signing_in = {"sign-in", "sign-out", "ticket", "health"}
    assert {path.removeprefix("/api/") for path in whole["paths"]} == {
        uri.removeprefix("chalkbell.") for uri in outside
    } | signing_in
    operations = [operation for path in whole["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for uri in outside:
        operation = whole["paths"][f"/api/{uri.removeprefix('chalkbell.')}"]["post"]
        assert {"200", "401", "403", "404", "422", "429", "500", "503"} <= operation["responses"].keys()
        for refusal in PROCEDURES[uri].refusals:
            response = operation["responses"][str(refusal.http_status)]
            response = follow(whole, response["$ref"]) if "$ref" in response else response
            assert refusal.uri in response["content"]["application/json"]["schema"]["allOf"][1]["properties"]["error"]["enum"]


def test_openapi_takes_an_idempotency_key_where_a_request_id_is_taken() -> None:
    """For changes; not for questions, and not where the answer is a secret."""
    paths = document("openapi.json")["paths"]
    assert "parameters" in paths["/api/workflow.v1.sign_off"]["post"]
    assert "parameters" not in paths["/api/classroom.v1.room.read"]["post"]
    assert "parameters" not in paths["/api/directory.v1.token.make"]["post"]


def test_typescript_names_every_procedure_topic_and_refusal() -> None:
    """The tables that the pages are typed by."""
    text = schema.typescript()
    for uri in PROCEDURES:
        assert f'  "{uri.removeprefix("chalkbell.")}": {{ ask: ' in text
    for topic in TOPICS.values():
        assert f'  "{topic.service}.v1.{topic.name}": ' in text
    for uri in REFUSALS:
        assert f'| "{uri.removeprefix("chalkbell.")}"' in text


def test_a_field_with_a_default_may_be_left_out_of_a_question_and_is_always_in_an_answer() -> None:
    """As services write it."""
    text = schema.typescript()
    assert re.search(r"export interface Split \{[^}]*\n  kept\?: boolean;", text)
    assert re.search(r"export interface Mode \{[^}]*\n  groups: GroupOfRoom\[\];", text)


def test_permissions_name_everything_and_the_router_alone_asks_who_somebody_is() -> None:
    """What is not in the table is refused."""
    table = json.loads(schema.permissions())
    assert PROCEDURES.keys() <= table["calls"].keys()
    assert table["calls"]["chalkbell.directory.v1.authenticate"] == "router"
    assert len(table["topics"]) == len(TOPICS)


def test_the_reference_has_a_page_for_each_service_with_all_its_procedures() -> None:
    """And every setting is on the settings page and in the example."""
    for uri, procedure in PROCEDURES.items():
        if procedure.request.__module__ != "chalkbell.contracts.shared":
            assert f"### {uri.removeprefix('chalkbell.')}\n" in products()[f"docs/reference/{procedure.service}.md"]
    for product in ("docs/reference/settings.md", ".env.example"):
        assert "CHALKBELL_CLASSROOM_SEAT_GRACE" in products()[product]
        assert "CHALKBELL_DATABASE_PASSWORD_FILE" in products()[product]
