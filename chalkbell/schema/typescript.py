"""The contracts in TypeScript: an interface for each structure, and tables of procedures, topics and refusals."""

from __future__ import annotations

import json
from typing import Any

from msgspec import inspect as types

from chalkbell.contracts import PREFIX, PROCEDURES, REFUSALS, TOPICS
from chalkbell.schema.language import Language, choices, documentation, is_enumeration
from chalkbell.schema.words import description


def typescript() -> str:
    """The text of `web/src/contracts.ts`.

    Fields with defaults may be left out of what is asked, and are always there in what is told.
    """
    language = Language.of_contracts()
    sections = ["// Generated from chalkbell/contracts by `make generate`. Do not edit.\n"]
    sections += [_declaration(kind, language) for kind in language.all]
    sections += [_procedures(language), _topics(language), _refusals()]
    return "\n".join(sections)


def _declaration(kind: type[Any], language: Language) -> str:
    head = _comment(documentation(kind))
    if is_enumeration(kind):
        values = " | ".join(json.dumps(value) for value in choices(kind))
        return f"{head}export type {language.name(kind)} = {values};\n"
    info = types.type_info(kind)
    assert isinstance(info, types.StructType)
    fields = "".join(_field(field, kind in language.asked, language) for field in info.fields)
    return f"{head}export interface {language.name(kind)} {{\n{fields}}}\n"


def _field(field: types.Field, asked: bool, language: Language) -> str:
    optional = "?" if asked and not field.required else ""
    return f"{_comment(description(field.type), '  ')}  {field.encode_name}{optional}: {_type(field.type, language)};\n"


def _type(info: types.Type, language: Language) -> str:
    match info:
        case types.Metadata():
            return _type(info.type, language)
        case types.StructType() | types.EnumType():
            return language.name(info.cls)
        case types.ListType() | types.SetType() | types.FrozenSetType() | types.VarTupleType():
            item = _type(info.item_type, language)
            return f"({item})[]" if " | " in item else f"{item}[]"
        case types.DictType():
            return f"Record<string, {_type(info.value_type, language)}>"
        case types.UnionType():
            return " | ".join(_type(part, language) for part in info.types)
        case types.LiteralType():
            return " | ".join(json.dumps(value) for value in info.values)
        case types.BoolType():
            return "boolean"
        case types.IntType() | types.FloatType() | types.DecimalType():
            return "number"
        case types.NoneType():
            return "null"
        case types.AnyType() | types.RawType():
            return "unknown"
        case _:
            return "string"  # dates, moments and durations are text on the wire


def _comment(text: str, indent: str = "") -> str:
    if not text:
        return ""
    lines = text.replace("*/", "* /").splitlines()
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    return f"{indent}/**\n" + "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines) + f"{indent} */\n"


def _procedures(language: Language) -> str:
    lines = ["/** What each procedure is asked and answers, by its URI without `chalkbell.`. */", "export interface Procedures {"]
    for uri, procedure in sorted(PROCEDURES.items()):
        answer = _type(types.type_info(procedure.answer), language)
        lines.append(f'  "{uri.removeprefix(PREFIX)}": {{ ask: {language.name(procedure.request)}; answer: {answer} }};')
    return "\n".join([*lines, "}\n"])


def _topics(language: Language) -> str:
    lines = ["/** What each event tells, by service, version and name: `workflow.v1.signed_off`. */", "export interface Topics {"]
    for topic in sorted(TOPICS.values(), key=lambda topic: (topic.service, topic.name)):
        lines.append(f'  "{topic.service}.v1.{topic.name}": {language.name(topic.event)};')
    return "\n".join([*lines, "}\n"])


def _refusals() -> str:
    names = "".join(f'\n  | "{uri.removeprefix(PREFIX)}"' for uri in sorted(REFUSALS))
    return f"/** What a call may be refused with: the error's URI without `chalkbell.`. */\nexport type Refusals ={names};\n"
