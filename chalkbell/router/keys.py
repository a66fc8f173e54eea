"""The keys with which services and the operator sign in: made at first start, one file each, readable by their owner
alone.
"""

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from nacl.signing import SigningKey

SERVICES = ("directory", "gateway", "workload", "workflow", "notifier", "classroom")
OPERATOR = "operator"
NAMES = (*SERVICES, OPERATOR)


class UnsafeKeys(Exception):
    """A key can be read by others, or is not a key. Restore its mode or delete it and start again."""


def key_path(directory: Path, name: str) -> Path:
    """The file that holds the key of `name`, a service or the operator: an ed25519 seed, 64 hex digits."""
    return directory / f"{name}.key"


def make_keys(directory: Path, names: tuple[str, ...] = NAMES) -> Mapping[str, str]:
    """Make what is missing of the keys of `names` and return every public key, as hex, by name.

    Doing it twice changes nothing, nor do two processes that do it at once: the first key stays.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if stat.S_IMODE(directory.stat().st_mode) != 0o700:  # where all is as it should be it may be mounted read-only
        directory.chmod(0o700)
    for name in names:
        if not key_path(directory, name).exists():
            _make(directory, name)
    return {name: public_key(directory, name) for name in names}


def _make(directory: Path, name: str) -> None:
    """Write a whole key beside its place, then link it there: a link never replaces, so whoever is first wins."""
    draft = directory / f".{name}.{secrets.token_hex(8)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(SigningKey.generate().encode().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, key_path(directory, name))
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def read_seed(directory: Path, name: str) -> str:
    """The secret seed of `name`, 64 hex digits. Refuses (`UnsafeKeys`) what others could read or what is no seed."""
    path = key_path(directory, name)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsafeKeys(f"{path} can be read by others: chmod 600 it, or delete it and start again")
    seed = path.read_text().strip()
    if len(seed) != 64 or not all(digit in "0123456789abcdef" for digit in seed):
        raise UnsafeKeys(f"{path} is not a key: delete it and start again")
    return seed


def public_key(directory: Path, name: str) -> str:
    """The public key of `name`, 64 hex digits."""
    return SigningKey(bytes.fromhex(read_seed(directory, name))).verify_key.encode().hex()
