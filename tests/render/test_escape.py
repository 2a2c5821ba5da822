"""Escaping: whatever an article says, the page shows it and does nothing else."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.render.md import escape, escape_html
from pipeline.render.page import shorten

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
NASTY = st.text(
    st.sampled_from("*_`[]()<>#+-=.!|~\\&$:1 9a\n\t\"'x") | st.characters(codec="utf-8")
)


def shown(markdown):
    """Render one paragraph and give its text, failing on any markup in it."""
    tokens = MARKDOWN.parse(markdown)
    assert [t.type for t in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    parts = []
    for token in tokens[1].children if tokens else []:
        assert token.type in {"text", "text_special"}, token
        parts.append(token.content)
    return "".join(parts)


MARKUP = ["- item", "1. item", "# heading\n===", "![x](http://a.b/pixel.png)", ": x", "\u202e"]
MARKUP += ["<script>alert(1)</script>", "a | b\n--|--", "&lt;b&gt;"]


@given(NASTY | st.sampled_from(MARKUP))
def test_escaped_text_is_shown_as_it_is(text):
    """A CommonMark renderer shows exactly the text, on one line, with no markup made of it.

    Only controls that turn the line around are left out.
    """
    control = [c for c in text if (ord(c) < 32 and not c.isspace()) or c == "\0"]
    if not control:
        assert shown(escape(text)) == " ".join(TURNING.sub("", text).split())


@given(NASTY)
def test_escaped_html_is_shown_as_it_is(text):
    """Text in HTML has no tag, no quote and no line of its own, and reads as it was."""
    safe = escape_html(text)
    assert not set(safe) & set("<>\"'\n")
    assert unescape(safe) == " ".join(text.split()) or "&" in text


CUTS = [
    ("short", 10, "short"),
    ("several words here", 12, "several…"),
    ("unbrokenlongword", 8, "unbroke…"),
    ("two\nlines", 20, "two lines"),
]


@pytest.mark.parametrize(("text", "width", "expected"), CUTS)
def test_shorten(text, width, expected):
    """Long text is cut at a space where there is one near the end."""
    assert shorten(text, width) == expected
