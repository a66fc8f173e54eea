"""The file: a tar archive whose first member, `manifest.json`, says what else is in it."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
Progress = Callable[[str, int, int], None]


class BackupProblem(Exception):
    """Backup or restore cannot be done; nothing was changed. The message says why and what to do."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A file in the archive."""

    name: str
    size: int
    sha256: str


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive holds of one service: its history's name, the last migrations that were run, its files."""

    epoch: str
    revisions: list[str]
    parts: list[Part]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is: of which version, when and from which engine."""

    format: int
    version: str
    engine: str
    made: datetime
    services: dict[str, Held]


def describe(folder: Path, name: str) -> Part:
    """A file that is to be put into the archive."""
    digest = hashlib.sha256()
    with (folder / name).open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return Part(name=name, size=(folder / name).stat().st_size, sha256=digest.hexdigest())


def pack(path: Path, folder: Path, manifest: Manifest, progress: Progress) -> None:
    """Write the archive; whole or not at all, for its owner alone. Compressed when its name ends with gz."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    names = [part.name for held in manifest.services.values() for part in held.parts]
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    compressing = path.name.endswith("gz")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz" if compressing else "w") as archive:
                about = tarfile.TarInfo(MANIFEST)
                about.size, about.mode, about.mtime = len(text), 0o600, int(manifest.made.timestamp())
                archive.addfile(about, io.BytesIO(text))
                for number, name in enumerate(names):
                    progress("Writing", number, len(names))
                    archive.add(folder / name, arcname=name, recursive=False)
                progress("Writing", len(names), len(names))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself. Raises `BackupProblem` for a file that is none, or of a later format."""
    with _open(path) as archive:
        return _manifest(archive, path)


def unpack(path: Path, folder: Path, progress: Progress) -> Manifest:
    """Lay the files of an archive into a folder, each checked against the manifest. Raises `BackupProblem` when one differs."""
    with _open(path) as archive:
        manifest = _manifest(archive, path)
        parts = [part for held in manifest.services.values() for part in held.parts]
        for number, part in enumerate(parts):
            progress("Reading", number, len(parts))
            _lay(archive, part, folder, path)
        progress("Reading", len(parts), len(parts))
    return manifest


def problem_of(path: Path, what: str) -> BackupProblem:
    """The refusal of a damaged file."""
    return BackupProblem(f"{path} is damaged: {what}. Nothing was changed. Take another backup.")


@contextmanager
def _open(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:*") as archive:
            yield archive
    except FileNotFoundError as error:
        raise BackupProblem(f"There is no file {path}.") from error
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupProblem(f"{path} cannot be read as a backup: {error}. Nothing was changed.") from error


def _manifest(archive: tarfile.TarFile, path: Path) -> Manifest:
    first = archive.next()
    file = archive.extractfile(first) if first and first.name == MANIFEST else None
    if file is None:
        raise BackupProblem(f"{path} is no backup of Chalkbell: it does not begin with {MANIFEST}.")
    try:
        manifest = msgspec.json.decode(file.read(), type=Manifest)
    except msgspec.DecodeError as error:
        raise problem_of(path, f"its manifest cannot be read ({error})") from error
    if manifest.format != FORMAT:
        raise BackupProblem(f"{path} was written by Chalkbell {manifest.version}, in a later format. Restore it with that version.")
    return manifest


def _lay(archive: tarfile.TarFile, part: Part, folder: Path, path: Path) -> None:
    try:
        member = archive.getmember(part.name)
        source = archive.extractfile(member) if member.isreg() else None
    except KeyError:
        source = None
    if source is None or part.name != Path(part.name).as_posix() or ".." in Path(part.name).parts or Path(part.name).is_absolute():
        raise problem_of(path, f"{part.name} is missing")
    target = folder / part.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        while chunk := source.read(CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if describe(folder, part.name) != part:
        raise problem_of(path, f"{part.name} is not what was written")
