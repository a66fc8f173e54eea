"""A campus for tests of services: the real directory on it, and room for those that the test lets join."""

from collections.abc import Callable

from chalkbell.database import Database
from chalkbell.dispatch import ServiceDefinition
from chalkbell.settings import Section
from chalkbell.testing import FrozenClock, Member, MemoryCampus
from services.directory.settings import Settings as DirectorySettings

# argon2id at its weakest: these passwords guard nothing
CHEAP = DirectorySettings(password_memory=8, password_rounds=1)


class ServiceCampus(MemoryCampus):
    """`MemoryCampus` that finds a database for who joins, on the engine that the test runs on."""

    def __init__(self, new_database: Callable[[ServiceDefinition], Database], engine: str) -> None:
        super().__init__(FrozenClock())
        self._new_database = new_database
        self.engine = engine

    @property
    def frozen(self) -> FrozenClock:
        """The clock, to be moved: `campus.frozen.advance(timedelta(days=1))`."""
        assert isinstance(self.clock, FrozenClock)
        return self.clock

    def join(self, definition: ServiceDefinition, settings: Section | None = None) -> Member:
        """Let a service join, with a fresh database of its own."""
        return self.add(definition, self._new_database(definition), settings)
