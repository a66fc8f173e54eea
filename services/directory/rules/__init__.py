"""What the directory decides."""

from services.directory.rules.guessing import Bucket, buckets, network
from services.directory.rules.imports import Row, read
from services.directory.rules.people import administers, changed, is_reserved
from services.directory.rules.secrets import SESSION, TICKET, TOKEN, digest, is_weak, normal

__all__ = [
    "SESSION", "TICKET", "TOKEN", "Bucket", "Row", "administers", "buckets", "changed", "digest", "is_reserved", "is_weak", "network",
    "normal", "read",
]  # fmt: skip
