"""Web pages: trafilatura tells the article from the page; the text and its places are our own."""

from __future__ import annotations

import html
import logging
import re
from bisect import bisect
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.aligned import Aligned, Edit
from pipeline.article import Article, Kind, Markup, Metadatum, Removed
from pipeline.read.layout import with_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_SCRIPT = r"<(script|style|template)\b[^>]*>(?>.*?</\1\b[^>]*>|.*)"
_TOKEN = re.compile(
    rf"""<!--(?>.*?-->|.*) | {_SCRIPT}
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
_FIRST, _LAST = 0x20000, 0x2A6DF  # rare Han characters: printable, and no parser minds them
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2999-12-31"}


def claims(text: str, suffix: str) -> int:
    """Claim HTML documents by their start, and files that are so named and hold any tag."""
    named = suffix in {".html", ".htm", ".xhtml"}
    return 3 if _DOCUMENT.match(text) else 2 * bool(named and _MARKED.search(text))


def read(article: Article) -> Article:
    """Set the article that the page holds as `body`; all else of its visible text is `removed`.

    trafilatura (Barbaresi, 2021) gives text without places, so it only judges: a line of the page
    stays whole if any of it was extracted.
    """
    text, blocks, runs = _tagless(article.text)
    lines = [m for m in re.finditer("[^\n]+", text.text) if m[0].strip()]
    spans = [text[m.start() : m.end()].strip() for m in lines]
    where = [s.span(0, len(s.text)) for s in spans]
    tags = [blocks[bisect(blocks, at, key=lambda b: b[0]) - 1][1] for at, _ in where]
    names = [i for i, tag in enumerate(tags) if tag == "title"]
    body = [i for i, tag in enumerate(tags) if tag != "title"]
    marks = [(run, bisect(where, run, key=lambda w: w[0]) - 1) for run in runs]
    kept = _extract(article.text, [(run, i) for run, i in marks if tags[i] != "title"])
    notes = article.notes
    if not kept:
        kept = set(body)
        notes = (*notes, "no article found in the page; all of its text is kept")
    # trafilatura drops most headlines: the one above the text, or the window's title, stands in
    above = [i for i in body if tags[i] == "h1" and i <= min(kept, default=0)]
    titles = [i for i in sorted(kept) if tags[i] == "h1"] or above[::-1] or names
    kept |= set(titles[:1])
    kinds = [_KINDS.get(tag, "paragraph") for tag in tags]
    said = [Metadatum("title", spans[i].text, *where[i]) for i in names]
    page = replace(
        article,
        body=text.apply(Edit(*m.span(), "") for i, m in enumerate(lines) if i not in kept),
        markup=tuple(
            Markup(*where[i], "title" if i in titles[:1] else kinds[i]) for i in sorted(kept)
        ),
        metadata=(*said, *_metadata(article.text)),
        removed=tuple(
            Removed(start, end, article.text[start:end], "page chrome: left out by trafilatura")
            for start, end in (where[i] for i in body if i not in kept)
        ),
        notes=notes,
    )
    return with_blocks(page)


def _extract(page: str, runs: Sequence[tuple[int, int]]) -> set[int]:
    """Ask trafilatura which lines are the article's: `runs` are places in it with their lines.

    A rare character at each place numbers its line, and tells it in what comes out. Scripts are
    left out, as they may hold the text a second time.
    """
    from trafilatura import extract  # noqa: PLC0415 - most of a second, for web pages alone

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it lacks becomes a note
    numbers = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
    plain = Aligned.identity(numbers.sub("々", page))  # of the same length
    marks = (Edit(place, place, chr(min(_FIRST + line, _LAST))) for place, line in runs)
    marked = re.sub(f"(?is){_SCRIPT}", "", plain.apply(marks).text)
    try:
        text = extract(marked, include_comments=False) or ""
    except Exception:  # noqa: BLE001 - pages break parsers in many ways; the whole page is kept
        return set()
    return {ord(number) - _FIRST for number in numbers.findall(text)}


def _metadata(page: str) -> Iterator[Metadatum]:
    """Give what trafilatura knows of the page, where it stands so; else its span is empty, at 0."""
    from trafilatura.metadata import extract_metadata  # noqa: PLC0415 - as above

    try:
        said = extract_metadata(page, date_config=_DATES)
    except Exception:  # noqa: BLE001 - as above; such a page says nothing
        return
    known = {"date": said.date, "author": said.author, "site": said.sitename, "url": said.url}
    for name, value in known.items():
        if value:
            start = page.find(value)
            yield Metadatum(name, value, max(start, 0), start + len(value) if start >= 0 else 0)


def _tagless(page: str) -> tuple[Aligned, list[tuple[int, str]], list[int]]:
    """Take the tags off a page: its text, the tag of each block with its start, and text runs.

    A run is a place where text begins behind a tag or a line break.
    """
    edits, blocks, runs = [], [(0, "p")], []
    done, gap, tag, fresh = 0, _GAPS[-1], "p", True
    for token in _TOKEN.finditer(page):
        if name := (token["tag"] or "").lower():
            gap, fresh = max(gap, _gap(name, tag), key=_GAPS.index), True
            tag = _inside(name, tag, closes=bool(token["end"]))
        elif token["space"] and (gap or tag != "pre"):
            gap = gap or " "
        elif token["text"] or token["space"]:
            edits.append(Edit(done, token.start(), gap))
            if gap == _GAPS[-1]:
                blocks.append((token.start(), tag))
            if (after := html.unescape(token[0])) != token[0]:
                edits.append(Edit(*token.span(), after.replace("\n", " ")))
            if fresh and after.strip():
                runs.append(token.start())
            fresh = not after.strip()
            done, gap = token.end(), ""
    return Aligned.identity(page).apply([*edits, Edit(done, len(page), "")]), blocks, runs


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
