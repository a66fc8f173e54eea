"""Hashing passwords with argon2id, and telling whether one is right without telling whether there is one."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from chalkbell.contracts.directory import Person, WeakPassword
from services.directory import rules
from services.directory.store import Store


@cache
def _hasher(memory: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=1, type=Type.ID)


@cache
def _nobodys(memory: int, rounds: int) -> str:
    """A hash that no password has been given for: comparing with it takes as long as with a real one."""
    return _hasher(memory, rounds).hash("nobody's")


def is_right(store: Store, person: str | None, password: str) -> bool:
    """Whether this is the person's password. Takes as long for nobody, and for who has none.

    A hash made with other parameters than are set now is made anew, which only the right password allows.
    """
    parameters = store.settings.password_memory, store.settings.password_rounds
    hasher = _hasher(*parameters)
    kept = store.password_hash(person) if person else None
    try:
        hasher.verify(kept or _nobodys(*parameters), rules.normal(password))
    except (Argon2Error, InvalidHashError):
        return False
    if person is None or kept is None:
        return False
    if hasher.check_needs_rehash(kept):
        _write(store, person, password)
    return True


def give(store: Store, person: Person, password: str, path: str) -> None:
    """Give somebody a password. Refused as `weak_password` with the `path` of the field."""
    if rules.is_weak(password, person):
        raise WeakPassword(path=path)
    _write(store, person.id, password)


def _write(store: Store, person: str, password: str) -> None:
    hasher = _hasher(store.settings.password_memory, store.settings.password_rounds)
    store.keep_password(person, hasher.hash(rules.normal(password)))


__all__ = ["give", "is_right"]
