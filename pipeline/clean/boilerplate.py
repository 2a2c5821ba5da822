"""Page chrome that only a collection shows: lines at the ends of several unrelated articles.

A line is dropped only where shape and place agree too: no sentence, no number, nothing that may be
a name (an author, an agency, a place), and never right above text, whose heading it may be.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.clean.chrome import WORDS, Verdict, any_of
from pipeline.dedupe.canonical import canonical
from pipeline.dedupe.near import find_near_duplicates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.article import Segment

_TOP, _BOTTOM = 5, 10  # lines: near the start, near the end
_LEAST, _SHARE = 3, 0.005  # of the articles, whichever is more: chance repeats a line or two
_LONGEST = 90  # characters of a line that is no text; of Han 36
_NAME = 6  # words, or Han characters, that may be a name
_HAN = "\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+")
_TEXT = re.compile(
    r"\d|[.!?\u2026]\s|[\u3002\uff01\uff1f]|[.!?\u2026:;,\u061f\u3001\uff0c\uff1a\uff1b\"'”’»」』]$"
)
_CREDIT = re.compile(any_of(pattern for words in WORDS for pattern in words.credits))


def find_boilerplate(articles: Sequence[Sequence[Segment]]) -> list[list[Verdict]]:
    """Find the lines that the articles of a collection have in common at their ends.

    Counted are articles that differ in the rest, and have one: copies of an article share all their
    lines. The result is the same in whatever order the articles come, and the time linear. After
    Bar-Yossef and Rajagopalan 2002, Template detection via data mining.
    """
    forms = [[_form(segment) for segment in article] for article in articles]
    ends = [{*own[:_TOP], *own[-_BOTTOM:]} - {""} for own in forms]
    stands = Counter(form for own in ends for form in own)
    common = {form for form, count in stands.items() if count >= _LEAST}
    rests = {
        index: rest
        for index, own in enumerate(forms)
        if ends[index] & common and (rest := _rest(articles[index], own, common))
    }
    unrelated = _count_unrelated(rests, [own & common for own in ends])
    shared = {form for form, count in unrelated.items() if count >= _LEAST}
    inside = {form for own in forms for form in own[_TOP:-_BOTTOM]}
    enough = {f for f in shared - inside if unrelated[f] >= _SHARE * len(articles)}
    return [
        [
            Verdict(
                i,
                f"stands in {stands[form]} articles",
                sure=index in rests and form in enough and _droppable(article, own, i, shared),
            )
            for i, form in enumerate(own)
            if form in shared and (i < _TOP or i >= len(own) - _BOTTOM)
        ]
        for index, (article, own) in enumerate(zip(articles, forms, strict=True))
    ]


def _rest(article: Sequence[Segment], forms: Sequence[str], common: set[str]) -> str:
    """Give an article without its common lines; nothing where that is less than half of it."""
    lines = [s.source for s, form in zip(article, forms, strict=True) if form not in common]
    enough = 2 * sum(map(len, lines)) >= sum(len(s.source) for s in article)
    return "\n".join(lines) if enough else ""


def _count_unrelated(rests: dict[int, str], ends: Sequence[set[str]]) -> Counter[str]:
    """Count for each line the articles that have it at an end; near-duplicates count as one."""
    places = list(rests)
    family = {index: index for index in places}
    for found in find_near_duplicates(list(rests.values())):
        family |= {places[member.index]: places[found.keep] for member in found.members}
    return Counter(form for form, _ in {(form, family[i]) for i in places for form in ends[i]})


def _form(segment: Segment) -> str:
    """Give what a line is compared by; nothing for bylines, captions and credits."""
    form = "" if segment.kind in {"byline", "caption"} else canonical(segment.source)
    return "" if _is_label(segment.source) and _CREDIT.search(form) else form


def _is_label(line: str) -> bool:
    """Tell a line that is no sentence, nor part of one, and has no number."""
    if len(line) > _LONGEST or _TEXT.search(line):
        return False
    return len(line) + 1.5 * sum("\u3040" <= char <= "\u9fff" for char in line) <= _LONGEST


def _droppable(article: Sequence[Segment], forms: Sequence[str], i: int, shared: set[str]) -> bool:
    """Tell whether a line is neither title nor text nor name, and heads nothing that stays."""
    line, after = article[i], article[i + 1 :][:1]
    words = _TOKEN.findall(line.source)
    named = len(words) < 3 or (len(words) <= _NAME and not any(w[0].islower() for w in words))
    known = any(flag.kind == "chrome?" for flag in line.flags)  # to `clean`, by its words
    if line.kind == "title" or not _is_label(line.source) or (named and not known):
        return False
    return not after or (
        after[0].kind in {"byline", "caption"}
        or ((not forms[i + 1] or forms[i + 1] in shared) and _is_label(after[0].source))
    )
