"""What workload answers: one module per noun."""

from services.workload.api import activities, fill, loads, modules, packages, posts, programmes, reads, rights

MODULES = (rights, reads, packages, programmes, modules, activities, posts, fill, loads)
"""Those that hold procedures."""
