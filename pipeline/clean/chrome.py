"""Lines of a page that are not the article: share bars, notices, comment boxes, related links.

A line goes only where its words and its place agree. Words that an article may use itself ("Weibo"
alone on a line) count as chrome beside a line that cannot be anything else, or at the very end.
The words are those of all languages together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pipeline.detect.han import convert
from pipeline.languages import codes, facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class Verdict(NamedTuple):
    """Line number `line`, from 0, is chrome for `reason`; where that is not `sure`, it stays."""

    line: int
    reason: str
    sure: bool


class _Clue(NamedTuple):
    reason: str
    strong: bool  # needs no neighbour to be believed


def any_of(patterns: Iterable[str]) -> str:
    """Join regular expressions into one that matches what any of them matches."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


WORDS: Final = [facts(code).chrome for code in sorted(codes(), key=lambda code: code != "en")]
"""The words of chrome of every language; English first, which gives the reasons their order."""

_AT_THE_ENDS = {"account promotion", "copyright"}  # an article on these may speak so elsewhere
_NOTICES = {_Clue(reason, strong=True) for reason in ("copyright", "related", "tags")}
_LONGEST_CHROME = 300  # characters
_LONGEST_LINK, _MOST_LINKS = 80, 12  # characters of a related link, links in a row
_TOP, _BOTTOM = 3, 6  # lines
_LEAST_BODY = 3  # sentences before the end of an article can come

_SEPARATOR = "[ \u00a0]*[丨|｜:：/／][ \u00a0]*"
_BYLINE = re.compile(
    rf"(?:{any_of(chain.from_iterable(words.byline for words in WORDS))})"
    rf"{_SEPARATOR}[^。.!?]{{1,60}}\.?"
    r"|(?i:by) [A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: \d{1,2}:\d\d(?::\d\d)?)?",
)
_CAPTION = re.compile(
    rf"(?:{any_of(chain.from_iterable(words.caption for words in WORDS))}){_SEPARATOR}.{{1,160}}"
)
CAPTION_MARKS: Final = "▲△▼▽"
"""What opens a caption beside a picture; it says nothing once the picture is gone."""


def line_kind(line: str) -> Literal["byline", "caption"] | None:
    """Tell bylines and captions, which are translated but say nothing for a summary."""
    line = line.strip()
    if line.startswith(tuple(CAPTION_MARKS)) or _CAPTION.fullmatch(line.casefold()):
        return "caption"
    if _BYLINE.fullmatch(line) or _BYLINE.fullmatch(line.casefold()):
        return "byline"
    return None


def find_chrome(lines: Sequence[str]) -> list[Verdict]:
    """Find the chrome among the non-empty lines of an article, given in order."""
    clues = {i: clue for i, line in enumerate(lines) if (clue := _clue(line))}
    clues |= dict.fromkeys([*_links(lines, clues)], _Clue("related", strong=False))
    ends = {*range(_TOP), *range(len(lines) - _BOTTOM, len(lines))}
    groups: list[list[int]] = []  # at most one line lies between two of a group
    for i in sorted(clues):
        if groups and i - groups[-1][-1] <= 2:
            groups[-1].append(i)
        else:
            groups.append([i])
    verdicts: list[Verdict] = []
    for group in groups:
        sure = len({clues[i].reason for i in group}) > 1 or any(
            clues[i].strong and (clues[i].reason not in _AT_THE_ENDS or i in ends) for i in group
        )
        verdicts += (Verdict(i, clues[i].reason, sure) for i in group)
    return verdicts


def _clue(line: str) -> _Clue | None:
    """Judge a line by its words alone."""
    if line_kind(line) or len(line) > _LONGEST_CHROME:
        return None
    plain = unicodedata.normalize("NFKC", convert(line, "Hans")).casefold()
    if clue := _lookup(plain):
        return clue
    parts = [_lookup(part) for part in re.split(r"\s*[|·•›>»/]\s*", plain) if part.strip()]
    known = sum(part is not None for part in parts)
    if known > 1 and 2 * known > len(parts):
        return _Clue("links", strong=True)
    if len(parts) > 1 and parts[0] and parts[0].reason == "breadcrumb":
        return _Clue("breadcrumb", strong=True)
    return None


def _lookup(plain: str) -> _Clue | None:
    words = plain.strip(" \t-*•●▪·–—>»,.:;!?…。、[]【】#↓→")
    return next((clue for clue, pattern in _clues().items() if pattern.fullmatch(words)), None)


@cache
def _clues() -> dict[_Clue, re.Pattern[str]]:
    """Give the pattern of each clue, what is strong before what is weak."""
    patterns: dict[_Clue, list[str]] = {}
    for strong in (True, False):
        for words in WORDS:
            for reason, lines in (words.strong if strong else words.weak).items():
                patterns.setdefault(_Clue(reason, strong), []).extend(lines)
    return {clue: re.compile(any_of(lines)) for clue, lines in patterns.items()}


def _links(lines: Sequence[str], clues: Mapping[int, _Clue]) -> Iterator[int]:
    """Find the short lines between the notice that ends an article and the next chrome."""
    body = 0
    for i, line in enumerate(lines):
        body += i not in clues and bool(re.search(r"[。.!?…][”\"»’)]?\s*$", line))
        if body < _LEAST_BODY or clues.get(i) not in _NOTICES:
            continue
        following = range(i + 1, min(i + 1 + _MOST_LINKS, len(lines)))
        end = next((j for j in following if j in clues or not _is_link(lines[j])), None)
        if end in clues:
            yield from range(i + 1, end or 0)


def _is_link(line: str) -> bool:
    """Tell whether a line has the shape of a headline or a tag: short, and no sentence."""
    return (
        len(line) <= _LONGEST_LINK
        and not re.search(r"[。.;；:：,，]\s*$|https?://", line)
        and line_kind(line) is None
    )
