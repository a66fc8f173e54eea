"""Runs inside a router's worker in tests: numbers that are otherwise drawn at random count upwards, so that bytes can be compared."""

import itertools

import autobahn.util
from autobahn.twisted.wamp import ApplicationSession

FIRST = 4_000_000_000_000_000


class Counting:
    """Stands in the place of the module `random` in autobahn's utilities."""

    def __init__(self):
        self.begin(FIRST)

    def begin(self, first):
        self.numbers = itertools.count(first)

    def randint(self, lowest, highest):
        return next(self.numbers)


class Determined(ApplicationSession):
    """`tests.begin` lets the numbers go on from the one it is given."""

    async def onJoin(self, details):
        counting = autobahn.util.random = Counting()
        await self.register(counting.begin, "tests.begin")
