"""From what a message says to its text and its HTML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import css_inline
import jinja2

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=jinja2.select_autoescape(["html"], default=False),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
# mail programs do not read style sheets; and none is ever fetched, whatever a message holds
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)


def text(page: str, said: Mapping[str, Any]) -> str:
    """The plain text."""
    return _TEMPLATES.get_template(f"{page}.txt").render(said)


def html(page: str, said: Mapping[str, Any]) -> str:
    """The HTML, its style written into its elements."""
    return _INLINER.inline(_TEMPLATES.get_template(f"{page}.html").render(said))
