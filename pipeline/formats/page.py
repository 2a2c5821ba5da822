"""Web pages: trafilatura tells the article from the page; the text and its places are our own."""

from __future__ import annotations

import html
import logging
import re
import unicodedata
from bisect import bisect
from dataclasses import replace
from html.parser import HTMLParser
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from pipeline.article import Article, Kind, Markup, Metadatum, Removed
from pipeline.text.aligned import Aligned, Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS: Final[dict[str, Kind]] = {
    "title": "heading",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "item",
    "figcaption": "caption",
    "caption": "caption",
}
_is_block = re.compile(
    "address|article|aside|blockquote|body|button|caption|center|dd|details|dialog|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|legend|li|main|menu|nav|noscript"
    "|ol|optgroup|option|p|pre|section|select|summary|table|tbody|textarea|tfoot|thead|title|tr|ul"
).fullmatch
_HIDDEN = frozenset({"script", "style", "template"})
_GAPS = ("", " ", " | ", "\n", "\n\n")  # words, table cells, lines, blocks: the widest counts
_PIECE = 24  # letters and digits: long enough to be found in one place, short enough to be whole
_MARKED = re.compile(r"<!doctype|<!--|</?[a-z][^<>]*>", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"(?is)\ufeff?(?:\s|<\?xml[^>]*>|<!--(?>.*?-->))*+<(?:!doctype\s+html|html)\b"
)


def is_page(text: str, suffix: str) -> bool:
    """Tell whether a text is an HTML document: by its start, or by the file's name and any tag."""
    named = suffix.lower() in {".html", ".htm", ".xhtml"}
    return bool(_DOCUMENT.match(text) or (named and _MARKED.search(text)))


def read_page(article: Article) -> Article:
    """Set the article that the page holds as `body`; all else of its visible text is `removed`.

    trafilatura (Barbaresi, 2021) gives text without places, so it only judges: a line of the page
    stays whole if any of it was extracted.
    """
    page = _Page(article.text)
    text = Aligned.identity(article.text).apply(page.edits)
    lines = [m for m in re.finditer("[^\n]+", text.text) if m[0].strip()]
    places = [start for start, _ in page.marks]
    tags = [page.marks[bisect(places, int(text.starts[m.start()])) - 1][1] for m in lines]
    spans = [text[m.start() : m.end()].strip() for m in lines]
    where = [s.span(0, len(s.text)) for s in spans]
    names = [i for i, tag in enumerate(tags) if tag == "title"]
    body = [i for i, tag in enumerate(tags) if tag != "title"]
    kept = {body[i] for i in _locate([_fold(spans[i].text) for i in body], _extract(article.text))}
    notes = article.notes
    if not kept:
        kept = set(body)
        notes = (*notes, "no article found in the page; all of its text is kept")
    # trafilatura drops most headlines: the one above the text, or the window's title, stands in
    above = [i for i in body if tags[i] == "h1" and i <= min(kept, default=0)]
    titles = [i for i in sorted(kept) if tags[i] == "h1"] or above[::-1] or names
    kept |= set(titles[:1])
    kinds = [_KINDS.get(tag, "paragraph") for tag in tags]
    return replace(
        article,
        body=text.apply(Edit(*m.span(), "") for i, m in enumerate(lines) if i not in kept),
        markup=tuple(
            Markup(*where[i], "title" if i in titles[:1] else kinds[i]) for i in sorted(kept)
        ),
        metadata=tuple(Metadatum("title", spans[i].text, *where[i]) for i in names[:1]),
        removed=tuple(
            Removed(start, end, article.text[start:end], "page chrome: left out by trafilatura")
            for start, end in (where[i] for i in body if i not in kept)
        ),
        notes=notes,
    )


def _extract(page: str) -> list[str]:
    """Ask trafilatura for the lines of the article, without what separates them in tables."""
    from trafilatura import extract  # noqa: PLC0415 - most of a second, for web pages alone

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it lacks becomes a note
    try:
        text = extract(page, include_comments=False) or ""
    except Exception:  # noqa: BLE001 - pages break parsers in many ways; the whole page is kept
        return []
    return [line for line in map(_fold, text.splitlines()) if line]


def _locate(lines: Sequence[str], wanted: Sequence[str]) -> set[int]:
    """Find which lines hold the wanted ones, all folded.

    What stands on the page once is found first; what stands there more often belongs between its
    neighbours, close to the one that follows, or else where it stands first. What is not found in
    one piece is looked for in pieces; where most is not found at all, nothing counts as found.
    """
    page = "".join(lines)
    ends = list(accumulate(map(len, lines)))
    pieces = [p for w in wanted for p in ([w] if w in page else re.findall(f".{{1,{_PIECE}}}", w))]
    spots = [page.find(p) if page.find(p) == page.rfind(p) else -1 for p in pieces]
    done = 0
    for i, piece in enumerate(pieces):
        if spots[i] < 0:
            following = next((s for s in spots[i + 1 :] if s >= done), -1)
            spots[i] = (
                page.find(piece, done) if following < 0 else page.rfind(piece, done, following)
            )
        if spots[i] < 0:
            spots[i] = page.find(piece)
        done = max(done, spots[i] + len(piece))
    found = [(s, s + len(p)) for s, p in zip(spots, pieces, strict=True) if s >= 0]
    if 2 * sum(b - a for a, b in found) < sum(map(len, wanted)):
        return set()
    return {i for a, b in found for i in range(bisect(ends, a), bisect(ends, b - 1) + 1)}


def _fold(text: str) -> str:
    """Keep letters and digits alone, which no extraction changes."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


class _Page(HTMLParser):
    """The edits that turn a page into its text, and the tag of each block with its start."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.edits: list[Edit] = []
        self.marks: list[tuple[int, str]] = [(0, "p")]
        self._text = text
        self._lines = [0, *(m.end() for m in re.finditer("\n", text))]
        self._done, self._gap, self._tag, self._hidden = 0, _GAPS[-1], "p", ""
        self.feed(text)
        self.close()
        self.edits.append(Edit(self._done, len(text), ""))

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            return
        if self._tag == "title":  # nobody closed it
            self.handle_endtag("title")
        if tag in _HIDDEN:
            self._hidden = tag
        elif tag == "br":
            self._widen(" " if _KINDS.get(self._tag) == "heading" else "\n")
        elif tag in {"td", "th"}:
            self._widen(" | ")
        elif _is_block(tag):
            self._widen("\n\n")
            self._tag = tag if tag in _KINDS or tag == "pre" else self._tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""
        elif _is_block(tag) and not self._hidden:
            self._widen("\n\n")
            self._tag = "p" if tag in _KINDS or tag in {"pre", "ul", "ol"} else self._tag

    def handle_data(self, data: str) -> None:
        if self._hidden or (self._gap and not data.strip()):
            return
        start = self._keep(len(data))
        if self._tag != "pre":
            runs = re.finditer("[ \t\r\n\f]+", data)
            self.edits += (
                Edit(start + m.start(), start + m.end(), " ") for m in runs if m[0] != " "
            )

    def handle_entityref(self, name: str) -> None:
        self._character(len(f"&{name}"))

    def handle_charref(self, name: str) -> None:
        self._character(len(f"&#{name}"))

    def _character(self, size: int) -> None:
        if self._hidden:
            return
        start = self._at()
        size += self._text[start + size : start + size + 1] == ";"
        self._keep(size)
        raw = self._text[start : start + size]
        if (after := html.unescape(raw)) != raw:
            self.edits.append(Edit(start, start + size, after.replace("\n", " ")))

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _keep(self, size: int) -> int:
        """Keep the text at hand, and put the gap in the place of all tags before it."""
        start = self._at()
        self.edits.append(Edit(self._done, start, self._gap))
        if self._gap == _GAPS[-1]:
            self.marks.append((start, self._tag))
        self._done, self._gap = start + size, ""
        return start

    def _widen(self, gap: str) -> None:
        self._gap = max(self._gap, gap, key=_GAPS.index)
