"""Lines of a page that are not the article: share bars, notices, comment boxes, related links.

A line goes only where its words and its place agree. Words that an article may use itself ("Weibo"
alone on a line) count as chrome beside a line that cannot be anything else, or at the very end.
The words are in `chrome.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pipeline.detect.han import convert

if TYPE_CHECKING:
    from collections.abc import Sequence


class Verdict(NamedTuple):
    """Line `index` is chrome for `reason`; where that is not `sure`, it should stay."""

    index: int  # type: ignore[assignment]  # hides a method that nobody calls on a verdict
    reason: str
    sure: bool


class _Clue(NamedTuple):
    reason: str
    strong: bool  # needs no neighbour to be believed


def _any(patterns: Sequence[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_CLUES = [
    (re.compile(_any(patterns)), _Clue(reason, strength == "strong"))
    for strength in ("strong", "weak")
    for reason, patterns in _TABLES[strength].items()
]
_AT_THE_ENDS = {"account promotion", "copyright"}  # an article on these may speak so elsewhere
_NOTICES = {_Clue(reason, strong=True) for reason in ("copyright", "related", "tags")}
_LONGEST_CHROME = 300  # characters
_LONGEST_LINK, _MOST_LINKS = 80, 12  # characters of a related link, links in a row
_TOP, _BOTTOM = 3, 6  # lines
_LEAST_BODY = 3  # sentences before the end of an article can come

_SEPARATOR = "[ \u00a0]*[丨|｜:：/／][ \u00a0]*"
_BYLINE = re.compile(
    rf"(?:{_any(_TABLES['labels']['byline'])}){_SEPARATOR}[^。.!?]{{1,60}}\.?"
    r"|(?i:by) [A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: \d{1,2}:\d\d(?::\d\d)?)?",
)
_CAPTION = re.compile(rf"(?:{_any(_TABLES['labels']['caption'])}){_SEPARATOR}.{{1,160}}")
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
    clues = [_clue(line) for line in lines]
    for i in _links(lines, clues):
        clues[i] = _Clue("related", strong=False)
    groups: list[list[tuple[int, _Clue]]] = []  # at most one line lies between two of a group
    for i, clue in enumerate(clues):
        if clue and groups and i - groups[-1][-1][0] <= 2:
            groups[-1].append((i, clue))
        elif clue:
            groups.append([(i, clue)])
    ends = {*range(_TOP), *range(len(lines) - _BOTTOM, len(lines))}
    verdicts: list[Verdict] = []
    for group in groups:
        sure = len({clue.reason for _, clue in group}) > 1 or any(
            clue.strong and (clue.reason not in _AT_THE_ENDS or i in ends) for i, clue in group
        )
        verdicts += (Verdict(i, clue.reason, sure) for i, clue in group)
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
    return next((clue for pattern, clue in _CLUES if pattern.fullmatch(words)), None)


def _links(lines: Sequence[str], clues: Sequence[_Clue | None]) -> list[int]:
    """Find the short lines between the notice that ends an article and the next chrome."""
    links: list[int] = []
    body = 0
    for i, clue in enumerate(clues):
        body += clue is None and bool(re.search(r"[。.!?…][”\"»’)]?\s*$", lines[i]))
        if body < _LEAST_BODY or clue not in _NOTICES:
            continue
        following = range(i + 1, min(i + 1 + _MOST_LINKS, len(lines)))
        end = next((j for j in following if clues[j] or not _is_link(lines[j])), None)
        if end and clues[end]:
            links += range(i + 1, end)
    return links


def _is_link(line: str) -> bool:
    """Tell whether a line has the shape of a headline or a tag: short, and no sentence."""
    return (
        len(line) <= _LONGEST_LINK
        and not re.search(r"[。.;；:：,，]\s*$|https?://", line)
        and line_kind(line) is None
    )
