"""Sentences: what a model is trained on, and what a reader checks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sentencex import get_sentence_boundaries  # type: ignore[attr-defined]  # no stub for it

if TYPE_CHECKING:
    from pipeline.article import Article, Segment

_WHOLE = frozenset({"title", "heading", "code"})


def split_sentences(article: Article) -> tuple[Segment, ...]:
    """Split paragraphs, list items and captions into sentences; a heading stays whole.

    The sentences of a block share its number. Each keeps its own input span.
    """
    found: list[Segment] = []
    for block in article.segments:
        language = block.language or article.language
        if language is None or block.kind in _WHOLE:
            found.append(replace(block, id=len(found)))
            continue
        kind = "sentence" if block.kind == "paragraph" else block.kind
        for start, end in _spans(block.source, language.code):
            part = block.part(start, end)
            if part.source:
                found.append(replace(part, id=len(found), kind=kind))
    return tuple(found)


def _spans(text: str, language: str) -> list[tuple[int, int]]:
    """Give the sentences of a text; a point inside a name (`Character.AI`) ends none."""
    spans: list[tuple[int, int]] = []
    for boundary in get_sentence_boundaries(language, text):
        start, end = boundary["start_index"], boundary["end_index"]
        if spans and re.match(r"[.\uff0e][A-Za-z0-9\uff10-\uff19]", text[start - 1 : start + 1]):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans
