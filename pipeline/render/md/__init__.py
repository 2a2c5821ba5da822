"""Markdown, as CommonMark and GitHub read it: what is text stays text."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.render import Renderer

if TYPE_CHECKING:
    from collections.abc import Sequence

# Whatever GitHub-flavoured Markdown could take for markup inside a line, formulas included.
_INLINE = re.compile(r"[\\`*_\[\]~|$]")
# What opens a block at the start of a line: headings, lists, rules; quotes are escaped as HTML.
_BLOCK = re.compile(r"^(\d{1,9}(?=[.)])|)([-+=#:.)])")
# What turns the rest of a line around, our own marks and links included.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Escape a text so that a renderer shows exactly it, on one line, and turns nothing around."""
    line = _INLINE.sub(r"\\\g<0>", " ".join(_TURNING.sub("", text).split()))
    return _BLOCK.sub(r"\1\\\2", html.escape(line, quote=False))


def escape_html(text: str) -> str:
    """Escape a text for use inside an HTML block, on one line, as blank lines end such a block."""
    return html.escape(" ".join(text.split()))


def environment(folders: Sequence[Path]) -> Environment:
    """Make an environment that escapes whatever a template prints."""
    made = Environment(  # noqa: S701 - `finalize` escapes, for Markdown and HTML at once
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) else escape(str(value)),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["html"] = lambda text: Markup(escape_html(str(text)))  # noqa: S704 - escaped
    made.filters["pre"] = lambda text: Markup(html.escape(str(text)))  # noqa: S704 - keeps its lines
    made.filters["raw"] = Markup
    made.filters["url"] = lambda text: Markup(quote(str(text)))  # noqa: S704 - escaped
    return made


RENDERER = Renderer(".md", Path(__file__).parent, environment)
