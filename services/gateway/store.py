"""What the gateway remembers: nothing. Whom its sessions are of, the directory knows."""

from __future__ import annotations

from chalkbell.store import Store

__all__ = ["Store"]
