"""General repairs of scraped text: each a small rule that finds one kind of damage.

A rule sees the whole document and gives edits of exactly the damaged characters. Applied in the
order of `REPAIRS`, the rules leave healthy text and already repaired text as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

import ftfy
from ftfy.fixes import unescape_html

from pipeline.aligned import Aligned, Edit
from pipeline.article import Repair
from pipeline.checks.spans import CODE
from pipeline.clean.readings import remove_readings
from pipeline.languages import codes, facts

Rule = Callable[[str], Iterable[Edit]]

_CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
_PICTURE = "\U0001f000-\U0001faff"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_AFFIXES = [facts(code).doubling for code in codes()]
_PREFIXES = {"", *(prefix for each in _AFFIXES for prefix in each.prefixes.split())}
_SUFFIXES = [suffix for each in _AFFIXES for suffix in each.suffixes.split()]
_BULLETS, _ORNAMENTS = "•●○▪▫◦‣⁃∙", "★☆■□◆◇▶►➤✦✧❖"
_WIDEST_WRAP, _LEAST_WRAPPED, _WRAPPED_SHARE = 120, 6, 0.8


def _replace(pattern: str, after: str | Callable[[str], str]) -> Rule:
    """Make a rule that replaces every match by `after`, or by what that makes of it."""
    compiled = re.compile(pattern)

    def rule(text: str) -> Iterator[Edit]:
        for match in compiled.finditer(text):
            new = after if isinstance(after, str) else after(match[0])
            if new != match[0]:
                yield Edit(match.start(), match.end(), new)

    return rule


def mojibake(text: str) -> Iterator[Edit]:
    """Decode again what was decoded with the wrong table (`cafÃ©`), found by ftfy line by line.

    A lone control from 80 to 9F is read as Windows-1252, as browsers do. Each changed word is an
    edit; where the number of words differs, the whole line is one.
    """
    for line in re.finditer(r"[^\n]+", text):
        if line[0].isascii() or (fixed := _decoded(line[0])) == line[0]:
            continue
        befores, afters = line[0].split(" "), fixed.split(" ")
        if len(befores) != len(afters):
            befores, afters = [line[0]], [fixed]
        start = line.start()
        for before, after in zip(befores, afters, strict=True):
            if before != after:
                yield Edit(start, start + len(before), after)
            start += len(before) + 1


def _decoded(line: str) -> str:
    """Fix a line as it is, then once more without what is either half a character or misleads."""
    fixed = ftfy.fix_encoding(line)
    apart = re.sub("[\u00a0\u00ad]", " ", fixed)
    again = ftfy.fix_encoding(apart)
    return str(fixed if again == apart else again)


def _compose(cluster: str) -> str:
    composed = unicodedata.normalize("NFC", cluster)
    return composed if len(composed) < len(cluster) else cluster


def bidi_controls(text: str) -> Iterator[Edit]:
    """Drop direction marks from lines without right-to-left letters and from the ends of lines."""
    for line in re.finditer(r"[^\n]+", text):
        belong = _RIGHT_TO_LEFT.search(line[0])
        for mark in re.finditer(f"[{_BIDI}]+", line[0]):
            if not belong or mark.start() == 0 or mark.end() == len(line[0]):
                yield Edit(line.start() + mark.start(), line.start() + mark.end(), "")


def reduplication(text: str) -> Iterator[Edit]:
    """Close the gap in a doubled word (`baru -baru`), as some translation engines leave it."""
    for match in re.finditer(r"(?<!\w)([^\W\d_]{2,})( +-|- +)(?=([^\W\d_]+))", text):
        first, second = match[1].casefold(), match[3].casefold()
        stems = {second, *(second.removesuffix(suffix) for suffix in _SUFFIXES)}
        if any(
            first.endswith(s) and first.removesuffix(s) in _PREFIXES for s in stems if len(s) > 1
        ):
            yield Edit(match.start(2), match.end(2), "-")


def emphasis(text: str) -> Iterator[Edit]:
    """Drop marks of emphasis, `_so_` and `**so**`, that came from Markdown.

    A single ASCII word between underscores may be an identifier and stays.
    """
    edge = rf"[^\s_*{_BIDI}]"
    marked = rf"(?<![\w@/.#:=*_-])(_|\*\*)(?={edge})([^_*\n]{{1,300}})(?<={edge})\1(?![\w*_])"
    for match in re.finditer(marked, text):
        if " " in match[2] or not match[2].isascii() or match[1] == "**":
            yield Edit(match.start(), match.start(2), "")
            yield Edit(match.end(2), match.end(), "")


def bullets(text: str) -> Iterator[Edit]:
    """Write list bullets at the start of a line as `- ` and drop ornaments such as ★ there.

    Marks of captions (▲) stay: they tell what the line is.
    """
    for match in re.finditer(
        rf"(?m)^[ \t]*([{_BULLETS}{_ORNAMENTS}][{_BULLETS}{_ORNAMENTS} \t{_BIDI}]*)(?=\S)", text
    ):
        is_item = not set(match[1]).isdisjoint(_BULLETS)
        yield Edit(match.start(1), match.end(), "- " if is_item else "")


def spaces(text: str) -> Iterator[Edit]:
    """Drop spaces at the ends of lines and all but one between words; indents stay."""
    for match in re.finditer(r"[ \t\u3000]+", text):
        start, end = match.span()
        if end == len(text) or text[end] == "\n":
            yield Edit(start, end, "")
        elif set(match[0]) <= {" "} and end - start > 1 and start and text[start - 1] != "\n":
            yield Edit(start, end, " ")


def wrapped_lines(text: str) -> list[Edit]:
    """Join lines that were broken at a fixed width, where the whole document was.

    A line was broken if the first word of the next one would not have fitted behind it.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if width > _WIDEST_WRAP:
        return []
    inner = broken = at = 0
    edits = []
    for line, following in pairwise(lines):
        at += len(line) + 1
        if not line.strip() or not following.strip():
            continue
        inner += 1
        is_cjk = bool(re.search(f"[{_CJK}]$", line) and re.match(f"[{_CJK}]", following))
        word = 2 if is_cjk else len(following.split(maxsplit=1)[0])
        if len(line) + word < width or re.match(r"(?:[-*•▲]|\d+[.)]) |\s", following):
            continue
        broken += 1
        edits.append(Edit(at - 1, at, "" if is_cjk or re.search(r"\w-$", line) else " "))
    return edits if broken >= max(_LEAST_WRAPPED, _WRAPPED_SHARE * inner) else []


ROUNDS: Final = 5  # at most, should two rules ever undo each other

REPAIRS: Final[dict[str, Rule]] = {
    "mojibake": mojibake,  # first: its bytes look like controls, odd spaces and soft hyphens
    "html entity": _replace("&#?[0-9A-Za-z]{1,31};", unescape_html),
    # those of other systems, and the separators of word processors
    "line end": _replace("\r\n|[\r\x0b\x0c\u2028\u2029]", "\n"),
    # with terminal colours and placeholders of objects that did not come along
    "control character": _replace("\x1b\\[[0-9;]*[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffc]", ""),
    # and the breaks of words that were made there
    "soft hyphen": _replace("\u00ad\n?", ""),
    # but for those that shape letters, part words or build an emoji
    "zero-width character": _replace(
        "[\ufeff\u2060-\u2064\u180e]"
        f"|(?<![{_UNSPACED}])\u200b|\u200b(?![{_UNSPACED}])"
        f"|(?<![{_JOINING}])\u200c"
        f"|(?<![{_JOINING}{_PICTURE}\u26f9\ufe0f])\u200d"
        f"|(?<![{_JOINING}])\u200d(?![{_PICTURE}\u2600-\u2bff])",
        "",
    ),
    "direction mark": bidi_controls,
    # of other widths or without a line break, which tokenizers do not know
    "odd space": _replace("[\u00a0\u1680\u2000-\u200a\u202f\u205f]", " "),
    # letters with their accents behind them; pointed Hebrew, only in another order, stays
    "composition": _replace(
        "[^\n][\u0300-\u036f\u0653-\u0655\u3099\u309a]+|[\u1100-\u1112][\u1161-\u11c2]+", _compose
    ),
    "inserted reading": remove_readings,
    "gap in a doubled word": reduplication,
    "emphasis mark": emphasis,
    "bullet": bullets,
    "needless space": spaces,
    "wrapped line": wrapped_lines,
}
"""The rules in the order of application, by the names that the record of changes gives them."""


def repair(
    text: Aligned, original: str, rules: Mapping[str, Rule] = REPAIRS, rounds: int = ROUNDS
) -> tuple[Aligned, list[Repair]]:
    """Apply rules in their order until nothing changes; one may lay bare what another one mends.

    Every change is recorded with its place in the original. Inline code stays as it is.
    """
    repairs: list[Repair] = []
    for _ in range(rounds):
        known = len(repairs)
        for name, rule in rules.items():
            edits = [e for e in rule(text.text) if e.start < e.end or e.after]
            code = [match.span() for match in CODE.finditer(text.text)] if edits else []
            edits = [e for e in edits if not any(a < e.start and e.end < b for a, b in code)]
            for edit in edits:
                start, end = text.span(edit.start, edit.end)
                repairs.append(Repair(start, end, original[start:end], edit.after, name))
            text = text.apply(edits)
        if len(repairs) == known:
            break
    return text, repairs
