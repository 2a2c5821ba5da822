"""Text inside Markdown: what is text stays text."""

from __future__ import annotations

import html
import re

# Whatever GitHub-flavoured Markdown could take for markup inside a line, formulas included.
_INLINE = re.compile(r"[\\`*_\[\]~|$]")
# What opens a block at the start of a line: headings, lists, rules; quotes are escaped as HTML.
_BLOCK = re.compile(r"^(\d{1,9}(?=[.)])|)([-+=#:.)])")


def escape(text: str) -> str:
    """Escape a text so that a CommonMark or GitHub renderer shows exactly it, on one line."""
    line = " ".join(text.split())
    line = _INLINE.sub(lambda match: "\\" + match[0], line)
    return _BLOCK.sub(r"\1\\\2", html.escape(line, quote=False))


def escape_html(text: str) -> str:
    """Escape a text for use inside an HTML block, on one line, as blank lines end such a block."""
    return html.escape(" ".join(text.split()))


def shorten(text: str, width: int) -> str:
    """Cut a text at a space so that it has at most `width` characters, the ellipsis included."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    head, space, _ = line[: width - 1].rpartition(" ")
    return (head if space and len(head) > width // 2 else line[: width - 1]) + "…"
