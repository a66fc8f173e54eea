"""Backup and restore: all services' databases as they were at one moment, in one file.

    write(databases, path)                 while the services run, or not
    restore(databases, migrations, path)   only while none runs

One moment for all: what one service has heard of another is then never ahead of what that other remembers, so after a restore every
service goes on exactly where it was. A restore begins a new history: each database gets a new epoch, and whoever followed the old one
takes a fresh snapshot. What the restored services know of each other belongs together, so their cursors move to the new epochs.
"""

from chalkbell.backup.archive import BackupProblem, Manifest, read_manifest
from chalkbell.backup.whole import Restored, restore, write

__all__ = ["BackupProblem", "Manifest", "Restored", "read_manifest", "restore", "write"]
