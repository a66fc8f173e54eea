"""How the documentation is built: `make docs`. A warning is an error."""

import tomllib
from pathlib import Path

_project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]

project = "Chalkbell"
author = "The Chalkbell maintainers"
copyright = "The Chalkbell maintainers, Apache-2.0"
version = release = _project["version"]

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

nitpicky = True
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "Chalkbell"
# Nothing is fetched from elsewhere when a page is read.
html_theme_options = {"navigation_with_keys": True}
