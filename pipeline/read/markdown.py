"""Markdown files: marks go, each on record; words and addresses stay."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.aligned import Aligned, Edit
from pipeline.article import Article, Markup, Segment
from pipeline.clean.repairs import repair
from pipeline.read.text import front_matter, titled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.clean.repairs import Rule

_FENCE = re.compile(r"(?m)^ {0,3}(?P<mark>`{3,}|~{3,})(?P<info>[^\n`]*)\n?")
_ROW = r"(?m:^[ \t]*\|[ \t]*(?P<text>[^\n]*[^\n\s|])(?:[ \t]*\|)+[ \t\r]*$)"
_OPAQUE = r"`[^`\n]+`|https?://[^\s<>()]+|"  # code and addresses: what looks like marks is none


def claims(_text: str, suffix: str) -> int:
    """Claim files by their name: stars and brackets alone make no Markdown."""
    return 2 * (suffix in {".md", ".markdown"})


def read(article: Article) -> Article:
    """Read front matter, take the marks off, and make blocks of the lines that are left."""
    return titled(unmarked(front_matter(article)))


def unmarked(article: Article) -> Article:
    """Take the marks of Markdown off, and code blocks out, which become segments of their own.

    Headings and lists keep their marks, by which blocks are told.
    """
    text = article.body or Aligned.identity(article.text)
    blocks = [(a.end(), b.start()) for a, b in _fences(text.text)]
    code = [text[start : start + len(text.text[start:end].rstrip())] for start, end in blocks]
    text = text.apply(Edit(*block, "") for block in blocks)
    markup = [
        Markup(*text.span(*match.span()), "caption" if match["text"] is None else "paragraph")
        for match in re.finditer(rf"{_ROW}|(?m:^!\[.*$)", text.text)
    ]
    text, repairs = repair(text, article.text, _RULES, rounds=1)
    return replace(
        article,
        body=text,
        markup=(*article.markup, *markup),
        segments=tuple(
            Segment(0, "code", *part.span(0, len(part.text)), part.text, aligned=part)
            for part in code
            if part.text
        ),
        repairs=(*article.repairs, *repairs),
    )


def _fences(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Find the lines that open and close blocks of code; one that nobody closes is text."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence["mark"].startswith(opened["mark"]) and not fence["info"].strip():
            yield opened, fence
            opened = None


def _unfenced(text: str) -> Iterator[Edit]:
    return (Edit(*fence.span(), "") for pair in _fences(text) for fence in pair)


def _unmarked(pattern: str) -> Rule:
    """Make a rule that keeps of each match what group `text` holds."""

    def rule(text: str) -> Iterator[Edit]:
        for match in re.finditer(_OPAQUE + pattern, text):
            if match["text"] is not None:
                yield Edit(match.start(), match.start("text"), "")
                yield Edit(match.end("text"), match.end(), "")

    return rule


def _links(mark: str) -> Rule:
    """Make a rule that writes `[words](address)` as `words (address)`, or as one where alike."""
    address = r"(?P<address>(?:[^\s()<>]|\([^\s()]*\))+)"
    link = rf"{mark}\[(?P<text>[^\[\]\n]*)\]\(<?{address}>?(?P<end>[^()\n]*\))"

    def rule(text: str) -> Iterator[Edit]:
        for match in re.finditer("`[^`\n]+`|" + link, text):
            if match["text"] is None:
                continue
            alike = match["text"] in {match["address"], ""}
            yield Edit(match.start(), match.start("address" if alike else "text"), "")
            if not alike:
                yield Edit(match.end("text"), match.start("address"), " (")
            yield Edit(match.end("address"), match.start("end"), "")
            if alike:
                yield Edit(match.end() - 1, match.end(), "")

    return rule


_RULES: Final[dict[str, Rule]] = {
    "Markdown code fence": _unfenced,
    "Markdown rule": _unmarked(r"(?m:^(?P<text>)[-*_=|:][-*_=|: \t]{2,}\r?$)"),
    "Markdown table": _unmarked(_ROW),
    "Markdown quote": _unmarked(r"(?m:^ {0,3}(?:>[ \t]?)+(?P<text>))"),
    "Markdown image": _links("!"),
    "Markdown link": _links(""),
    "Markdown emphasis": _unmarked(
        r"(?<![*_~\\\d])(?P<mark>\*\*\*?|__(?!\w+__)|~~|(?<!\w)[*_](?=[^\n*_]*[^\s\\*_][*_](?!\w)))"
        r"(?=[^\s*_~])(?P<text>(?:(?!(?P=mark))[^\n])+)(?<=[^\s\\])(?P=mark)(?![*_~\d])"
    ),
    "Markdown escape": _unmarked(r"\\(?P<text>[!-/:-@\[-`{-~])"),
}
