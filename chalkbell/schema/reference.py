"""Reference pages: for each service its procedures, events and refusals, and the structures that they are made of."""

from __future__ import annotations

import importlib
import re
from typing import Any

from msgspec import inspect as types

from chalkbell.contracts import PREFIX, PROCEDURES, REFUSALS, SERVICES, TOPICS, Allow, Procedure, Refusal, Request, Topic
from chalkbell.schema.language import Language, choices, documentation, is_enumeration, service_of
from chalkbell.schema.words import default_in_words, description, limits_in_words, type_in_words

_WHO = {
    Allow.PERSON: "everybody who is signed in; what is below may say more",
    Allow.ADMINISTRATOR: "administrators of the campus, and other services",
    Allow.SERVICE: "other services",
    Allow.ROUTER: "the router",
}
_GENERATED = "<!-- Generated from chalkbell/contracts by `make generate`. Do not edit. -->\n"
_SHARED = "what-all-services-answer"


def reference() -> dict[str, str]:
    """The text of each page by its name."""
    language = Language.of_contracts()
    pages = {service: _service(service, language) for service in SERVICES if _own(service)}
    pages[_SHARED] = _shared(language)
    pages["refusals"] = _refusals()
    return pages


def _own(service: str) -> list[Procedure]:
    found = [procedure for procedure in PROCEDURES.values() if procedure.service == service and service_of(procedure.request)]
    return sorted(found, key=lambda procedure: procedure.uri)


def _service(service: str, language: Language) -> str:
    procedures = _own(service)
    topics = sorted((topic for topic in TOPICS.values() if topic.service == service), key=lambda topic: topic.name)
    refusals = [kind for uri, kind in sorted(REFUSALS.items()) if uri.startswith(f"{PREFIX}{service}.")]
    page = [_GENERATED, f"# {service.capitalize()}\n", documentation_of_module(service), "## Procedures\n"]
    page += [_procedure(procedure, language) for procedure in procedures]
    if topics:
        page += ["## Events\n", *(_topic(topic, language) for topic in topics)]
    if refusals:
        page += ["## Refusals\n", *(_refusal(kind) for kind in refusals)]
    page += ["## Structures\n", *_structures(service, language)]
    return "\n".join(page)


def documentation_of_module(service: str) -> str:
    """What the service's contracts say of themselves."""
    return _text((importlib.import_module(f"chalkbell.contracts.{service}").__doc__ or "").strip()) + "\n"


def _shared(language: Language) -> str:
    page = [_GENERATED, "# What all services answer\n", "Each under its own name, here `<service>`.\n", "## Procedures\n"]
    shared: dict[type[Any], Procedure] = {p.request: p for p in PROCEDURES.values() if not service_of(p.request)}
    for procedure in shared.values():
        page.append(_procedure(procedure, language, uri=procedure.uri.replace(f".{procedure.service}.", ".&lt;service&gt;.", 1)))
    page += ["## Structures\n", *_structures("", language)]
    return "\n".join(page)


def _refusals() -> str:
    page = [_GENERATED, "# Refusals of all services\n", "What any call may be refused with. A service's own stand on its page.\n"]
    return "\n".join(
        [*page, *(_refusal(kind, "##") for uri, kind in sorted(REFUSALS.items()) if uri.startswith(f"{PREFIX}error."))]
    )


def _procedure(procedure: Procedure, language: Language, uri: str = "") -> str:
    name = (uri or procedure.uri).removeprefix(PREFIX)
    lines = [f"### {name}\n", _text(procedure.documentation), ""]
    lines.append(f"Who may call it: {_WHO[procedure.allow]}.  ")
    lines.append(f"Answer: {_link(procedure.answer, language)}.  ")
    if procedure.refusals:
        lines.append(
            "Refusals of its own: " + ", ".join(f"`{kind.uri.removeprefix(PREFIX)}`" for kind in procedure.refusals) + ".  "
        )
    return "\n".join([*lines, "", _fields(procedure.request, language, asked=True)])


def _topic(topic: Topic, language: Language) -> str:
    lines = [f"### {topic.name}\n", f"`{topic.pattern}`\n", _text(topic.documentation), ""]
    if topic.passing:
        lines += ["It passes: there is no record of it and nothing may depend on it.", ""]
    return "\n".join([*lines, _fields(topic.event, language, asked=False)])


def _refusal(kind: type[Refusal], level: str = "###") -> str:
    return f"{level} {kind.__name__}\n\n`{kind.uri}`, over HTTP with status {kind.http_status}\n\n{_text(documentation(kind))}\n"


def _structures(service: str, language: Language) -> list[str]:
    events = {topic.event for topic in TOPICS.values()}
    shown = (kind for kind in language.all if service_of(kind) == service and not issubclass(kind, Request))
    return [_structure(kind, language) for kind in shown if kind not in events or _is_answer(kind)]


def _is_answer(kind: type[Any]) -> bool:
    return any(procedure.answer is kind for procedure in PROCEDURES.values())


def _structure(kind: type[Any], language: Language) -> str:
    head = f"({_target(kind, language)})=\n### {language.name(kind)}\n\n{_text(documentation(kind))}\n"
    if is_enumeration(kind):
        return head + "\n" + "\n".join(f"- `{value}`" for value in choices(kind)) + "\n"
    return f"{head}\n{_fields(kind, language, asked=False)}"


def _fields(kind: type[Any], language: Language, *, asked: bool) -> str:
    info = types.type_info(kind)
    assert isinstance(info, types.StructType)
    if not info.fields:
        return "It has no fields.\n"
    columns = ["field", "is", "limits", *(["if left out"] if asked else []), "says"]
    rows = [columns, ["---"] * len(columns)]
    for field in info.fields:
        row = [f"`{field.encode_name}`", type_in_words(field.type, lambda kind: _link(kind, language)), limits_in_words(field.type)]
        if asked:
            row.append(default_in_words(field))
        rows.append([*row, _text(description(field.type))])
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows) + "\n"


def _link(kind: type[Any], language: Language) -> str:
    if kind in {topic.event for topic in TOPICS.values()} and not _is_answer(kind):
        return f"`{language.name(kind)}`"
    return f"[{language.name(kind)}](#{_target(kind, language)})"


def _target(kind: type[Any], language: Language) -> str:
    return f"{service_of(kind) or 'shared'}-{language.name(kind)}".lower()


def _text(text: str) -> str:
    # what is no code must not be taken for markup
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(piece if piece.startswith("`") else re.sub(r"([<>*_\[\]{}])", r"\\\1", piece) for piece in pieces)
