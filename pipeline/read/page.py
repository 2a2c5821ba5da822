"""Web pages: trafilatura tells the article from the page; the text and its places are our own."""

from __future__ import annotations

import html
import logging
import re
import unicodedata
from bisect import bisect
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from pipeline.aligned import Aligned, Edit
from pipeline.article import Article, Kind, Markup, Metadatum, Removed

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS: Final[dict[str, Kind]] = {
    "title": "heading",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "item",
    "figcaption": "caption",
    "caption": "caption",
}
_is_block = re.compile(  # names that begin a line; those nobody knows do not
    "address|article|aside|blockquote|body|button|caption|center|dd|details|dialog|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|legend|li|main|menu|nav|noscript"
    "|ol|optgroup|option|p|pre|section|select|summary|table|tbody|textarea|tfoot|thead|title|tr|ul"
).fullmatch
_GAPS = ("", " ", " | ", "\n", "\n\n")  # words, table cells, lines, blocks: the widest counts
_PIECE = 24  # letters and digits: long enough to be found in one place, short enough to be whole
_TOKEN = re.compile(
    r"""<!--(?>.*?-->|.*)
    | <(script|style|template)\b[^>]*>(?>.*?</\1\b[^>]*>|.*)
    | <(?P<end>/?)(?P<tag>[a-z][^\s<>/]*)(?:(?:[^<>"']|"[^"]*"|'[^']*')*+|[^<>]*)>
    | <[!?/][^<>]*>
    | (?P<space>[ \t\r\n\f]+)
    | (?P<text>&\#?[a-z\d]+;?|[^<&\s]+(?:[ ][^<&\s]+)*|.)""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
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
    text, marks = _tagless(article.text)
    lines = [m for m in re.finditer("[^\n]+", text.text) if m[0].strip()]
    places = [start for start, _ in marks]
    tags = [marks[bisect(places, int(text.starts[m.start()])) - 1][1] for m in lines]
    spans = [text[m.start() : m.end()].strip() for m in lines]
    where = [s.span(0, len(s.text)) for s in spans]
    names = [i for i, tag in enumerate(tags) if tag == "title"]
    body = [i for i, tag in enumerate(tags) if tag != "title"]
    kept = {body[i] for i in locate([_fold(spans[i].text) for i in body], _extract(article.text))}
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
        metadata=tuple(Metadatum("title", spans[i].text, *where[i]) for i in names),
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


def locate(lines: Sequence[str], wanted: Sequence[str]) -> set[int]:
    """Find which lines hold the wanted ones, all folded.

    What stands on the page once is found first; what stands there more often is the copy closest
    above what follows, or else the next. What is not found in one piece is looked for in pieces;
    where most is not found at all, nothing counts as found.
    """
    page = "".join(lines)
    ends = list(accumulate(map(len, lines)))
    pieces = [p for w in wanted for p in ([w] if w in page else re.findall(f".{{1,{_PIECE}}}", w))]
    spots = [page.find(p) if page.find(p) == page.rfind(p) else -1 for p in pieces]
    last = max((i for i, spot in enumerate(spots) if spot >= 0), default=-1)
    limit = len(page)
    for i in range(last, -1, -1):
        if spots[i] < 0:
            spots[i] = page.rfind(pieces[i], 0, limit)
        limit = spots[i] if spots[i] >= 0 else limit
    done = spots[last] + len(pieces[last]) if last >= 0 else 0
    for i in range(last + 1, len(pieces)):
        spots[i] = page.find(pieces[i], done)
        done = spots[i] + len(pieces[i]) if spots[i] >= 0 else done
    found = [
        (start, start + len(piece))
        for piece, spot in zip(pieces, spots, strict=True)
        if (start := spot if spot >= 0 else page.find(piece)) >= 0
    ]
    if 2 * sum(b - a for a, b in found) < sum(map(len, wanted)):
        return set()
    return {i for a, b in found for i in range(bisect(ends, a), bisect(ends, b - 1) + 1)}


def _fold(text: str) -> str:
    """Keep letters and digits alone, which no extraction changes."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


def _tagless(page: str) -> tuple[Aligned, list[tuple[int, str]]]:
    """Take the tags off a page: its text, and the tag of each block with its start."""
    edits, marks = [], [(0, "p")]
    done, gap, tag = 0, _GAPS[-1], "p"
    for token in _TOKEN.finditer(page):
        if name := (token["tag"] or "").lower():
            gap = max(gap, _gap(name, tag), key=_GAPS.index)
            tag = _inside(name, tag, closes=bool(token["end"]))
        elif token["space"] and (gap or tag != "pre"):
            gap = gap or " "
        elif token["text"] or token["space"]:
            edits.append(Edit(done, token.start(), gap))
            if gap == _GAPS[-1]:
                marks.append((token.start(), tag))
            if (after := html.unescape(token[0])) != token[0]:
                edits.append(Edit(*token.span(), after.replace("\n", " ")))
            done, gap = token.end(), ""
    return Aligned.identity(page).apply([*edits, Edit(done, len(page), "")]), marks


def _gap(name: str, tag: str) -> str:
    """Say what parts the text before a tag from the text behind it, inside a block of `tag`."""
    if name == "br":
        return " " if _KINDS.get(tag) == "heading" else "\n"
    if name in {"td", "th"}:
        return " | "
    return _GAPS[-1] if _is_block(name) else ""


def _inside(name: str, tag: str, *, closes: bool) -> str:
    """Say which tag tells the kind of what stands behind a tag, where it was `tag` before."""
    if closes:
        return "p" if name in _KINDS or name in {"pre", "ul", "ol"} else tag
    if name in _KINDS or name == "pre":
        return name
    return "p" if tag == "title" and _is_block(name) else tag  # a title that nobody closed
