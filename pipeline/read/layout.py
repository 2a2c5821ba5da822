"""From text to blocks: titles, headings, paragraphs, list items, captions and bylines."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from pipeline.aligned import Aligned
from pipeline.article import Article, Kind, Markup, Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ITEM = re.compile(r"(?:[-–—*•·▪◦‣]|\(?\d{1,3}[.)])\s+(?=\S)")
_MARKDOWN = re.compile(r"#{1,6}\s+(?=\S)")
_STOP = re.compile(r"[.!?…:;,\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]['\"»”’」』)\]]*$")
_SENTENCES = re.compile(r"[.!?…]\s+\S|[\u3002\uff01\uff1f][^」』”’)]")  # more than one
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
HEADING_WIDTH = 90  # columns, a Han character counting 2.5: about one printed line
TITLE_WIDTH = 200


def lines(text: Aligned) -> list[Aligned]:
    """Cut a text into its lines, stripped, without the empty ones."""
    ends = accumulate(map(len, text.text.splitlines(keepends=True)), initial=0)
    return [line for a, b in pairwise(ends) if (line := text[a:b].strip()).text]


def segments(lines: Sequence[Aligned], markup: Sequence[Markup] = ()) -> tuple[Segment, ...]:
    """Make each line a block of its kind, as `markup` tells or else as it looks.

    A heading is a short line without a full stop that something longer follows; the first block is
    the title where it reads like one. Markers of lists and headings stay out of `source`.
    """
    found: list[Segment] = []
    for index, line in enumerate(lines):
        after = next((n.text for n in lines[index + 1 : index + 2]), "")
        kind, marker = _kind(line.text, after, first=all(s.kind == "caption" for s in found))
        if known := _known(line, markup):
            kind, marker = known, marker if known == kind == "item" else 0
        body = line[marker:]
        start, end = body.span(0, len(body.text))
        found.append(Segment(index, kind, start, end, body.text, block=index, aligned=body))
    return tuple(found)


def numbered(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Order blocks as they stand in the input, and number them."""
    ordered = sorted(segments, key=lambda s: s.start)
    return tuple(replace(s, id=i, block=i) for i, s in enumerate(ordered))


def with_blocks(article: Article) -> Article:
    """Add the blocks of what is to be read to those that the format found itself (code)."""
    found = segments(lines(article.body or Aligned.identity(article.text)), article.markup)
    return replace(article, segments=numbered((*found, *article.segments)))


def _known(line: Aligned, markup: Sequence[Markup]) -> Kind | None:
    start, _ = line.span(0, 1)
    last = bisect(markup, start, key=lambda m: m.start) - 1
    return markup[last].kind if last >= 0 and start < markup[last].end else None


def _kind(line: str, after: str, *, first: bool) -> tuple[Kind, int]:
    """Judge a line by its shape; also give the length of its list or heading marker."""
    if match := _MARKDOWN.match(line):
        return ("title" if first else "heading"), match.end()
    if match := _ITEM.match(line):
        return "item", match.end()
    width = len(line) + 1.5 * len(_HAN.findall(line))
    if first and after and width <= TITLE_WIDTH and not _SENTENCES.search(line):
        return "title", 0
    ends = _STOP.search(line) and not line.endswith(("?", "\uff1f", "\u061f"))  # headings may ask
    reads_like_text = line[0] in "\"'«“”„「『(" or "://" in line or ends
    has_letters = any(c.isalpha() for c in line)
    if after and width <= HEADING_WIDTH and has_letters and not reads_like_text:
        return "heading", 0
    return "paragraph", 0
