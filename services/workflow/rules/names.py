"""Names of definitions' versions."""

from __future__ import annotations


def definition_id(package: str | None, name: str, version: int) -> str:
    """The id of one version: `default.1` where it is shared, `cs-2026.default.1` where a package owns it."""
    return ".".join(part for part in (package, name, str(version)) if part)


def owner_of(id: str) -> str | None:
    """The package that owns a definition's version, or none where it is shared."""
    parts = id.split(".")
    return parts[0] if len(parts) == 3 else None


def sign_off_id(assessment: str, number: int) -> str:
    """The id of a sign-off."""
    return f"{assessment}-{number}"


def parts_of_sign_off(id: str) -> tuple[str, int] | None:
    """The assessment and number that a sign-off's id is made of, or None where it is none."""
    assessment, _, number = id.rpartition("-")
    return (assessment, int(number)) if assessment and number.isascii() and number.isdigit() and len(number) < 16 else None
