"""All types that the contracts speak of, each under one name."""

from __future__ import annotations

import enum
import inspect
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from msgspec import inspect as types

from chalkbell.contracts import PROCEDURES, TOPICS, Envelope, load_all

SHARED = ("core", "shared", "refusals")


@dataclass(frozen=True)
class Language:
    """The structures and enumerations in requests (`asked`) and in answers and events (`told`)."""

    asked: frozenset[type[Any]]
    told: frozenset[type[Any]]

    @classmethod
    def of_contracts(cls) -> Language:
        """The language of all services."""
        load_all()
        asked: set[type[Any]] = set()
        told: set[type[Any]] = {Envelope}
        for procedure in PROCEDURES.values():
            gather(types.type_info(procedure.request), asked)
            gather(types.type_info(procedure.answer), told)
        for topic in TOPICS.values():
            gather(types.type_info(topic.event), told)
        return cls(frozenset(asked), frozenset(told))

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(kind.__name__ for kind in self.asked | self.told)

    @property
    def all(self) -> list[type[Any]]:
        """Every type, in the order of the names."""
        return sorted(self.asked | self.told, key=self.name)

    def name(self, kind: type[Any]) -> str:
        """A type's name; of two that are called the same each has its service before it: `ClassroomNamed`."""
        service = service_of(kind)
        return kind.__name__ if self._counts[kind.__name__] == 1 or not service else service.capitalize() + kind.__name__


def gather(info: types.Type, into: set[type[Any]]) -> None:
    """Put all structures and enumerations that a type is made of into the set."""
    if isinstance(info, types.StructType):
        if info.cls not in into:
            into.add(info.cls)
            for field in info.fields:
                gather(field.type, into)
    elif isinstance(info, types.EnumType):
        into.add(info.cls)
    else:
        for part in parts(info):
            gather(part, into)


def parts(info: types.Type) -> list[types.Type]:
    """The types that a type which is no structure is directly made of."""
    if isinstance(info, types.Metadata):
        return [info.type]
    if isinstance(info, types.ListType | types.SetType | types.FrozenSetType | types.VarTupleType):
        return [info.item_type]
    if isinstance(info, types.DictType):
        return [info.key_type, info.value_type]
    if isinstance(info, types.UnionType):
        return list(info.types)
    return []


def service_of(kind: type[Any]) -> str:
    """The service whose contracts declare a type; empty for what all share."""
    part = kind.__module__.split(".")[2]
    return "" if part in SHARED else part


def is_enumeration(kind: type[Any]) -> bool:
    """Whether a type is a choice among names."""
    return issubclass(kind, enum.Enum)


def choices(kind: type[Any]) -> list[str]:
    """What an enumeration's members are written as."""
    return [str(member.value) for member in cast("type[enum.Enum]", kind)]


def documentation(kind: type[Any]) -> str:
    """A type's own documentation, without its indentation."""
    return inspect.cleandoc(kind.__doc__ or "")
