"""What the directory answers."""

from services.directory.api import access, groups, imports, people, sign_in

MODULES = [people, groups, imports, sign_in, access]

__all__ = ["MODULES"]
