"""What the directory decides."""

from services.directory.rules.people import administers, changed, is_reserved

__all__ = ["administers", "changed", "is_reserved"]
