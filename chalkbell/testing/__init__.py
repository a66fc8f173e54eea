"""Test doubles that ship: a clock that stands still, a campus of services in memory, and a router in memory that can lose things."""

from chalkbell.testing.bus import MemoryBus, MemoryRouter
from chalkbell.testing.campus import Member, MemoryCampus
from chalkbell.testing.clock import FrozenClock

__all__ = ["FrozenClock", "Member", "MemoryBus", "MemoryCampus", "MemoryRouter"]
