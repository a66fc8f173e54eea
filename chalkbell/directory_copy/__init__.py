"""A service's own copy of the campus's people and groups, fed by the directory's events.

A service that wants it puts `chalkbell.directory_copy.listen` among its modules, `DIRECTORY_TABLES` into its migrations' head with
`create_tables()`, and `DirectoryCopy` into its store's bases.
"""

from chalkbell.directory_copy.store import DirectoryCopy
from chalkbell.directory_copy.tables import create_tables

__all__ = ["DirectoryCopy", "create_tables"]
