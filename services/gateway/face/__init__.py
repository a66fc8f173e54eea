"""The HTTP face."""

from services.gateway.face.site import Face

__all__ = ["Face"]
