"""OpenAPI 3.1: every procedure that people may call, over HTTP."""

from __future__ import annotations

from typing import Any

from msgspec import inspect as types

import chalkbell
from chalkbell.contracts import PREFIX, PROCEDURES, REFUSALS, SERVICES, Allow, Procedure, Refusal, load_all
from chalkbell.contracts.directory import Me, NotSignedIn, TooManyAttempts, WrongPassword
from chalkbell.contracts.refusals import Conflict, Internal, Invalid, NotAllowed, NotFound, TooMany, Unavailable
from chalkbell.schema.json_schema import components, dump
from chalkbell.schema.language import Language, documentation

_SCHEMAS = "#/components/schemas/{name}"
_ALWAYS: tuple[type[Refusal], ...] = (Invalid, NotSignedIn, NotAllowed, NotFound, TooMany, Unavailable, Internal)
_COMMON = (*_ALWAYS, Conflict)
_OUT_OF_DOORS = (Allow.PERSON, Allow.ADMINISTRATOR)
_DESCRIPTION = """\
Call a procedure of a campus with `POST /api/<procedure>`: its fields as a JSON object, the answer as one. The same rights and the same
refusals as over WAMP. Other systems sign in with a personal access token (`Authorization: Bearer cb_...`), browsers with a cookie.

A refusal has the status that its kind has, and says in `error` what it is, in `message` what to do and in `details` what is known
of it: `path` of the field that is wrong, `retry_after` seconds to wait.

Generated from chalkbell/contracts."""


def openapi() -> str:
    """The document as JSON text."""
    load_all()
    language = Language.of_contracts()
    schemas = components(_SCHEMAS, language)
    schemas["Refused"] = _refused()
    paths = _signing_in(language)
    for uri, procedure in sorted(PROCEDURES.items()):
        if procedure.allow in _OUT_OF_DOORS:
            paths[f"/api/{uri.removeprefix(PREFIX)}"] = {"post": _operation(uri, procedure, language)}
    return dump(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Chalkbell",
                "version": chalkbell.__version__,
                "description": _DESCRIPTION,
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/", "description": "The campus that this page comes from."}],
            "security": [{"token": []}, {"cookie": []}],
            "tags": [{"name": service} for service in ("sign-in", *SERVICES)],
            "paths": paths,
            "components": {
                "schemas": schemas,
                "responses": {kind.__name__: _refusal([kind]) for kind in _COMMON},
                "parameters": {"IdempotencyKey": _IDEMPOTENCY_KEY},
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer", "description": "A personal access token: `cb_...`."},
                    "cookie": {"type": "apiKey", "in": "cookie", "name": "chalkbell_session", "description": "Set by sign-in."},
                },
            },
        }
    )


_HEALTH: dict[str, Any] = {
    "operationId": "health",
    "tags": ["sign-in"],
    "summary": "Whether the campus can be called",
    "security": [],
    "responses": {"200": {"description": "It can."}, "503": {"description": "Not at the moment."}},
}

_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The `request_id`: the same request again with the same key is answered as the first time and changes nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9_.:-]+$"},
}


def _operation(uri: str, procedure: Procedure, language: Language) -> dict[str, Any]:
    first, _, rest = procedure.documentation.partition("\n")
    operation: dict[str, Any] = {
        "operationId": uri.removeprefix(PREFIX).replace(".", "_"),
        "tags": [procedure.service],
        "summary": first,
        "description": rest.strip() or first,
        "requestBody": _json(_SCHEMAS.format(name=language.name(procedure.request))) | {"required": True},
        "responses": {"200": {"description": "The answer."} | _json(_SCHEMAS.format(name=language.name(procedure.answer)))},
        "x-allow": procedure.allow.value,
    }
    if _takes_request_id(procedure):
        operation["parameters"] = [{"$ref": "#/components/parameters/IdempotencyKey"}]
    kinds = (*_ALWAYS, *((Conflict,) if procedure.changes else ()), *procedure.refusals)
    operation["responses"] |= _refusals(kinds)
    return operation


def _takes_request_id(procedure: Procedure) -> bool:
    info = types.type_info(procedure.request)
    assert isinstance(info, types.StructType)
    # where the answer is a secret there is none: the type is null alone
    return any(field.name == "request_id" and not isinstance(field.type, types.NoneType) for field in info.fields)


def _signing_in(language: Language) -> dict[str, Any]:
    credentials = {
        "type": "object",
        "properties": {"email": {"type": "string", "maxLength": 254}, "password": {"type": "string", "maxLength": 200}},
        "required": ["email", "password"],
    }
    body = {"required": True, "content": {"application/json": {"schema": credentials}}}
    ticket = {
        "type": "object",
        "description": "Who is signed in, and a ticket that opens one WAMP session.",
        "properties": {
            "person": {"$ref": _SCHEMAS.format(name=language.name(Me))},
            "ticket": {"type": "string"},
            "ticket_expires": {"type": "string", "format": "date-time"},
            "realm": {"const": "campus"},
        },
        "required": ["person", "ticket", "realm"],
    }
    signed_in = {"description": "Signed in.", "content": {"application/json": {"schema": ticket}}}
    failures: tuple[type[Refusal], ...] = (Invalid, WrongPassword, TooManyAttempts, Unavailable, Internal)
    return {
        "/api/sign-in": _post("sign_in", "Sign in with e-mail address and password", failures, signed_in, body, security=[]),
        "/api/ticket": _post("ticket", "A fresh ticket for who is signed in", (NotSignedIn, Unavailable, Internal), signed_in),
        "/api/health": {"get": _HEALTH},
        "/api/sign-out": _post("sign_out", "Sign this browser out", (Unavailable, Internal), {"description": "Signed out."}),
    }


def _post(
    name: str,
    summary: str,
    refusals: tuple[type[Refusal], ...],
    success: dict[str, Any],
    body: dict[str, Any] | None = None,
    security: list[Any] | None = None,
) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": name, "tags": ["sign-in"], "summary": summary}
    if body:
        operation["requestBody"] = body
    operation["security"] = [{"cookie": []}] if security is None else security
    operation["responses"] = {"200": success} | _refusals(refusals)
    return {"post": operation}


def _refusals(kinds: tuple[type[Refusal], ...]) -> dict[str, Any]:
    by_status: dict[int, list[type[Refusal]]] = {}
    for kind in dict.fromkeys(kinds):
        by_status.setdefault(kind.http_status, []).append(kind)
    return {str(status): _response(found) for status, found in sorted(by_status.items())}


def _response(kinds: list[type[Refusal]]) -> dict[str, Any]:
    # what may meet any call is written once
    if len(kinds) == 1 and kinds[0] in _COMMON:
        return {"$ref": f"#/components/responses/{kinds[0].__name__}"}
    return _refusal(kinds)


def _refusal(kinds: list[type[Refusal]]) -> dict[str, Any]:
    uris = [kind.uri for kind in kinds]
    narrowed = {"properties": {"error": {"enum": uris}}}
    description = "\n\n".join(f"`{kind.uri}`: {' '.join(documentation(kind).split())}" for kind in kinds)
    schema = {"allOf": [{"$ref": _SCHEMAS.format(name="Refused")}, narrowed]}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _refused() -> dict[str, Any]:
    return {
        "title": "Refused",
        "description": "Why a call was refused, and what to do.",
        "type": "object",
        "properties": {
            "error": {"type": "string", "examples": sorted(REFUSALS)[:1], "description": "The refusal's URI."},
            "message": {"type": "string", "description": "What to do, for people."},
            "details": {"type": "object", "description": "What is known of it, by name."},
        },
        "required": ["error", "message", "details"],
    }


def _json(reference: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": reference}}}}
