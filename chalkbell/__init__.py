"""Chalkbell: campus services that speak in events."""

__version__ = "0.1.0"
