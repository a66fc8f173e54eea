"""What the directory answers."""

from services.directory.api.groups import add_group, change_group, change_members, list_groups, read_group, remove_group
from services.directory.api.people import (
    add_person,
    ask_names,
    change_person,
    disable_person,
    enable_person,
    list_people,
    may_read_campus,
    read_campus,
    read_person,
)

__all__ = [
    "add_group", "add_person", "ask_names", "change_group", "change_members", "change_person", "disable_person", "enable_person",
    "list_groups", "list_people", "may_read_campus", "read_campus", "read_group", "read_person", "remove_group",
]  # fmt: skip
